package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that ingests, fills in vectors, goes over to another encoder, or watches is killed, without a chance to say
 * anything, at random moments: of its start, of its first commit, of a later one. What it had told as acknowledged is the
 * client's ledger; the house is held against it.
 */
class KillTest {

    private static final int EVERYDAY = 20;
    private static final int NIGHTLY = 1_000;
    private static final int KILLS_OF_ONE_HOUSE = 5;
    private static final int FILES = 60;
    private static final List<ChildWork.Kind> KINDS = List.of(ChildWork.Kind.values());
    private static final Duration TO_THE_FIRST_ANSWER = Duration.ofSeconds(10);
    private static final Duration LONGEST_LIFE = Duration.ofMillis(1_200);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Map<String, Told> acknowledged = new HashMap<>();
    /** Paths of the house that a file was deleted at, or moved from. */
    private final Set<String> gone = new HashSet<>();
    /** What files said before they changed beside the run, by path. */
    private final Map<String, String> before = new HashMap<>();
    /** All that files of the house said while somebody read them, by path. */
    private final Map<String, Set<String>> ever = new HashMap<>();

    private String switched = "";
    private int told;
    private int compared;
    private int survived;
    private Duration slowest = Duration.ZERO;

    /**
     * The newest version that a client was told to be kept, where it was read, and what the file said; where the file changed
     * beside the reading, what it said before, too.
     */
    private record Told(int version, String path, Set<String> texts) {}

    @Test
    void nothingAcknowledgedIsLostAndNothingIsThereTwice() throws Exception {
        kill(EVERYDAY);
    }

    @Test
    @Tag("nightly")
    void norAfterAThousandKills() throws Exception {
        kill(NIGHTLY);
    }

    private void kill(int kills) throws Exception {
        for (int kill = 0; kill < kills; kill += KILLS_OF_ONE_HOUSE) {
            ChildWork.Kind kind = KINDS.get(kill / KILLS_OF_ONE_HOUSE % KINDS.size());
            var house = new TwoEncoderHouse(Files.createDirectories(folder.resolve("house-" + kill)));
            acknowledged.clear();
            gone.clear();
            ever.clear();
            house.house.write("known.txt", "Herons wade.");
            house.ingest();
            for (int i = 0; i < FILES; i++) {
                write(house.house, i);
            }
            for (int i = 0; i < KILLS_OF_ONE_HOUSE; i++) {
                prepare(house, kind);
                survived += killedRun(house, kind) ? 0 : 1;
                verifyAcknowledged(house);
                if (i == KILLS_OF_ONE_HOUSE - 1 || random.nextInt(3) == 0) {
                    goOn(house);
                    verifyWhole(house);
                }
                mutate(house.house);
            }
            Disks.delete(house.house.docs.getParent());
        }
        System.out.println(kills - survived + " of " + kills
                + " runs killed, in ingest, fill, re-embedding and watch by"
                + " turns of " + KILLS_OF_ONE_HOUSE + "; " + told
                + " acknowledgements held against the house, " + compared
                + " times by their text; slowest from start to first answer " + slowest.toMillis()
                + " ms; replay with -Dtandem.seed=" + seed);
        assertThat(survived).as("runs that ended before they could be killed").isLessThan(kills / 2);
        assertThat(told).as("acknowledgements").isGreaterThan(kills);
        assertThat(compared).as("texts").isGreaterThan(kills);
        assertThat(slowest).as("from start to first answer").isLessThan(TO_THE_FIRST_ANSWER);
    }

    /** Something to do for the run that is to be killed. */
    private void prepare(TwoEncoderHouse house, ChildWork.Kind kind) {
        switch (kind) {
            case INGEST, WATCH -> {}
            case REEMBED -> house.ingest();
            case FILL -> {
                // What comes while the other encoder answers has no vectors of the first.
                house.encoders.configured = other(house.live());
                try (Ingestor ingestor = house.open()) {
                    ingestor.reembed(House.ANA, "default", _ -> {});
                    for (int i = 0; i < FILES; i++) {
                        write(house.house, i);
                    }
                    ingestor.ingest(
                            Request.of(House.ANA, "default", List.of(house.house.docs.toString())), this::acknowledge);
                    ingestor.rollback(House.ANA, "default", _ -> {});
                }
            }
        }
    }

    private void acknowledge(Event event) {
        if (event instanceof Event.Acknowledged it) {
            acknowledge(it.document(), it.version(), it.path());
        }
    }

    private void acknowledge(String document, int version, String path) {
        var texts = new HashSet<String>();
        said(path).ifPresent(texts::add);
        Optional.ofNullable(before.get(path)).ifPresent(texts::add);
        acknowledged.put(document, new Told(version, path, texts));
        told++;
    }

    private void remember(House house) throws IOException {
        for (Path file : Disks.files(house.docs)) {
            ever.computeIfAbsent(file.toString(), _ -> new HashSet<>())
                    .add(Files.readString(file).strip());
        }
    }

    private static Optional<String> said(String path) {
        try {
            Path file = Path.of(path);
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String other(String letter) {
        return letter.equals("a") ? "b" : "a";
    }

    /** Says whether the run was killed before it was done; collects what it told. */
    private boolean killedRun(TwoEncoderHouse house, ChildWork.Kind kind) throws IOException, InterruptedException {
        String configured = kind == ChildWork.Kind.REEMBED ? other(house.live()) : house.live();
        remember(house.house);
        long started = System.nanoTime();
        Process child = ChildWork.start(house.house.docs.getParent(), kind, configured);
        switched = "";
        // Either after so many lines, or, to meet what happens before the first, so long after the start.
        int linesToLive = random.nextInt(30);
        long microsToLive = random.nextBoolean()
                ? random.nextInt(600_000)
                : TimeUnit.MILLISECONDS.toMicros(LONGEST_LIFE.toMillis());
        boolean done = false;
        try (BufferedReader lines = child.inputReader()) {
            String line = lines.readLine();
            assertThat(line)
                    .as("seed %d: %s", seed, stderr(house.house))
                    .startsWith("answered ")
                    .isNotEqualTo("answered 0");
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
            assertThat(lines.readLine()).isEqualTo("start");
            Thread death = Thread.ofVirtual().start(() -> {
                try {
                    TimeUnit.MICROSECONDS.sleep(microsToLive);
                } catch (InterruptedException diedBefore) {
                    return;
                }
                kill(child);
            });
            before.clear();
            if (kind == ChildWork.Kind.WATCH) {
                for (Path file : Disks.files(house.house.docs)) {
                    before.put(file.toString(), Files.readString(file).strip());
                }
                mutate(house.house);
                remember(house.house);
            }
            for (int read = 0; (line = lines.readLine()) != null; read++) {
                // The path is last, and may hold anything.
                String[] words = line.split(" ", 4);
                if (words[0].equals("acknowledged")) {
                    acknowledge(words[1], Integer.parseInt(words[2]), words[3]);
                } else if (words[0].equals("switched")) {
                    switched = words[1].replace("hashing-", "");
                }
                done = words[0].equals("done");
                if (read == linesToLive) {
                    kill(child);
                }
            }
            death.interrupt();
        }
        child.waitFor();
        return !done;
    }

    private void goOn(TwoEncoderHouse house) {
        house.ingest();
        try (Ingestor ingestor = house.open()) {
            ingestor.fill(House.ANA, "default", _ -> {});
        }
    }

    /** By its handle: destroying the process itself would close the stream that its last words are in. */
    private static void kill(Process child) {
        child.toHandle().destroyForcibly();
    }

    private static String stderr(House house) throws IOException {
        return Files.readString(house.docs.resolveSibling("stderr"));
    }

    private void verifyAcknowledged(TwoEncoderHouse house) throws IOException {
        // Readers first: they find the house as the dead process left it.
        List<DocumentEntry> entries = house.house.documents(House.ANA);
        assertThat(entries.stream().map(DocumentEntry::id)).as("seed %d", seed).doesNotHaveDuplicates();
        assertThat(entries.stream().map(DocumentEntry::path))
                .as("seed %d", seed)
                .doesNotHaveDuplicates();
        assertThat(house.search("herons").getFirst().document().path())
                .as("seed %d", seed)
                .endsWith("known.txt");
        if (!switched.isEmpty()) {
            assertThat(house.live()).as("seed %d", seed).isEqualTo(switched);
        }
        try (CollectionIndex opened =
                CollectionIndex.read(house.house.home.index("default", "default"), house.encoder())) {
            opened.verify();
        }
        // A writer would take up what the dead process left undone, which is for the next one that may be killed.
        var copy = new TwoEncoderHouse(Files.createDirectories(folder.resolve("copy")));
        copy.encoders.configured = house.encoders.configured;
        copy(house.house.home.path(), copy.house.home.path());
        var read = new HashSet<String>();
        try (HomeLock lock = house.house.home.lock();
                CatalogWriter catalog = CatalogWriter.open(lock, "default")) {
            acknowledged.forEach((id, of) -> {
                Standing standing = catalog.standing(id).orElseThrow();
                if (standing.latest() == of.version() && standing.live() == of.version()) {
                    read.add(id);
                }
                assertThat(standing.latest())
                        .as("seed %d, document %s", seed, id)
                        .isGreaterThanOrEqualTo(of.version());
                if (!gone.contains(of.path())) {
                    assertThat(standing.state())
                            .as("seed %d, document %s", seed, id)
                            .isNotEqualTo(State.DELETED);
                }
            });
        }
        verifyTexts(copy, house.house.docs.resolve("known.txt"), read);
        Disks.delete(folder.resolve("copy"));
    }

    /** After a writer that had nothing else to do has taken up what was left undone. */
    private void verifyTexts(TwoEncoderHouse house, Path known, Set<String> read) throws IOException {
        try (Ingestor ingestor = house.open()) {
            ingestor.ingest(Request.of(House.ANA, "default", List.of(known.toString())), _ -> {});
        }
        var standing = new HashMap<String, Standing>();
        try (HomeLock lock = house.house.home.lock();
                CatalogWriter catalog = CatalogWriter.open(lock, "default")) {
            acknowledged
                    .keySet()
                    .forEach(id -> standing.put(id, catalog.standing(id).orElseThrow()));
        }
        Map<String, Integer> chunks = chunks(house.house.home.catalog("default"));
        var extractors = Extractors.standard();
        var chunker = new Chunker(ChunkSettings.standard());
        for (var each : acknowledged.entrySet()) {
            String id = each.getKey();
            Told of = each.getValue();
            State state = standing.get(id).state();
            String as = "seed " + seed + ", " + of.path();
            if (gone.contains(of.path()) && state != State.READY) {
                continue;
            }
            assertThat(state).as(as).isEqualTo(State.READY);
            var texts = new HashSet<>(of.texts());
            if (standing.get(id).latest() > of.version()) {
                // The process died between keeping a later version and telling.
                texts.addAll(ever.getOrDefault(of.path(), Set.of()));
            } else if (!read.contains(id)) {
                // What was not read yet is read from the file, whatever that says by now.
                said(of.path()).ifPresent(texts::add);
            }
            int version = standing.get(id).live();
            String text = house.house.text(House.ANA, id, version).orElseThrow();
            assertThat(texts).as(as).contains(text);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(chunks.get(id))
                    .as(as)
                    .isEqualTo(chunker.chunk(id, version, extractors.extract(of.path(), bytes))
                            .size());
            compared++;
        }
        verifyIndex(house);
    }

    /** Of live versions, by the document's id. */
    private static Map<String, Integer> chunks(Path catalog) {
        var chunks = new HashMap<String, Integer>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT d.id, count(*) FROM document d"
                        + " JOIN chunk c ON c.document = d.key AND c.version = d.live GROUP BY d.id")) {
            while (rows.next()) {
                chunks.put(rows.getString(1), rows.getInt(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return chunks;
    }

    private void verifyIndex(TwoEncoderHouse house) {
        try (Catalog catalog = house.house.catalog();
                CollectionIndex index =
                        CollectionIndex.read(house.house.home.index("default", "default"), house.encoder());
                Snapshot snapshot = index.snapshot()) {
            long chunks = catalog.status(House.ANA).getFirst().chunks();
            assertThat(snapshot.chunks()).as("seed %d", seed).isEqualTo((int) chunks);
            assertThat(snapshot.vectors()).as("seed %d", seed).isEqualTo((int) chunks);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : Disks.files(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    private void verifyWhole(TwoEncoderHouse house) throws IOException {
        var files = new TreeSet<String>();
        try (Stream<Path> all = Files.walk(house.house.docs)) {
            all.filter(Files::isRegularFile).map(Path::toString).forEach(files::add);
        }
        List<DocumentEntry> entries = house.house.documents(House.ANA);
        assertThat(entries).as("seed %d", seed).allMatch(entry -> entry.state() == State.READY);
        assertThat(entries.stream().map(DocumentEntry::path))
                .as("seed %d", seed)
                .containsExactlyElementsOf(files);
        for (DocumentEntry entry : entries) {
            assertThat(house.house.text(House.ANA, entry.id(), entry.version()))
                    .as("seed %d, %s", seed, entry.path())
                    .hasValue(Files.readString(Path.of(entry.path())).strip());
        }
        try (Catalog catalog = house.house.catalog()) {
            assertThat(catalog.status(House.ANA).getFirst().documents()).isEqualTo(files.size());
        }
        verifyIndex(house);
    }

    /** Some files change, some go, some are renamed, some come. */
    private void mutate(House house) throws IOException {
        for (int i = 0; i < 80; i++) {
            Path file = house.docs.resolve("file-" + i + ".txt");
            switch (random.nextInt(12)) {
                case 0, 1 -> write(house, i);
                case 2 -> {
                    gone.add(file.toString());
                    Files.deleteIfExists(file);
                }
                case 3 -> {
                    gone.add(file.toString());
                    if (Files.exists(file)) {
                        Files.move(file, house.docs.resolve("moved-" + random.nextInt(1_000_000) + ".txt"));
                    }
                }
                default -> {}
            }
        }
    }

    private void write(House house, int i) {
        var text = new StringBuilder("Document " + i + " says " + random.nextInt(1_000_000) + ".\n\n");
        for (int paragraph = random.nextInt(6); paragraph >= 0; paragraph--) {
            for (int word = 0; word < 150; word++) {
                text.append(" word").append(random.nextInt(300));
            }
            text.append(".\n\n");
        }
        house.write("file-" + i + ".txt", text.toString().replace("\n ", "\n").strip());
    }
}
