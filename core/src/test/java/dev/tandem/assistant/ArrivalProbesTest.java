package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Home;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.backup.Backup;
import dev.tandem.knowledge.backup.Restore;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Watch;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What watches bring in, change and let go, and what a backup brings back, is shown to who may read it and to nobody else;
 * who may read it is kept apart from Tandem.
 */
class ArrivalProbesTest {

    private static final long SEED = Long.getLong("tandem.seed", 20_261_127L);
    private static final String COLLECTION = "handbook";
    private static final String NO_ID = "0123456789abcdef";
    private static final Watch.Rhythm QUICK = new Watch.Rhythm(
            Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ZERO, Duration.ofMillis(20));

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private final Embedder embedder = new HashingEmbedder();

    /** What the test knows of a file: nobody sees a marker that is gone. */
    private static final class Paper {
        final Watched by;
        Path file;
        String marker;
        AccessSet readers;
        boolean readable;
        boolean gone;

        Paper(Watched by, Path file, String marker, AccessSet readers, boolean readable) {
            this.by = by;
            this.file = file;
            this.marker = marker;
            this.readers = readers;
            this.readable = readable;
        }

        boolean visibleTo(Principal asker) {
            return !gone
                    && by.owner.tenant().equals(asker.tenant())
                    && (readable ? readers.allows(asker) : by.owner.user().equals(asker.user()));
        }
    }

    /** A folder that is watched for its owner. */
    private final class Watched implements AutoCloseable {
        final Principal owner;
        final @Nullable AccessSet given;
        final Path docs;
        final List<Event> events = new CopyOnWriteArrayList<>();
        private final Watch watch;
        private final Thread thread;
        private volatile @Nullable Throwable failed;

        /** @param told to Tandem, where a bug is planted; else {@code given} */
        Watched(Home home, Principal owner, @Nullable AccessSet given, @Nullable AccessSet told) throws IOException {
            this.owner = owner;
            this.given = given;
            this.docs = Files.createDirectories(folder.resolve(owner.tenant()).resolve(owner.user()));
            Request request = Request.of(owner, COLLECTION, List.of(docs.toString()));
            watch = Watch.of(
                    home, told == null ? request : request.allowing(told), () -> Ingestor.open(home, embedder), QUICK);
            thread = Thread.ofPlatform().start(() -> {
                try {
                    watch.run(events::add);
                } catch (Throwable e) {
                    failed = e;
                }
            });
            until(0, Event.Watching.class::isInstance);
        }

        AccessSet readersOfNew() {
            return (given == null ? AccessSet.ownerOnly(owner) : given).withOwner(owner);
        }

        void until(int from, Predicate<Event> told) {
            long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (events.stream().skip(from).noneMatch(told)) {
                assertThat(failed).isNull();
                assertThat(System.nanoTime()).as("told so far: " + events).isLessThan(last);
                try {
                    TimeUnit.MILLISECONDS.sleep(5);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public void close() {
            watch.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(failed).isNull();
        }
    }

    /** Files that come, change, move and go; and what was said to whom about them. */
    private final class World implements AutoCloseable {
        final Home home = Home.at(folder.resolve("home"));
        final List<Watched> watched = new ArrayList<>();
        final List<Paper> papers = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(SEED);
        private int markers;

        World(@Nullable AccessSet planted) throws IOException {
            for (String owner : List.of("tenant:acme,user:ana", "tenant:globex,user:ana")) {
                watched.add(new Watched(home, Principal.parse(owner), null, planted));
            }
            AccessSet given = AccessSet.parse("group:g1,user:u2");
            watched.add(new Watched(home, Principal.parse("tenant:acme,user:ben"), given, given));
        }

        void step() throws IOException {
            Watched by = watched.get(random.nextInt(watched.size()));
            List<Paper> own = papers.stream()
                    .filter(paper -> paper.by == by && !paper.gone)
                    .toList();
            int from = by.events.size();
            Paper paper = own.isEmpty() ? null : own.get(random.nextInt(own.size()));
            int what = paper == null ? 0 : random.nextInt(8);
            if (paper == null || what < 3) {
                paper = come(by);
            } else if (what == 3) {
                change(paper);
            } else if (what == 4 && paper.readable) {
                // Nobody is told of the end of what could not be read.
                Files.delete(paper.file);
                paper.gone = true;
            } else if (what == 5 && paper.readable) {
                paper.file = Files.move(paper.file, by.docs.resolve("moved-" + paper.file.getFileName()));
                paper.readers = paper.by.given == null ? paper.readers : paper.by.readersOfNew();
            } else {
                giveAccess(paper);
                return;
            }
            String path = paper.file.toString();
            by.until(from, event -> path.equals(pathOf(event)));
            by.until(from, Event.Done.class::isInstance);
        }

        private static @Nullable String pathOf(Event event) {
            return switch (event) {
                case Event.Added added -> added.path();
                case Event.Changed changed -> changed.path();
                case Event.Renamed renamed -> renamed.path();
                case Event.Deleted deleted -> deleted.path();
                case Event.Failed failed -> failed.path();
                default -> null;
            };
        }

        private Paper come(Watched by) throws IOException {
            boolean readable = random.nextInt(8) > 0;
            String marker = marker();
            var paper = new Paper(
                    by, by.docs.resolve("file-" + papers.size() + ".md"), marker, by.readersOfNew(), readable);
            papers.add(paper);
            put(paper.file, readable ? text(marker) : "\0\1\2" + marker + "\0\0");
            return paper;
        }

        /** What it said before is a paper of its own, which is gone. */
        private void change(Paper paper) throws IOException {
            var before = new Paper(paper.by, paper.file, paper.marker, paper.readers, paper.readable);
            before.gone = true;
            papers.add(before);
            paper.marker = marker();
            if (!paper.readable || paper.by.given != null) {
                // A watch that says who may read says it of each version; else readers stay.
                paper.readers = paper.by.readersOfNew();
            }
            paper.readable = true;
            put(paper.file, text(paper.marker));
        }

        private String marker() {
            return "zq" + Integer.toString(1_000 + markers++, 36) + "qz";
        }

        private void giveAccess(Paper paper) {
            if (!paper.readable) {
                return;
            }
            AccessSet readers = ProbedWorld.readers(random);
            try (Ingestor ingestor = Ingestor.open(home, embedder)) {
                ingestor.setAccess(paper.by.owner, COLLECTION, paper.file.toString(), readers);
            }
            paper.readers = readers.withOwner(paper.by.owner);
        }

        /** In one step, as an editor saves: a watch that catches half a file says nothing wrong, and this test would. */
        private static void put(Path file, String text) throws IOException {
            Path draft = Files.writeString(file.resolveSibling("." + file.getFileName() + ".draft"), text);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }

        private static String text(String marker) {
            return "# Notice of %s\n\nThe notice period of %s is 30 days. Ask %s about the rest.\n"
                    .formatted(marker, marker, marker);
        }

        @Override
        public void close() {
            watched.forEach(Watched::close);
        }
    }

    /** Asks a home everything that can be asked, and holds what is shown against what is known. */
    private final class Prober implements AutoCloseable {
        final Home home;
        final List<Paper> papers;
        final SplittableRandom random;
        final List<String> leaks = new ArrayList<>();
        int shown;
        private final Map<String, Catalog> catalogs = new HashMap<>();
        private final Map<String, CollectionIndex> opened = new HashMap<>();

        Prober(Home home, List<Paper> papers, long seed) {
            this.home = home;
            this.papers = papers;
            this.random = new SplittableRandom(seed);
        }

        private Indexes indexes() {
            return (asker, collection) -> {
                Path directory = home.index(asker.tenant(), collection);
                return CollectionIndex.exists(directory)
                        ? Optional.of(opened.computeIfAbsent(
                                directory.toString(), _ -> CollectionIndex.read(directory, embedder.encoder())))
                        : Optional.empty();
            };
        }

        void probe() {
            Paper target = papers.get(random.nextInt(papers.size()));
            Principal asker = somebody(target);
            Catalog catalog = catalogs.computeIfAbsent(asker.tenant(), tenant -> Catalog.read(home, tenant));
            String question = switch (random.nextInt(3)) {
                case 0 -> target.marker;
                case 1 -> "What is the notice period of " + target.marker + "?";
                default -> "notice period ask about the rest";
            };
            var query = new Query(question, asker, COLLECTION, Filter.everything(), 20);
            Searcher fused = Retriever.fused(indexes(), embedder, catalog);
            List<Searcher> searchers = List.of(
                    Retriever.lexical(indexes(), catalog), Retriever.dense(indexes(), embedder, catalog), fused);
            for (Searcher searcher : searchers) {
                check("search", asker, said(() -> searcher.search(query)));
            }
            Assistant assistant =
                    Assistant.reading(fused, catalog, embedder, AssistantSettings.DEFAULT.withAbstainBelow(.05));
            check("ask", asker, said(() -> assistant.answer(query)).replace(question, ""));
            check("documents", asker, said(() -> catalog.documents(asker, COLLECTION)));
            check("status", asker, said(() -> catalog.status(asker)));
            if (!target.visibleTo(asker)
                    && papers.stream().noneMatch(paper -> paper.file.equals(target.file) && paper.visibleTo(asker))) {
                String path = target.file.toString();
                String none = target.file.resolveSibling("none.md").toString();
                alike("document", path, none, it -> catalog.document(asker, COLLECTION, it));
                String id = idOf(target);
                if (!id.isEmpty()) {
                    alike("document by id", id, NO_ID, it -> catalog.document(asker, COLLECTION, it));
                    alike("text", id, NO_ID, it -> catalog.text(asker, it, 1));
                }
            }
        }

        private String idOf(Paper paper) {
            return catalogs.computeIfAbsent(paper.by.owner.tenant(), tenant -> Catalog.read(home, tenant))
                    .document(paper.by.owner, COLLECTION, paper.file.toString())
                    .map(it -> it.id())
                    .orElse("");
        }

        private Principal somebody(Paper target) {
            if (random.nextInt(4) == 0) {
                return target.by.owner;
            }
            String user =
                    random.nextInt(5) == 0 ? List.of("ana", "ben").get(random.nextInt(2)) : "u" + random.nextInt(8);
            var groups = new TreeSet<String>();
            for (int i = random.nextInt(3); i > 0; i--) {
                groups.add("g" + random.nextInt(5));
            }
            return new Principal(random.nextInt(4) > 0 ? target.by.owner.tenant() : "globex", user, groups);
        }

        private void check(String what, Principal asker, String said) {
            for (Paper paper : papers) {
                boolean shows = said.contains("Ask " + paper.marker + " about")
                        || said.contains("Notice of " + paper.marker)
                        || (what.equals("documents") && !paper.gone && said.contains(paper.file + ","));
                if (shows && !paper.visibleTo(asker)) {
                    leaks.add(what + " shows " + paper.marker + " to " + asker.fingerprint());
                }
                shown += shows ? 1 : 0;
            }
        }

        private void alike(String what, String hidden, String none, Function<String, Object> ask) {
            if (!said(() -> ask.apply(hidden)).replace(hidden, none).equals(said(() -> ask.apply(none)))) {
                leaks.add(what + " tells that " + hidden + " is there");
            }
        }

        /** Who may read a paper finds it by its marker. */
        void everythingIsFound() {
            for (Paper paper : papers) {
                if (paper.gone || !paper.readable) {
                    continue;
                }
                Principal owner = paper.by.owner;
                Catalog catalog = catalogs.computeIfAbsent(owner.tenant(), tenant -> Catalog.read(home, tenant));
                var query = new Query(paper.marker, owner, COLLECTION, Filter.everything(), 20);
                assertThat(Retriever.lexical(indexes(), catalog).search(query))
                        .extracting(hit -> hit.document().path())
                        .contains(paper.file.toString());
            }
        }

        @Override
        public void close() {
            opened.values().forEach(CollectionIndex::close);
            catalogs.values().forEach(Catalog::close);
        }
    }

    private static String said(Supplier<?> sight) {
        try {
            return String.valueOf(sight.get());
        } catch (Failure e) {
            return e.kind() + " " + e.getMessage() + " " + e.nextStep();
        }
    }

    @Test
    void watchesAndBackupsLeakNothing() throws IOException {
        System.out.println("ArrivalProbesTest: replay with -Dtandem.seed=" + SEED);
        Path backup = folder.resolve("backup.zip");
        int steps = Integer.getInteger("tandem.arrivals", 50);
        try (var world = new World(null)) {
            try (var prober = new Prober(world.home, world.papers, SEED)) {
                for (int i = 0; i < steps; i++) {
                    world.step();
                    for (int probe = 0; probe < 8; probe++) {
                        prober.probe();
                    }
                }
                assertThat(prober.leaks).isEmpty();
                assertThat(prober.shown).as("papers shown").isGreaterThan(10 * steps);
                prober.everythingIsFound();
                ownEventsAlone(world);
            }
            Backup.write(world.home, backup, Clock.systemUTC());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
            Home restored = restored(backup);
            try (var prober = new Prober(restored, world.papers, SEED + 1)) {
                for (int probe = 0; probe < 8 * steps; probe++) {
                    prober.probe();
                }
                assertThat(prober.leaks).isEmpty();
                assertThat(prober.shown).as("papers shown").isGreaterThan(10 * steps);
                prober.everythingIsFound();
            }
        }
    }

    private Home restored(Path backup) throws IOException {
        Home restored = Home.at(folder.resolve("restored"));
        Restore.into(restored, backup);
        try (Ingestor ingestor = Ingestor.open(restored, embedder)) {
            ingestor.catchUp();
        }
        try (Stream<Path> all = Files.walk(restored.path())) {
            assertThat(all.filter(Files::isDirectory).limit(1))
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .isEqualTo("rwx------"));
        }
        return restored;
    }

    /** Who watches is told of their own files and of nobody else's. */
    private static void ownEventsAlone(World world) {
        for (Watched watched : world.watched) {
            for (Paper paper : world.papers) {
                if (paper.by != watched) {
                    assertThat(watched.events.toString()).doesNotContain(paper.file.toString());
                }
            }
        }
    }

    @Test
    void probesCatchAWatchThatLetsEverybodyRead() throws IOException {
        try (var world = new World(AccessSet.parse("everyone"));
                var prober = new Prober(world.home, world.papers, SEED)) {
            for (int i = 0; i < 20; i++) {
                world.step();
            }
            for (int probe = 0; probe < 100; probe++) {
                prober.probe();
            }
            assertThat(prober.leaks).anyMatch(leak -> leak.startsWith("search"));
        }
    }

    @Test
    void probesCatchARestoredHomeThatForgotWhatWasRevoked() throws IOException {
        Path backup = folder.resolve("backup.zip");
        try (var world = new World(null)) {
            for (int i = 0; i < 20; i++) {
                world.step();
            }
            world.papers.forEach(paper -> paper.readers = AccessSet.parse("group:g0,group:g1,group:g2,group:g3"));
            try (Ingestor ingestor = Ingestor.open(world.home, embedder)) {
                for (Paper paper : world.papers) {
                    if (!paper.gone && paper.readable) {
                        ingestor.setAccess(paper.by.owner, COLLECTION, paper.file.toString(), paper.readers);
                    }
                }
            }
            Backup.write(world.home, backup, Clock.systemUTC());
            // What the home was told after the backup, the restored one does not know.
            world.papers.forEach(paper ->
                    paper.readers = AccessSet.of(Collections.emptyList()).withOwner(paper.by.owner));
            try (var prober = new Prober(restored(backup), world.papers, SEED)) {
                for (int probe = 0; probe < 100; probe++) {
                    prober.probe();
                }
                assertThat(prober.leaks).isNotEmpty();
            }
        }
    }
}
