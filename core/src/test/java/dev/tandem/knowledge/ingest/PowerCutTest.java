package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.State;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.backup.Backup;
import dev.tandem.knowledge.backup.Restore;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Snapshot;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power fails in the middle of ingesting, of keeping standard input, of training, of a backup and of a restore: what was
 * acknowledged before is there after.
 *
 * <p>{@link #withoutAnyOneForceSomethingIsLost} leaves out every place in the program that forces something, one at a time.
 */
class PowerCutTest {

    private static final int EVERYDAY = 30;
    private static final int NIGHTLY = 1_000;
    /** Of 120 nights: some forces matter in a few of a thousand changes alone. */
    private static final int ROUNDS = 12;

    private static final int WRITERS = 6;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());

    /** What a client was told. */
    private static final class Ledger {
        final Map<String, Integer> documents = new HashMap<>();
        final Map<String, String> kept = new HashMap<>();
        final List<AdapterEntry> adapters = new ArrayList<>();
    }

    @Test
    void nothingAcknowledgedIsLost() throws Exception {
        cutPower(EVERYDAY, "");
    }

    @Test
    @Tag("nightly")
    void norInAThousandNights() throws Exception {
        cutPower(NIGHTLY, "");
    }

    @Test
    void everyForceOfTheProgramIsMetHere() throws Exception {
        Set<String> lines = new TreeSet<>();
        for (String place : places(0)) {
            lines.add(place.replaceAll("[$.].*:", ":"));
        }
        assertThat(lines).containsAll(forcesInSource());
    }

    @Test
    @Tag("nightly")
    void withoutAnyOneForceSomethingIsLost() throws Exception {
        Set<String> places = places(EVERYDAY);
        var spared = new ArrayList<String>();
        for (String place : places) {
            if (!isAnythingLostWithout(place)) {
                spared.add(place);
            }
        }
        System.out.println(places.size() + " places force something, left out one at a time: " + places);
        assertThat(spared).as("forces that no test misses, seed %d", seed).isEmpty();
    }

    private Set<String> places(int nights) throws Exception {
        var places = new TreeSet<String>();
        places.addAll(cutPower(nights, ""));
        places.addAll(backUpAndRestore(""));
        places.addAll(writeWhatADeadProcessWrote(""));
        return places;
    }

    /** Each as its class and line, but for those in a method that itself is called so: its callers count. */
    private static Set<String> forcesInSource() throws IOException {
        var forces = new TreeSet<String>();
        try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    all.filter(each -> each.toString().endsWith(".java")).toList()) {
                String type = file.getFileName().toString().replace(".java", "");
                boolean within = false;
                int number = 0;
                for (String line : Files.readAllLines(file)) {
                    number++;
                    within = !line.equals("    }") && (within || line.contains("void force("));
                    if (!within && line.matches(".*\\bforce\\(.*")) {
                        forces.add(type + ":" + number);
                    }
                }
            }
        }
        assertThat(forces).hasSizeGreaterThan(10);
        return forces;
    }

    private boolean isAnythingLostWithout(String place) throws Exception {
        try {
            backUpAndRestore(place);
            writeWhatADeadProcessWrote(place);
            writeSums(place);
            for (int round = 1; round <= ROUNDS; round++) {
                cutPower(4 * EVERYDAY, place, seed + round);
            }
            return false;
        } catch (AssertionError | RuntimeException lost) {
            System.out.println("without " + place + ": "
                    + String.valueOf(lost.getMessage()).strip().lines().limit(4).toList());
            return true;
        }
    }

    /** Another one each time: what is left of a night that found something stays where it is. */
    private Path fresh() throws IOException {
        return Files.createTempDirectory(folder, "nights-");
    }

    private Set<String> cutPower(int times, String without) throws Exception {
        return cutPower(times, without, seed);
    }

    /** Places that forced something. */
    private Set<String> cutPower(int times, String without, long seed) throws Exception {
        Path folder = fresh();
        var places = new TreeSet<String>();
        var random = new SplittableRandom(seed);
        Path documents = Files.createDirectories(folder.resolve("docs"));
        for (int i = 0; i < 4; i++) {
            Files.writeString(documents.resolve("file-" + i + ".txt"), "Herons wade, number " + i + ".");
        }
        long changes = Long.MAX_VALUE;
        int told = 0;
        for (int i = -1; i < times; i++) {
            // The first run is whole and says how many changes there are; the last failure comes when all is done.
            long cutBefore = i < 0 ? Long.MAX_VALUE : 1 + random.nextLong(changes + 10);
            // Another folder each night: this process lives on, and Lucene remembers the locks that its writers died
            // with.
            Path disk = Files.createDirectories(folder.resolve("disk-" + i));
            Path survivors = folder.resolve("survivors");
            var power = new PowerCut(disk, survivors, cutBefore, random.split()).without(without);
            var ledger = new Ledger();
            try {
                work(Home.at(power.path().resolve("home")), documents, ledger);
            } catch (PowerCut.PowerFailure e) {
                // What was told until then is what counts.
            } catch (RuntimeException | Error e) {
                if (power.changes() < cutBefore) {
                    throw e;
                }
            }
            power.cut();
            changes = i < 0 ? power.changes() : changes;
            places.addAll(power.forces());
            told += ledger.documents.size() + ledger.kept.size() + ledger.adapters.size();
            verify(
                    survivors.resolve("home"),
                    documents,
                    ledger,
                    "seed " + seed + ", night " + i + ", change " + cutBefore);
            delete(disk);
            delete(survivors);
        }
        System.out.println(times + " power failures among " + changes + " changes, " + told
                + " acknowledgements held against what survived; replay with -Dtandem.seed=" + seed);
        return places;
    }

    private void work(Home home, Path documents, Ledger ledger) {
        var embedder = new HashingEmbedder();
        try (Ingestor ingestor = Ingestor.open(home, embedder)) {
            for (int i = 0; i < 2; i++) {
                String text = "Stilts wade, number " + i + ".";
                var input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                ingestor.ingest(Request.of(House.ANA, "kept-" + i, List.of("-")).reading(input), event -> {
                    if (event instanceof Event.Acknowledged it) {
                        ledger.kept.put(it.document(), text);
                    }
                });
            }
            ingestor.ingest(Request.of(House.ANA, "default", List.of(documents.toString())), event -> {
                if (event instanceof Event.Acknowledged it) {
                    ledger.documents.put(it.document(), it.version());
                }
            });
        }
        try (var adapters = new AdapterHouse(home.path())) {
            for (String name : List.of("queues", "moods")) {
                ledger.adapters.add(adapters.trained(House.ANA, name, name));
            }
        }
    }

    private void verify(Path home, Path documents, Ledger ledger, String as) throws IOException {
        var house = new House(home.getParent());
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            assertOnlySumsAreMended(ingestor.repair(), as);
        }
        Files.createDirectories(house.docs);
        assertThat(house.documents(House.ANA).stream().map(DocumentEntry::id))
                .as(as)
                .containsAll(ledger.documents.keySet())
                .containsAll(ledger.kept.keySet());
        for (String text : ledger.kept.values()) {
            assertThat(house.home.blobs("default").resolve(Sha256.hex(text)))
                    .as(as)
                    .hasContent(text);
        }
        try (var adapters = new AdapterHouse(home)) {
            for (AdapterEntry adapter : ledger.adapters) {
                AdapterEntry found = adapters.registry.find(House.ANA, adapter.reference());
                assertThat(adapters.registry.read(House.ANA, found)).as(as).isNotEmpty();
            }
        }
        house.ingest(Request.of(House.ANA, "default", List.of(documents.toString())));
        assertThat(house.documents(House.ANA)).as(as).allMatch(entry -> entry.state() == State.READY);
        try (HomeLock lock = house.home.lock();
                CatalogWriter writer = CatalogWriter.open(lock, Principal.DEFAULT_TENANT)) {
            ledger.documents.forEach((id, version) -> assertThat(
                            writer.standing(id).orElseThrow().latest())
                    .as(as)
                    .isEqualTo(version));
        }
        try (CollectionIndex index =
                        CollectionIndex.read(house.home.index("default", "default"), house.embedder.encoder());
                Snapshot snapshot = index.snapshot()) {
            index.verify();
            assertThat(snapshot.chunks()).as(as).isEqualTo(4);
            assertThat(snapshot.vectors()).as(as).isEqualTo(4);
        }
    }

    @Test
    void noPageIsTakenForDamagedBecauseOfItsChecksum() throws Exception {
        writeSums("");
    }

    /**
     * Writers that come and go, each of which changes another page: the power fails before each of their changes in turn, for
     * what there is to lose can be lost in few of them.
     */
    private Set<String> writeSums(String without) throws Exception {
        Path folder = fresh();
        var places = new TreeSet<String>();
        var random = new SplittableRandom(seed);
        long changes = 1;
        for (long cutBefore = 0; cutBefore <= changes; cutBefore++) {
            boolean whole = cutBefore == 0;
            Path disk = Files.createDirectories(folder.resolve("disk-" + cutBefore));
            Path survivors = folder.resolve("survivors-" + cutBefore);
            var power =
                    new PowerCut(disk, survivors, whole ? Long.MAX_VALUE : cutBefore, random.split()).without(without);
            try {
                changePages(Home.at(power.path().resolve("home")));
            } catch (PowerCut.PowerFailure e) {
                // What it left is what counts.
            }
            power.cut();
            changes = whole ? power.changes() : changes;
            places.addAll(power.forces());
            var house = new House(survivors);
            try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
                assertOnlySumsAreMended(ingestor.repair(), "seed " + seed + ", change " + cutBefore + " of " + changes);
            }
            delete(disk);
            delete(survivors);
        }
        return places;
    }

    private static void changePages(Home home) {
        for (int writer = 0; writer < WRITERS; writer++) {
            try (HomeLock lock = home.lock();
                    CatalogWriter catalog = CatalogWriter.open(lock, Principal.DEFAULT_TENANT)) {
                // The first fills some pages, for the others to change one of.
                int from = writer == 0 ? 0 : 40 * writer;
                int to = writer == 0 ? 40 * WRITERS : from + 1;
                int size = writer;
                catalog.inTransaction(() -> {
                    for (int file = from; file < to; file++) {
                        catalog.rememberFile("default", "user:ana", "%0500d".formatted(file), size, 0);
                    }
                });
            }
        }
    }

    private static void assertOnlySumsAreMended(Repaired repaired, String as) {
        // Checksums that were being written are taken anew; nothing that they are of is in doubt. An index is a view,
        // and one
        // whose folder had no name on the disk yet is built from the catalog.
        assertThat(repaired.mended())
                .as(as)
                .allMatch(each -> each.endsWith("of its pages: they are taken anew")
                        || each.endsWith("was missing: it is built again."));
        assertThat(repaired.left()).as(as).isEmpty();
    }

    @Test
    void aBackupAndARestoreThatReturnedAreOnDisk() throws Exception {
        backUpAndRestore("");
    }

    private Set<String> backUpAndRestore(String without) throws Exception {
        Path folder = fresh();
        var places = new TreeSet<String>();
        var random = new SplittableRandom(seed);
        var house = new House(folder.resolve("house"));
        house.write("a.txt", "Herons wade.");
        house.ingest();
        for (int i = 0; i < 10; i++) {
            Path disk = Files.createDirectories(folder.resolve("disk-" + i));
            var power =
                    new PowerCut(disk, folder.resolve("after-" + i), Long.MAX_VALUE, random.split()).without(without);
            Backup.write(house.home, power.path().resolve("b.zip"), Clock.systemUTC());
            power.cut();
            Path file = folder.resolve("after-" + i).resolve("b.zip");
            assertThat(file).as("seed %d", seed).hasSameBinaryContentAs(disk.resolve("b.zip"));

            Path other = Files.createDirectories(folder.resolve("other-" + i));
            var again =
                    new PowerCut(other, folder.resolve("then-" + i), Long.MAX_VALUE, random.split()).without(without);
            Restore.into(Home.at(again.path().resolve("home")), file);
            again.cut();
            var restored = new House(folder.resolve("then-" + i));
            assertThat(restored.search(House.ANA, "herons")).as("seed %d", seed).hasSize(1);
            places.addAll(power.forces());
            places.addAll(again.forces());
        }
        return places;
    }

    @Test
    void anAdapterThatADeadProcessWroteIsForcedByTheNextOneThatHasTheSame() throws Exception {
        writeWhatADeadProcessWrote("");
    }

    private Set<String> writeWhatADeadProcessWrote(String without) throws Exception {
        Path folder = fresh();
        var places = new TreeSet<String>();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 10; i++) {
            Path disk = Files.createDirectories(folder.resolve("disk-" + i));
            Path survivors = folder.resolve("after-" + i);
            var power = new PowerCut(disk, survivors, Long.MAX_VALUE, random.split()).without(without);
            Home home = Home.at(power.path().resolve("home"));
            AdapterEntry adapter;
            try (var adapters = new AdapterHouse(home.path())) {
                adapters.trained(House.ANA, "queues", "kettle");
                power.unforce(home.adapters("default"));
                adapter = adapters.trained(House.ANA, "queues", "kettle");
            }
            power.cut();
            try (var adapters = new AdapterHouse(survivors.resolve("home"))) {
                assertThat(adapters.registry.read(House.ANA, adapter))
                        .as("seed %d", seed)
                        .isNotEmpty();
            }
            places.addAll(power.forces());
        }
        return places;
    }

    private static void delete(Path below) throws IOException {
        if (Files.exists(below)) {
            try (Stream<Path> all = Files.walk(below)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
