package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Answers;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Conversations;
import dev.tandem.domain.Authority;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.TextSource;
import dev.tandem.knowledge.retrieve.Retriever;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random conversations while access changes: whatever is shown of one, sent to a language model for one, given from the
 * cache or said in an error holds nothing of what the asker may not read then, and nothing of anybody else's conversation.
 */
class ChatProbesTest {

    private static final List<String> TENANTS = List.of("acme", "globex");
    private static final long SEED = Long.getLong("tandem.seed", 20_261_125L);

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    /** A conversation as the test knows it: whose, where, and every word that its owner typed. */
    private record Held(String id, Principal owner, String collection, StringBuilder typed) {}

    private static final class Probes {
        final ProbedWorld world;
        final UnaryOperator<Authority> authorities;
        final List<Held> held = new ArrayList<>();
        /** Of the newest conversation: asked again at times, so that the cache has something to give. */
        String firstQuestion = "";

        boolean firstWritten;
        final List<String> leaks = new ArrayList<>();
        final Map<String, Integer> seen = new TreeMap<>();
        final Map<String, Catalog> catalogs = new HashMap<>();
        final Room.Model model = Room.Model.citing(prompt -> {
            // the worst that a model can do: say all it was sent
            String user = prompt.user();
            return user.substring(0, Math.min(400, user.length()));
        });

        Probes(ProbedWorld world, UnaryOperator<Authority> authorities) {
            this.world = world;
            this.authorities = authorities;
            TENANTS.forEach(tenant -> catalogs.put(tenant, world.catalog(tenant)));
        }

        List<String> run(long seed, int probes) {
            var random = new SplittableRandom(seed);
            for (int i = 0; i < probes; i++) {
                if (i % 12 == 11) {
                    ProbedWorld.Secret changed = world.secrets.get(random.nextInt(world.secrets.size()));
                    world.setAccess(changed, ProbedWorld.readers(random));
                }
                switch (random.nextInt(5)) {
                    case 0, 1, 2 -> say(random);
                    case 3 -> look(random);
                    default -> stranger(random);
                }
            }
            return leaks;
        }

        private Chat.Table table(Principal asker, boolean written) {
            Catalog catalog = Objects.requireNonNull(catalogs.get(asker.tenant()));
            var searcher = Retriever.fused(world.indexes(), world.embedder, catalog);
            TextSource texts = authorities.apply(catalog) == catalog
                    ? catalog
                    : (who, id, version) -> insiders(who)
                            .flatMap(insider -> catalog.text(insider, id, version).stream())
                            .findFirst();
            var settings = AssistantSettings.DEFAULT.withAbstainBelow(.02).withPassages(3);
            Assistant assistant = written
                    ? Assistant.writing(searcher, texts, world.embedder, model, settings)
                    : Assistant.reading(searcher, texts, world.embedder, settings);
            var remembering = new Remembering(
                    assistant,
                    Answers.of(world.home, asker.tenant()),
                    (who, where) -> catalog.moment() + "."
                            + world.indexes()
                                    .of(who, where)
                                    .map(index -> index.sequence())
                                    .orElse(-1L),
                    "");
            return new Chat.Table(
                    assistant,
                    remembering,
                    authorities.apply(catalog),
                    Conversations.of(world.home, asker),
                    written ? StandAlone.by(model, world.embedder::countTokens) : StandAlone.byRules(),
                    Room.TIME,
                    asker);
        }

        /** The same user as ever, with other groups at times. */
        private Principal again(Principal owner, SplittableRandom random) {
            Principal other = world.somebody(random, TENANTS);
            return random.nextInt(3) > 0 ? owner : new Principal(owner.tenant(), owner.user(), other.groups());
        }

        private void say(SplittableRandom random) {
            boolean fresh = held.isEmpty() || random.nextInt(3) == 0;
            boolean written = random.nextInt(3) > 0;
            boolean repeated = fresh && !firstQuestion.isEmpty() && random.nextBoolean();
            Held talk = repeated
                    ? new Held("", held.getLast().owner(), held.getLast().collection(), new StringBuilder())
                    : fresh ? begin(random) : held.get(random.nextInt(held.size()));
            Principal asker = repeated || fresh ? talk.owner() : again(talk.owner(), random);
            String question = switch (random.nextInt(4)) {
                case 0 -> "And the details of it?";
                case 1 -> "Why is that?";
                default -> world.question(random);
            };
            question = repeated ? firstQuestion : question;
            talk.typed().append(' ').append(question);
            model.prompts.clear();
            try {
                Chat.Table table = table(asker, repeated ? firstWritten : written);
                Chat chat = held.contains(talk) ? table.resume(talk.id()) : table.begin(talk.collection());
                Chat.Said said = chat.say(question, Filter.everything(), _ -> {});
                if (!held.contains(talk)) {
                    talk = new Held(chat.id(), talk.owner(), talk.collection(), talk.typed());
                    held.add(talk);
                    firstQuestion = question;
                    firstWritten = written;
                }
                check("said", talk, asker, said.asked() + said.reply());
                count(
                        said.reply().cached() ? "cached" : "answered",
                        said.reply().toString());
            } catch (Failure e) {
                check("failed", talk, asker, e.getMessage() + e.nextStep());
                count("failed", "zq");
            }
            check("sent", talk, asker, model.sent());
            count(model.sent().contains("<turn>") ? "sent turns" : "sent", model.sent());
        }

        private Held begin(SplittableRandom random) {
            String collection = ProbedWorld.COLLECTIONS.get(random.nextInt(ProbedWorld.COLLECTIONS.size()));
            return new Held("", world.somebody(random, TENANTS), collection, new StringBuilder());
        }

        private void look(SplittableRandom random) {
            if (held.isEmpty()) {
                return;
            }
            Held talk = held.get(random.nextInt(held.size()));
            Principal asker = again(talk.owner(), random);
            List<Chat.Seen> turns = table(asker, false).resume(talk.id()).turns();
            check("turns", talk, asker, turns.toString());
            turns.forEach(turn -> count(turn instanceof Chat.Seen.Withheld ? "withheld" : "shown", "zq"));
        }

        /** Whoever it does not belong to meets it as one that is not there. */
        private void stranger(SplittableRandom random) {
            Principal asker = world.somebody(random, TENANTS);
            Conversations own = Conversations.of(world.home, asker);
            Set<String> listed =
                    own.all().stream().map(Conversations.Conversation::id).collect(Collectors.toSet());
            var mine = new HashSet<String>();
            held.forEach(each -> {
                if (each.owner().tenant().equals(asker.tenant())
                        && each.owner().user().equals(asker.user())) {
                    mine.add(each.id());
                }
            });
            if (!listed.equals(mine)) {
                leaks.add("list of " + asker.fingerprint() + " shows " + listed + " instead of " + mine);
            }
            for (int i = 0; i < Math.min(4, held.size()); i++) {
                Held each = held.get(random.nextInt(held.size()));
                if (!mine.contains(each.id())) {
                    String shown = own.turns(each.id()) + told(own, each.id()).replace(each.id(), "000000000000");
                    if (!shown.equals("[]" + told(own, "000000000000"))) {
                        leaks.add("a conversation of somebody else's is there for " + asker.fingerprint());
                    }
                    count("strangers", "zq");
                }
            }
        }

        private String told(Conversations own, String id) {
            try {
                return own.find(id).toString();
            } catch (Failure e) {
                return e.getMessage() + e.nextStep();
            }
        }

        private void count(String kind, String shown) {
            seen.merge(kind, shown.contains("zq") ? 1 : 0, Integer::sum);
        }

        /** Nothing hidden stands in it but what its owner typed, and then not with what stands around it in a document. */
        private void check(String what, Held talk, Principal asker, String shown) {
            for (ProbedWorld.Secret secret : world.secrets) {
                if (secret.visibleTo(asker)) {
                    continue;
                }
                boolean typed = talk.typed().indexOf(secret.marker) >= 0;
                if (shown.contains("Ask " + secret.marker + " about")
                        || shown.contains("More on " + secret.marker)
                        || shown.contains(secret.path.toString())
                        || shown.contains(secret.id)
                        || (!typed && shown.contains(secret.marker))) {
                    leaks.add(what + " to " + asker.fingerprint() + " shows " + secret.marker);
                }
            }
        }
    }

    @Test
    void conversationsCacheAndErrorsLeakNothing() {
        System.out.println("ChatProbesTest: replay with -Dtandem.seed=" + SEED);
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 20, "acme", "globex")) {
            var probes = new Probes(world, authority -> authority);
            assertThat(probes.run(SEED, Integer.getInteger("tandem.chat-probes", 400)))
                    .isEmpty();
            System.out.println("ChatProbesTest: " + probes.seen);
            assertThat(probes.seen.keySet())
                    .contains("answered", "cached", "sent", "sent turns", "shown", "withheld", "strangers", "failed");
            assertThat(probes.seen)
                    .allSatisfy((kind, times) -> assertThat(times)
                            .as("how often %s showed something", kind)
                            .isGreaterThan(5));
        }
    }

    @Test
    void probesCatchAMemoryThatIsNotAuthorisedAgain() {
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 12, "acme", "globex")) {
            var probes = new Probes(world, ChatProbesTest::forgivingEverything);
            assertThat(probes.run(SEED, 250)).isNotEmpty();
        }
    }

    private static Stream<Principal> insiders(Principal asker) {
        var groups = new TreeSet<>(List.of("g0", "g1", "g2", "g3", "g4"));
        return Stream.of("ana", "ben", "cho").map(user -> new Principal(asker.tenant(), user, groups));
    }

    /** As if a turn were shown by the rights that its owner had once. */
    private static Authority forgivingEverything(Authority catalog) {
        return new Authority() {
            @Override
            public boolean isLocalOnly(String collection) {
                return false;
            }

            @Override
            public Set<Long> readableAccessSets(Principal asker) {
                return catalog.readableAccessSets(asker);
            }

            @Override
            public boolean readsAll(Principal asker, String collection) {
                return catalog.readsAll(asker, collection);
            }

            @Override
            public Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds) {
                var all = new HashMap<String, DocumentRef>();
                insiders(asker).forEach(insider -> all.putAll(catalog.readable(insider, documentIds)));
                return all;
            }
        };
    }
}
