package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.CollectionStatus;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.State;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that ingests is killed, without a chance to say anything, at random moments: of its start, of its first
 * commit, of a later one. What it had told as acknowledged is the client's ledger; the house is held against it.
 */
class KillTest {

    private static final int KILLS = 20;
    private static final int KILLS_OF_ONE_HOUSE = 5;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void nothingAcknowledgedIsLostAndNothingIsThereTwice() throws Exception {
        int told = 0;
        int survived = 0;
        for (int kill = 0; kill < KILLS; kill += KILLS_OF_ONE_HOUSE) {
            var house = new House(Files.createDirectories(folder.resolve("house-" + kill)));
            for (int i = 0; i < 60; i++) {
                write(house, i);
            }
            for (int i = 0; i < KILLS_OF_ONE_HOUSE; i++) {
                Map<String, Integer> acknowledged = new HashMap<>();
                survived += killedRun(house, acknowledged) ? 0 : 1;
                told += acknowledged.size();
                verifyAcknowledged(house, acknowledged);
                mutate(house);
            }
            house.ingest();
            verifyWhole(house);
        }
        System.out.println(KILLS - survived + " of " + KILLS + " runs killed, " + told
                + " acknowledgements held against the house; replay with -Dtandem.seed=" + seed);
        assertThat(survived).as("runs that ended before they could be killed").isLessThan(KILLS / 2);
    }

    /** Says whether the run was killed before it was done; collects what it told. */
    private boolean killedRun(House house, Map<String, Integer> acknowledged) throws IOException, InterruptedException {
        Process child = ChildIngest.start(house.docs.getParent());
        // Either after so many acknowledgements, or, to meet what happens before the first, so long after the start.
        int linesToLive = random.nextInt(30);
        long microsToLive = random.nextBoolean() ? random.nextInt(600_000) : Long.MAX_VALUE;
        boolean done = false;
        try (BufferedReader lines = child.inputReader()) {
            String line = lines.readLine();
            assertThat(line).as("seed %d: %s", seed, stderr(house)).isEqualTo("start");
            if (microsToLive < Long.MAX_VALUE) {
                TimeUnit.MICROSECONDS.sleep(microsToLive);
                kill(child);
            }
            for (int read = 0; (line = lines.readLine()) != null; read++) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("acknowledged")) {
                    acknowledged.put(words[1], Integer.valueOf(words[2]));
                }
                done = words[0].equals("done");
                if (read == linesToLive) {
                    kill(child);
                }
            }
        }
        child.waitFor();
        return !done;
    }

    /** By its handle: destroying the process itself would close the stream that its last words are in. */
    private static void kill(Process child) {
        child.toHandle().destroyForcibly();
    }

    private static String stderr(House house) throws IOException {
        return Files.readString(house.docs.resolveSibling("stderr"));
    }

    private void verifyAcknowledged(House house, Map<String, Integer> acknowledged) {
        // Readers first: they find the house as the dead process left it.
        List<DocumentEntry> entries = house.documents(House.ANA);
        assertThat(entries.stream().map(DocumentEntry::id))
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(acknowledged.keySet());
        Path index = house.home.index("default", "default");
        if (CollectionIndex.exists(index)) {
            try (CollectionIndex opened = CollectionIndex.read(index, house.embedder.encoder())) {
                opened.verify();
            }
        }
        try (HomeLock lock = house.home.lock();
                CatalogWriter catalog = CatalogWriter.open(lock, "default")) {
            acknowledged.forEach((id, version) -> assertThat(
                            catalog.standing(id).orElseThrow().latest())
                    .as("seed %d, document %s", seed, id)
                    .isGreaterThanOrEqualTo(version));
        }
    }

    private void verifyWhole(House house) throws IOException {
        var files = new TreeSet<String>();
        try (Stream<Path> all = Files.walk(house.docs)) {
            all.filter(Files::isRegularFile).map(Path::toString).forEach(files::add);
        }
        List<DocumentEntry> entries = house.documents(House.ANA);
        assertThat(entries).as("seed %d", seed).allMatch(entry -> entry.state() == State.READY);
        assertThat(entries.stream().map(DocumentEntry::path))
                .as("seed %d", seed)
                .containsExactlyElementsOf(files);
        for (DocumentEntry entry : entries) {
            assertThat(house.text(House.ANA, entry.id(), entry.version()))
                    .as("seed %d, %s", seed, entry.path())
                    .hasValue(Files.readString(Path.of(entry.path())).strip());
        }
        try (Catalog catalog = house.catalog();
                CollectionIndex index =
                        CollectionIndex.read(house.home.index("default", "default"), house.embedder.encoder());
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
                case 2 -> Files.deleteIfExists(file);
                case 3 -> {
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
