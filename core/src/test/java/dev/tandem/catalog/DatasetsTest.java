package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {

    private static final Principal ANA = Principal.parse("user:ana,group:hr");
    private static final Principal BEN = Principal.parse("user:ben,group:ops");
    private static final Principal OTHER_ANA = Principal.parse("tenant:acme,user:ana,group:hr");

    @TempDir
    private Path folder;

    private HomeLock lock;
    private CatalogWriter writer;
    private Catalog catalog;
    private Datasets datasets;

    @BeforeEach
    void open() {
        Home home = Home.at(folder.resolve("home"));
        lock = home.lock();
        writer = CatalogWriter.open(lock, "default");
        catalog = Catalog.read(home, "default");
        datasets = catalog.datasets();
    }

    @AfterEach
    void close() {
        catalog.close();
        writer.close();
        lock.close();
    }

    @Test
    void whatIsPutIsRead() {
        DatasetVersion version = put(ANA, "intents", null, List.of(), examples("a", "b", "c"));

        assertThat(version.reference()).isEqualTo("intents@1");
        assertThat(version).returns(2, DatasetVersion::train).returns(1, DatasetVersion::test);
        assertThat(version.access()).isEqualTo(AccessSet.ownerOnly(ANA));
        assertThat(datasets.list(ANA)).containsExactly(version);
        assertThat(datasets.find(ANA, "intents")).contains(version);
        assertThat(datasets.find(ANA, "ana/intents@1")).contains(version);
        assertThat(datasets.versions(ANA, version)).containsExactly(version);
        assertThat(datasets.examples(ANA, version)).containsExactlyInAnyOrderElementsOf(examples("a", "b", "c"));
    }

    @Test
    void aVersionIsKnownByItsContentWhateverTheOrderAndTheFile() {
        List<Example> first = examples("a", "b", "c");
        var shuffled = new ArrayList<>(first);
        Collections.reverse(shuffled);
        shuffled.replaceAll(each -> new Example(each.input(), each.output(), each.family(), each.part(), 99));
        DatasetVersion one = put(ANA, "intents", null, List.of(), first);
        DatasetVersion two = put(ANA, "intents", null, List.of(), examples("a", "b"));

        assertThat(two.version()).isEqualTo(2);
        assertThat(writer.datasets().put(ANA, "intents", null, List.of(), shuffled, List.of("other.csv"), "csv", 3))
                .isEqualTo(one);
        assertThat(datasets.find(ANA, "intents")).contains(one);
        assertThat(datasets.find(ANA, "intents@2")).contains(two);
        assertThat(datasets.versions(ANA, one)).containsExactly(one, two);
        assertThat(put(ANA, "intents", null, List.of(), examples("d")).version())
                .isEqualTo(3);
        assertThat(put(ANA, "copy", null, List.of(), shuffled).hash()).isEqualTo(one.hash());
    }

    @Test
    void everythingThatAnExampleSaysCountsForTheHash() {
        Example example = new Example("a", "b", "c", Part.TRAIN, 1);
        List<Example> others = List.of(
                new Example("x", "b", "c", Part.TRAIN, 1),
                new Example("a", "x", "c", Part.TRAIN, 1),
                new Example("a", "b", "x", Part.TRAIN, 1),
                new Example("a", "b", "c", Part.TEST, 1),
                new Example("ab", "c", "", Part.TRAIN, 1));
        String hash = put(ANA, "one", null, List.of(), List.of(example)).hash();
        for (Example other : others) {
            assertThat(put(ANA, "one", null, List.of(), List.of(other)).hash()).isNotEqualTo(hash);
        }
        assertThat(put(ANA, "one", null, List.of(), List.of(example, example)).hash())
                .isNotEqualTo(hash);
    }

    @Test
    void onesOwnComesFirstAndAnothersIsNamedByItsOwner() {
        DatasetVersion bens = put(BEN, "intents", "everyone", List.of(), examples("a"));
        assertThat(datasets.find(ANA, "intents")).contains(bens);

        DatasetVersion own = put(ANA, "intents", null, List.of(), examples("b"));
        put(BEN, "aaa", "everyone", List.of(), examples("b"));

        assertThat(datasets.find(ANA, "intents")).contains(own);
        assertThat(datasets.find(ANA, "ben/intents")).contains(bens);
        assertThat(datasets.find(ANA, "ben/intents@2")).isEmpty();
        assertThat(datasets.find(BEN, "ana/intents")).isEmpty();
        assertThat(datasets.list(ANA)).extracting(DatasetVersion::name).containsExactly("intents", "aaa", "intents");
        for (String odd : List.of("", "@", "/", "@1", "intents@", "intents@x", "intents@-1", "intents@0", "a/b/c")) {
            datasets.find(ANA, odd).ifPresent(found -> assertThat(odd).isEqualTo("intents@"));
        }
    }

    @Test
    void accessChangesHoldFromTheNextReading() {
        DatasetVersion version = put(ANA, "intents", "group:ops", List.of(), examples("a"));
        assertThat(datasets.examples(BEN, version)).hasSize(1);

        writer.datasets().setAccess(ANA, "intents", AccessSet.parse("group:hr"));
        hidden(BEN, version);

        assertThat(writer.datasets()
                        .setAccess(ANA, "intents", AccessSet.parse("everyone"))
                        .access()
                        .canonical())
                .isEqualTo("everyone,user:ana");
        assertThat(datasets.find(BEN, "intents")).isPresent();
        assertThatThrownBy(() -> writer.datasets().setAccess(BEN, "intents", AccessSet.parse("everyone")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.MISSING));
    }

    @Test
    void anImportThatSaysNothingOfAccessLeavesIt() {
        put(ANA, "intents", "group:ops", List.of(), examples("a"));
        assertThat(put(ANA, "intents", null, List.of(), examples("b")).access().canonical())
                .isEqualTo("group:ops,user:ana");
        assertThat(put(ANA, "intents", "group:it", List.of(), examples("c"))
                        .access()
                        .canonical())
                .isEqualTo("group:it,user:ana");
    }

    @Test
    void aDatasetIsGivenToNoMoreThanItsSourcesAre() {
        Standing open = ready(BEN, "open.txt", "everyone");
        Standing some = ready(BEN, "some.txt", "group:hr,group:ops");
        String given = "group:ops,group:sales";

        assertThat(access(put(ANA, "a", given, List.of(open.id()), examples("a"))))
                .isEqualTo("group:ops,group:sales,user:ana");
        assertThat(access(put(ANA, "b", given, List.of(open.id(), some.id()), examples("a"))))
                .isEqualTo("group:ops,user:ana");
        assertThat(access(put(ANA, "c", "everyone", List.of(some.id()), examples("a"))))
                .isEqualTo("group:hr,group:ops,user:ana,user:ben");
        assertThat(access(put(ANA, "d", null, List.of(some.id()), examples("a"))))
                .isEqualTo("user:ana");

        // Sources are remembered: neither a later import nor a later grant goes beyond them.
        assertThat(access(put(ANA, "b", "everyone", List.of(), examples("b"))))
                .isEqualTo("group:hr,group:ops,user:ana,user:ben");
        assertThat(access(writer.datasets().setAccess(ANA, "b", AccessSet.parse("user:eve,group:hr"))))
                .isEqualTo("group:hr,user:ana");
    }

    @Test
    void aSourceMustBeThereAndReadableToWhoImports() {
        Standing secret = ready(BEN, "secret.txt", "user:ben");
        for (String id : List.of(secret.id(), "0123456789abcdef")) {
            assertThatThrownBy(() -> put(ANA, "x", null, List.of(id), examples("a")))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.MISSING))
                    .hasMessage("There is no document '" + id + "'.");
        }
        assertThat(datasets.list(ANA)).isEmpty();
        assertThat(put(ANA, "x", null, List.of(), examples("a")).version()).isEqualTo(1);
    }

    @Test
    void revokingASourceHidesTheDatasetAtOnceAndGrantingItAgainShowsIt() {
        Standing source = ready(ANA, "source.txt", "everyone");
        DatasetVersion version = put(ANA, "intents", "everyone", List.of(source.id()), examples("a"));
        for (int i = 0; i < 3; i++) {
            assertThat(datasets.examples(BEN, version)).hasSize(1);
        }

        writer.setAccess(source, AccessSet.parse("user:ana"));
        hidden(BEN, version);
        assertThat(datasets.find(ANA, "intents")).isPresent();

        writer.setAccess(source, AccessSet.parse("group:ops,user:ana"));
        assertThat(datasets.examples(BEN, version)).hasSize(1);
    }

    @Test
    void anOwnerWhoMayNotReadASourceAnyMoreLosesTheDatasetToo() {
        Standing source = ready(BEN, "source.txt", "group:hr");
        DatasetVersion version = put(ANA, "intents", null, List.of(source.id()), examples("a"));

        writer.setAccess(source, AccessSet.parse("user:ben"));

        hidden(ANA, version);
        assertThatThrownBy(() -> put(ANA, "intents", null, List.of(), examples("b")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void deletingASourceNeitherHidesADatasetNorShowsIt() {
        Standing open = ready(ANA, "open.txt", "everyone");
        Standing closed = ready(ANA, "closed.txt", "everyone");
        DatasetVersion one = put(ANA, "one", "everyone", List.of(open.id()), examples("a"));
        DatasetVersion two = put(ANA, "two", "everyone", List.of(closed.id()), examples("a"));
        writer.setAccess(closed, AccessSet.parse("user:ana"));

        writer.delete(open);
        writer.delete(closed);

        assertThat(datasets.examples(BEN, one)).hasSize(1);
        hidden(BEN, two);
    }

    @Test
    void aSourceIsFollowedToItsNewPath() {
        Standing before = ready(ANA, "before.txt", "everyone");
        DatasetVersion version = put(ANA, "intents", "everyone", List.of(before.id()), examples("a"));
        Standing after = writer.put(arrival(ANA, "after.txt", "everyone"), before);
        writer.ready(after, extraction());
        assertThat(datasets.sources(BEN, version)).containsExactly(after.id());

        writer.setAccess(after, AccessSet.parse("user:ana"));

        hidden(BEN, version);
    }

    @Test
    void anotherTenantSeesNothing() {
        DatasetVersion version = put(ANA, "intents", "everyone", List.of(), examples("a"));
        hidden(OTHER_ANA, version);
        try (Catalog other = Catalog.read(Home.at(folder.resolve("home")), "acme")) {
            assertThat(other.datasets().list(OTHER_ANA)).isEmpty();
            assertThat(other.datasets().find(OTHER_ANA, "intents")).isEmpty();
        }
    }

    @Test
    void namesAreLikeThoseOfCollections() {
        for (String name : List.of("", "A", "a b", "a@1", "a/b", "../a", "-a", "a".repeat(64))) {
            assertThatThrownBy(() -> put(ANA, name, null, List.of(), examples("a")))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
        }
    }

    @Test
    void whoReadsWhatIsAsTheRuleSaysThroughRandomChanges() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> grants = List.of("everyone", "group:hr", "group:ops", "user:ana", "user:ben", "group:hr,user:cat");
        List<Principal> people =
                List.of(ANA, BEN, Principal.parse("user:cat,group:ops"), Principal.ofUser("dan"), OTHER_ANA);
        List<Standing> documents = new ArrayList<>();
        Map<String, AccessSet> ofDocument = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            documents.add(ready(Principal.ofUser("root"), i + ".txt", "everyone"));
            ofDocument.put(documents.get(i).id(), documents.get(i).access());
        }
        Map<String, List<String>> sources = new TreeMap<>();
        for (int i = 0; i < 6; i++) {
            List<String> from = documents.stream()
                    .filter(_ -> random.nextInt(3) == 0)
                    .map(Standing::id)
                    .toList();
            put(people.get(random.nextInt(3)), "d" + i, pick(random, grants), from, examples("text " + i));
            sources.put("d" + i, from);
        }
        for (int probe = 0; probe < 2000; probe++) {
            if (probe % 10 == 0) {
                Standing document = documents.get(random.nextInt(documents.size()));
                AccessSet access = AccessSet.parse(pick(random, grants));
                writer.setAccess(document, access);
                ofDocument.put(document.id(), access);
            }
            Principal asker = people.get(random.nextInt(people.size()));
            String name = "d" + random.nextInt(6);
            Optional<DatasetVersion> found = datasets.find(asker, name);
            DatasetVersion known = datasets(name);
            boolean allowed = asker.tenant().equals("default")
                    && known.access().allows(asker)
                    && sources.getOrDefault(name, List.of()).stream()
                            .allMatch(id -> ofDocument.get(id) != null
                                    && ofDocument
                                            .getOrDefault(id, known.access())
                                            .allows(asker));
            String replay = "probe " + probe + ", replay with -Dtandem.seed=" + seed;
            assertThat(found.isPresent()).as(replay).isEqualTo(allowed);
            assertThat(datasets.list(asker).contains(known)).as(replay).isEqualTo(allowed);
            assertThat(datasets.examples(asker, known).isEmpty()).as(replay).isEqualTo(!allowed);
            assertThat(datasets.versions(asker, known).isEmpty()).as(replay).isEqualTo(!allowed);
        }
    }

    /** As it stands, whoever may read it. */
    private DatasetVersion datasets(String name) {
        return List.of("ana", "ben", "cat").stream()
                .flatMap(user -> {
                    try (Sql sql = Schema.read(Home.at(folder.resolve("home")).catalog("default"))) {
                        return sql
                                .first(
                                        DatasetRows.VERSION + " WHERE s.owner = ? AND s.name = ?",
                                        DatasetRows::version,
                                        user,
                                        name)
                                .stream();
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    private static String pick(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void hidden(Principal asker, DatasetVersion version) {
        assertThat(datasets.list(asker)).extracting(DatasetVersion::key).doesNotContain(version.key());
        assertThat(datasets.find(asker, version.name())).isEmpty();
        assertThat(datasets.find(asker, version.owner() + "/" + version.reference()))
                .isEmpty();
        assertThat(datasets.versions(asker, version)).isEmpty();
        assertThat(datasets.examples(asker, version)).isEmpty();
        assertThat(datasets.sources(asker, version)).isEmpty();
    }

    private static String access(DatasetVersion version) {
        return version.access().canonical();
    }

    private DatasetVersion put(
            Principal owner, String name, @Nullable String access, List<String> sources, List<Example> examples) {
        return writer.datasets()
                .put(
                        owner,
                        name,
                        access == null ? null : AccessSet.parse(access),
                        sources,
                        examples,
                        List.of("a.jsonl"),
                        "jsonl",
                        0);
    }

    /** The last one is there to measure on. */
    private static List<Example> examples(String... inputs) {
        var examples = new ArrayList<Example>();
        for (String input : inputs) {
            Part part = examples.size() == 2 ? Part.TEST : Part.TRAIN;
            examples.add(new Example(input, "label of " + input, "", part, examples.size() + 1));
        }
        return examples;
    }

    private Standing ready(Principal owner, String path, String access) {
        writer.ready(writer.put(arrival(owner, path, access), null), extraction());
        return writer.standing("docs", owner.user(), path).orElseThrow();
    }

    private static Arrival arrival(Principal owner, String path, String access) {
        return new Arrival(
                "docs",
                owner,
                path,
                path,
                "file",
                AccessSet.parse(access),
                new TreeMap<>(),
                Sha256.hex(path),
                path.length(),
                Instant.EPOCH);
    }

    private static Extraction extraction() {
        return new Extraction("title", "text", new TreeMap<>(), null, List.of(), List.of());
    }
}
