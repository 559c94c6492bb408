package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.CollectionStatus;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    private String switched = "";
    private int told;
    private int survived;
    private Duration slowest = Duration.ZERO;

    /** The newest version that a client was told to be kept, and where it was read. */
    private record Told(int version, String path) {}

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
                + " acknowledgements held against the house; slowest from start to first answer " + slowest.toMillis()
                + " ms; replay with -Dtandem.seed=" + seed);
        assertThat(survived).as("runs that ended before they could be killed").isLessThan(kills / 2);
        assertThat(told).as("acknowledgements").isGreaterThan(kills);
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
            acknowledged.put(it.document(), new Told(it.version(), it.path()));
            told++;
        }
    }

    private static String other(String letter) {
        return letter.equals("a") ? "b" : "a";
    }

    /** Says whether the run was killed before it was done; collects what it told. */
    private boolean killedRun(TwoEncoderHouse house, ChildWork.Kind kind) throws IOException, InterruptedException {
        String configured = kind == ChildWork.Kind.REEMBED ? other(house.live()) : house.live();
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
            if (kind == ChildWork.Kind.WATCH) {
                mutate(house.house);
            }
            for (int read = 0; (line = lines.readLine()) != null; read++) {
                // The path is last, and may hold anything.
                String[] words = line.split(" ", 4);
                if (words[0].equals("acknowledged")) {
                    acknowledged.put(words[1], new Told(Integer.parseInt(words[2]), words[3]));
                    told++;
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

    private void verifyAcknowledged(TwoEncoderHouse house) {
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
        try (HomeLock lock = house.house.home.lock();
                CatalogWriter catalog = CatalogWriter.open(lock, "default")) {
            acknowledged.forEach((id, of) -> {
                Standing standing = catalog.standing(id).orElseThrow();
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
        try (Catalog catalog = house.house.catalog();
                CollectionIndex index =
                        CollectionIndex.read(house.house.home.index("default", "default"), house.encoder());
                Snapshot snapshot = index.snapshot()) {
            CollectionStatus status = catalog.status(House.ANA).getFirst();
            assertThat(status.documents()).isEqualTo(files.size());
            assertThat(snapshot.chunks()).as("seed %d", seed).isEqualTo((int) status.chunks());
            assertThat(snapshot.vectors()).as("seed %d", seed).isEqualTo((int) status.chunks());
        }
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
