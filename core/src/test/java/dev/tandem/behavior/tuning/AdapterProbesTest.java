package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.assistant.MemoryFolder;
import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random principals ask for random adapters while access is given and taken; what they get is held against a plain model.
 * Every adapter is marked by a word that stands in its dataset's name, its labels and texts, the reason of its failure and,
 * mostly, its name, so that any trace of a hidden one can be found.
 */
class AdapterProbesTest {

    private static final long SEED = Long.getLong("tandem.seed", System.nanoTime());
    private static final int PROBES = Integer.getInteger("tandem.probes", 3_000);
    private static final int WORLDS = 3;
    private static final List<String> USERS = List.of("ana", "ben", "cat", "dan");
    private static final List<String> GRANTS = List.of(
            "everyone", "group:g0", "group:g1", "group:g0,group:g2", "user:ana", "user:cat,group:g1", "user:nobody");

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    @Test
    void whatIsSeenIsWhatTheModelSays() {
        System.out.println("AdapterProbesTest: replay with -Dtandem.seed=" + SEED);
        var saw = new TreeMap<String, Integer>();
        for (int world = 0; world < WORLDS; world++) {
            try (var house = new AdapterHouse(folder.resolve("home-" + world))) {
                var probes = new Probes(house, new SplittableRandom(SEED + world), house.registry::list, saw);
                for (int i = 0; i < PROBES / WORLDS; i++) {
                    probes.probe(i);
                }
                assertThat(probes.leaks).isEmpty();
            }
        }
        // Neither side of the rule was tested on nothing.
        for (String what : List.of("classify", "find", "list", "mayUse", "named", "open", "read")) {
            assertThat(saw.getOrDefault(what + " shown", 0)).as(what + " shown").isGreaterThan(PROBES / 100);
            assertThat(saw.getOrDefault(what + " hidden", 0))
                    .as(what + " hidden")
                    .isGreaterThan(PROBES / 100);
        }
        assertThat(saw.getOrDefault("move denied", 0)).isGreaterThan(PROBES / 100);
        assertThat(saw.getOrDefault("revoked", 0)).isGreaterThan(PROBES / 20);
    }

    @Test
    void probesCatchAListWithoutTheFilter() {
        try (var house = new AdapterHouse(folder.resolve("home"))) {
            var probes = new Probes(
                    house,
                    new SplittableRandom(SEED),
                    _ -> house.registry.list(Principal.parse("user:ana,group:g0,group:g1,group:g2")),
                    new TreeMap<>());
            for (int i = 0; i < 300; i++) {
                probes.probe(i);
            }
            assertThat(probes.leaks).anyMatch(leak -> leak.contains("list"));
        }
    }

    /** An adapter, or a training that failed, and on what its access rests. */
    private record Known(AdapterEntry entry, String marker, Principal owner, List<String> sources) {}

    private record OpenClassifier(Known known, Classifier classifier) {}

    private static final class Probes {
        final List<String> leaks = new ArrayList<>();

        private final AdapterHouse house;
        private final Registry registry;
        private final SplittableRandom random;
        private final Function<Principal, List<AdapterEntry>> listing;
        private final Map<String, Integer> saw;
        private final Map<String, AccessSet> ofDocument = new HashMap<>();
        private final Map<String, Principal> documentOwners = new TreeMap<>();
        private final Map<String, AccessSet> ofDataset = new HashMap<>();
        private final List<Known> known = new ArrayList<>();
        /** {@code owner/name@alias} to the adapter's key. */
        private final Map<String, Long> aliases = new HashMap<>();

        private final List<OpenClassifier> open = new ArrayList<>();

        Probes(
                AdapterHouse house,
                SplittableRandom random,
                Function<Principal, List<AdapterEntry>> listing,
                Map<String, Integer> saw) {
            this.house = house;
            this.registry = house.registry;
            this.random = random;
            this.listing = listing;
            this.saw = saw;
            for (int i = 0; i < 5; i++) {
                Principal owner = Principal.ofUser(pick(USERS));
                String id = house.document(owner, "document-" + i, "everyone");
                ofDocument.put(id, AccessSet.parse("everyone").withOwner(owner));
                documentOwners.put(id, owner);
            }
            for (int i = 0; i < 12; i++) {
                add("zq" + (char) ('a' + i) + "x");
            }
            for (int i = 0; i < 5; i++) {
                change();
            }
        }

        private void add(String marker) {
            Principal owner = Principal.ofUser(pick(USERS));
            List<String> sources = documentOwners.keySet().stream()
                    .filter(_ -> random.nextInt(4) == 0)
                    .toList();
            // Some share a name with others of their owner, and with those of other owners.
            String name = random.nextInt(3) == 0 ? "queues" : marker + "name";
            boolean fails = random.nextInt(5) == 0;
            List<Example> examples = fails
                    ? List.of(
                            new Example(marker + "text", marker + "label", "", Part.TRAIN, 1),
                            new Example(marker + "other", marker + "LABEL", "", Part.TRAIN, 2))
                    : AdapterHouse.examples(marker);
            DatasetVersion data = house.dataset(owner, marker + "data", pick(GRANTS), sources, examples);
            ofDataset.put(marker, data.access());
            AdapterEntry entry;
            if (fails) {
                assertThatThrownBy(() -> house.train(owner, name, data)).isInstanceOf(Failure.class);
                entry = registry.named(owner, owner.user() + "/" + name).getFirst();
            } else {
                entry = house.train(owner, name, data);
                aliases.put(owner.user() + "/" + name + "@" + Registry.CANDIDATE, entry.key());
            }
            known.add(new Known(entry, marker, owner, sources));
            if (!fails && random.nextBoolean()) {
                promote(known.getLast());
            }
        }

        private void promote(Known which) {
            AdapterEntry entry = which.entry();
            registry.promote(
                    which.owner(),
                    which.owner().user() + "/" + entry.name() + "@" + entry.hash(),
                    Registry.PRODUCTION,
                    house.embedder.encoder());
            aliases.put(which.owner().user() + "/" + entry.name() + "@" + Registry.PRODUCTION, entry.key());
        }

        /** Access to a document or a dataset is given or taken. */
        private void change() {
            count("revoked");
            if (random.nextBoolean()) {
                String id = pick(List.copyOf(documentOwners.keySet()));
                ofDocument.put(id, house.setDocumentAccess(id, owner(id), pick(GRANTS)));
            } else {
                Known which = pick(known);
                DatasetVersion now = house.setDatasetAccess(which.owner(), which.marker() + "data", pick(GRANTS));
                ofDataset.put(which.marker(), now.access());
            }
        }

        private Principal owner(String document) {
            return Optional.ofNullable(documentOwners.get(document)).orElseThrow();
        }

        private boolean mayUse(Principal asker, Known which) {
            return asker.tenant().equals(Principal.DEFAULT_TENANT)
                    && Optional.ofNullable(ofDataset.get(which.marker()))
                            .orElseThrow()
                            .allows(asker)
                    && which.sources().stream()
                            .allMatch(id -> Optional.ofNullable(ofDocument.get(id))
                                    .orElseThrow()
                                    .allows(asker));
        }

        private Principal somebody() {
            var text = new StringBuilder(random.nextInt(15) == 0 ? "tenant:acme," : "").append("user:" + pick(USERS));
            for (int group = 0; group < 3; group++) {
                text.append(random.nextInt(3) == 0 ? ",group:g" + group : "");
            }
            return Principal.parse(text.toString());
        }

        void probe(int number) {
            if (number % 10 == 0) {
                change();
            }
            if (number % 50 == 25) {
                Known which = pick(known);
                if (!which.entry().failed() && mayUse(which.owner(), which)) {
                    promote(which);
                }
            }
            Principal asker = somebody();
            Known wanted = pick(known);
            String what = "probe " + number + " of " + asker + ", seed " + SEED + ": ";
            switch (random.nextInt(8)) {
                case 0 -> list(asker, what + "list");
                case 1 -> named(asker, wanted, what + "named");
                case 2 -> find(asker, wanted, what + "find");
                case 3 -> open(asker, wanted, what + "open");
                case 4, 5 -> classify(asker, what + "classify");
                case 6 -> move(asker, wanted, what + "move");
                default -> mayUse(asker, wanted, what + "mayUse");
            }
        }

        private void list(Principal asker, String what) {
            List<AdapterEntry> shown = listing.apply(asker);
            List<Long> expected = known.stream()
                    .filter(each -> mayUse(asker, each))
                    .sorted(Comparator.comparing(
                                    (Known each) -> !each.owner().user().equals(asker.user()))
                            .thenComparing(each -> each.entry().name())
                            .thenComparing(each -> each.owner().user())
                            .thenComparingLong(each -> -each.entry().key()))
                    .map(each -> each.entry().key())
                    .toList();
            same(what, keys(shown), expected);
            clean(asker, what, shown.toString(), "");
            // A list without a filter is caught as soon as it has to leave one of them out.
            if (expected.size() < known.size()) {
                count("list hidden");
            }
            if (!expected.isEmpty()) {
                count("list shown");
            }
        }

        private void named(Principal asker, Known wanted, String what) {
            String reference = reference(wanted, "");
            List<Known> expected = meant(asker, reference);
            String said = said(() -> {
                List<AdapterEntry> shown = registry.named(asker, reference);
                same(
                        what,
                        keys(shown),
                        expected.stream().map(each -> each.entry().key()).toList());
                return shown;
            });
            clean(asker, what, said, reference);
            if (expected.isEmpty()) {
                missing(what, said, reference, none -> registry.named(asker, none));
            }
            count("named " + (expected.isEmpty() ? "hidden" : "shown"));
        }

        private void find(Principal asker, Known wanted, String what) {
            String reference = reference(wanted, state(wanted));
            Optional<Known> expected = found(asker, reference);
            String said = said(() -> {
                AdapterEntry shown = registry.find(asker, reference);
                same(
                        what,
                        List.of(shown.key()),
                        expected.map(each -> each.entry().key()).stream().toList());
                return shown;
            });
            clean(asker, what, said, reference);
            if (expected.isEmpty()) {
                missing(what, said, reference, none -> registry.find(asker, none));
            }
            count("find " + (expected.isEmpty() ? "hidden" : "shown"));
        }

        private void open(Principal asker, Known wanted, String what) {
            // By its row, as one who held it before would.
            boolean allowed = !wanted.entry().failed() && mayUse(asker, wanted);
            String said = said(() -> registry.open(asker, wanted.entry(), house.embedder.encoder())
                    .keySet());
            same(
                    what,
                    said,
                    allowed
                            ? "[adapter.json, head.safetensors]"
                            : said(() -> {
                                throw missing(wanted.entry().reference());
                            }));
            count("read " + (allowed ? "shown" : "hidden"));
            String reference = reference(wanted, state(wanted));
            Optional<Known> expected = found(asker, reference);
            said = said(() -> {
                Classifier classifier = Classifier.open(registry, asker, reference, house.embedder);
                expected.ifPresent(known -> open.add(new OpenClassifier(known, classifier)));
                return classifier.labels() + classifier.adapter().reference();
            });
            clean(asker, what, said, reference);
            if (expected.isEmpty()) {
                missing(what, said, reference, none -> Classifier.open(registry, asker, none, house.embedder));
            }
            count("open " + (expected.isEmpty() ? "hidden" : "shown"));
        }

        private void classify(Principal asker, String what) {
            if (open.isEmpty()) {
                return;
            }
            OpenClassifier which = pick(open);
            String marker = which.known().marker();
            boolean allowed = mayUse(asker, which.known());
            String said = said(() -> which.classifier()
                    .classify(asker, List.of(marker + "text about the bill"))
                    .getFirst()
                    .label());
            same(
                    what,
                    said,
                    allowed
                            ? marker + "label-bill"
                            : "MISSING There is no adapter '"
                                    + which.known().entry().reference()
                                    + "'. See what is there with tandem adapters list.");
            count("classify " + (allowed ? "shown" : "hidden"));
        }

        /** Those who own it move it elsewhere; whoever else tries changes nothing. */
        private void move(Principal asker, Known wanted, String what) {
            String reference = reference(wanted, state(wanted));
            String plain = reference.replaceAll("@.*", "");
            boolean rollback = random.nextBoolean();
            Optional<Known> expected =
                    rollback ? meant(asker, plain).stream().findFirst() : found(asker, withCandidate(reference));
            if (expected.isPresent() && expected.get().owner().user().equals(asker.user())) {
                return;
            }
            Function<String, AdapterEntry> move = rollback
                    ? name -> registry.rollback(asker, name.replaceAll("@.*", ""), Registry.PRODUCTION)
                    : random.nextBoolean()
                            ? name -> registry.promote(asker, withCandidate(name), "stolen", house.embedder.encoder())
                            : name -> registry.remove(asker, withCandidate(name), false);
            String said = said(() -> move.apply(reference));
            clean(asker, what, said, withCandidate(reference));
            if (expected.isEmpty()) {
                missing(what, said, withCandidate(reference), move);
                count("move hidden");
            } else {
                same(what, said.replaceAll(" .*", ""), "DENIED");
                count("move denied");
            }
        }

        private void mayUse(Principal asker, Known wanted, String what) {
            same(what, registry.mayUse(asker, wanted.entry()), mayUse(asker, wanted));
            count("mayUse " + (mayUse(asker, wanted) ? "shown" : "hidden"));
        }

        private static String withCandidate(String reference) {
            return reference.contains("@") ? reference : reference + "@" + Registry.CANDIDATE;
        }

        private String reference(Known wanted, String state) {
            return (random.nextBoolean() ? "" : wanted.owner().user() + "/")
                    + (random.nextInt(10) == 0 ? pick(known) : wanted).entry().name()
                    + state;
        }

        private String state(Known wanted) {
            String hash = wanted.entry().hash();
            return switch (random.nextInt(5)) {
                case 0 -> "@" + Registry.PRODUCTION;
                case 1 -> "@" + Registry.CANDIDATE;
                case 2 -> hash == null ? "@abcd" : "@" + hash.substring(0, 4 + random.nextInt(60));
                default -> "";
            };
        }

        /** All of that name, of the first owner of whom the asker may use one, newest first. */
        private List<Known> meant(Principal asker, String reference) {
            String owner = reference.contains("/") ? reference.substring(0, reference.indexOf('/')) : "";
            String name = reference.substring(reference.indexOf('/') + 1).replaceAll("@.*", "");
            Predicate<Known> usable = each -> each.entry().name().equals(name)
                    && (owner.isEmpty() || each.owner().user().equals(owner))
                    && mayUse(asker, each);
            var owners = new TreeSet<String>();
            known.stream()
                    .filter(usable)
                    .forEach(each -> owners.add(each.owner().user()));
            String first = owners.contains(asker.user()) ? asker.user() : owners.isEmpty() ? "" : owners.first();
            return known.stream()
                    .filter(usable.and(each -> each.owner().user().equals(first)))
                    .sorted(Comparator.comparingLong(
                            (Known each) -> -each.entry().key()))
                    .toList();
        }

        private Optional<Known> found(Principal asker, String reference) {
            List<Known> all = meant(asker, reference).stream()
                    .filter(each -> !each.entry().failed())
                    .toList();
            if (!reference.contains("@")) {
                return at(all, Registry.PRODUCTION).or(() -> at(all, Registry.CANDIDATE));
            }
            String state = reference.substring(reference.indexOf('@') + 1);
            return at(all, state)
                    .or(() -> all.stream()
                            .filter(each -> String.valueOf(each.entry().hash()).startsWith(state))
                            .findFirst());
        }

        private Optional<Known> at(List<Known> all, String alias) {
            return all.stream()
                    .filter(each -> Long.valueOf(each.entry().key())
                            .equals(aliases.get(
                                    each.owner().user() + "/" + each.entry().name() + "@" + alias)))
                    .findFirst();
        }

        /** What is hidden is told of as what is not there is: word for word. */
        private void missing(String what, String said, String reference, Function<String, ?> use) {
            String nowhere = reference.replaceFirst("(.*/)?[^@]*(@.*)?", "nowhere$2");
            String none = said(() -> use.apply(nowhere));
            same(
                    what,
                    said.replace(reference, "REFERENCE").replace(plain(reference), "REFERENCE"),
                    none.replace(nowhere, "REFERENCE").replace(plain(nowhere), "REFERENCE"));
        }

        private static String plain(String reference) {
            return reference.replaceAll("@.*", "");
        }

        private static Failure missing(String reference) {
            return new Failure(
                    Failure.Kind.MISSING,
                    "There is no adapter '" + reference + "'.",
                    "See what is there with tandem adapters list, or train one: tandem train classifier --data NAME.");
        }

        /** Nothing of what the asker may not use, but for the reference that they gave. */
        private void clean(Principal asker, String what, String said, String reference) {
            String text = reference.isEmpty()
                    ? said
                    : said.replace("'" + reference + "'", "").replace("'" + plain(reference) + "'", "");
            for (Known each : known) {
                String hash = each.entry().hash();
                if (!mayUse(asker, each)
                        && (text.contains(each.marker()) || (hash != null && text.contains(hash.substring(0, 12))))) {
                    leaks.add(what + " shows " + each.marker() + ": " + text);
                }
            }
        }

        private void same(String what, Object shown, Object expected) {
            if (!shown.equals(expected)) {
                leaks.add(what + " showed " + shown + " and not " + expected);
            }
        }

        private static List<Long> keys(List<AdapterEntry> entries) {
            return entries.stream().map(AdapterEntry::key).toList();
        }

        private void count(String what) {
            saw.merge(what, 1, Integer::sum);
        }

        private <T> T pick(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        /** What comes back, or what a person is told instead. */
        private static String said(Supplier<?> sight) {
            try {
                return String.valueOf(sight.get());
            } catch (Failure e) {
                return e.kind() + " " + e.getMessage() + " " + e.nextStep();
            }
        }
    }
}
