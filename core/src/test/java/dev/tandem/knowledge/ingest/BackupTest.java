package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.backup.Backup;
import dev.tandem.knowledge.backup.Restore;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home copied while it is written and read, and held against what its writer was told. */
class BackupTest {

    private static final int BACKUPS = 20;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());

    /** After each line of the ledger, what it had acknowledged as live: texts and readers by path. */
    private final ConcurrentSkipListMap<Long, Map<String, String>> told = new ConcurrentSkipListMap<>();

    @Test
    void whatIsRestoredIsWhatWasThereAtTheMomentOfTheBackup() throws Exception {
        var house = new House(folder);
        told.put(0L, Map.of());
        house.write("first.txt", "The very first one.");
        house.ingest();
        Files.delete(house.docs.resolve("first.txt"));
        house.ingest();
        told.put(lastSequence(house), Map.of());
        var stop = new AtomicBoolean();
        var moments = new TreeMap<Long, Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing = threads.submit(() -> write(house, stop));
            Future<?> reading = threads.submit(() -> read(house, stop));
            for (int i = 0; i < BACKUPS; i++) {
                long before = told.lastKey();
                Path file = folder.resolve("backup-" + i + ".zip");
                Backup.write(house.home, file, Clock.systemUTC());
                long moment = restoreAndCompare(file, i, before);
                moments.merge(moment, 1, Integer::sum);
                Files.delete(file);
            }
            stop.set(true);
            writing.get();
            reading.get();
        }
        System.out.println(BACKUPS + " backups at " + moments.size() + " moments among " + told.size()
                + " acknowledged states; replay with -Dtandem.seed=" + seed);
        assertThat(moments.size()).as("the home was written meanwhile").isGreaterThan(BACKUPS / 2);
    }

    /** Its last line of the ledger. */
    private long restoreAndCompare(Path file, int i, long before) throws IOException {
        House restored = new House(Files.createDirectories(folder.resolve("restored-" + i)));
        Restore.into(restored.home, file);
        try (Ingestor ingestor = Ingestor.open(restored.home, restored.embedder)) {
            ingestor.catchUp();
        }
        long moment = lastSequence(restored);
        assertThat(moment).isGreaterThanOrEqualTo(before);
        // The writer tells its ledger a moment after the catalog has it.
        for (int waited = 0; told.lastKey() < moment && waited < 2_000; waited++) {
            sleep(5);
        }
        Map<String, String> expected = told.floorEntry(moment).getValue();
        var found = new HashMap<String, String>();
        int chunks = 0;
        try (Catalog catalog = restored.catalog();
                CollectionIndex index =
                        CollectionIndex.read(restored.home.index("default", "default"), restored.embedder.encoder());
                Snapshot snapshot = index.snapshot()) {
            for (DocumentEntry entry : catalog.documents(House.ANA, null)) {
                if (entry.version() > 0) {
                    String text =
                            catalog.text(House.ANA, entry.id(), entry.version()).orElseThrow();
                    boolean ben =
                            catalog.text(House.BEN, entry.id(), entry.version()).isPresent();
                    found.put(entry.path(), text + (ben ? " (Ben too)" : ""));
                    chunks++;
                }
            }
            index.verify();
            assertThat(snapshot.chunks()).as("seed %d, backup %d", seed, i).isEqualTo(chunks);
            assertThat(snapshot.vectors()).as("seed %d, backup %d", seed, i).isEqualTo(chunks);
        }
        assertThat(found).as("seed %d, backup %d at %d", seed, i, moment).isEqualTo(expected);
        found.keySet().stream().limit(3).forEach(path -> {
            String word = expected.get(path).split(" ", -1)[2];
            assertThat(restored.search(House.ANA, word).getFirst()).isEqualTo(path);
        });
        if (found.containsKey("-")) {
            try (var blobs = Files.list(restored.home.blobs("default"))) {
                assertThat(blobs.map(each -> each.getFileName().toString()))
                        .as("seed %d, backup %d", seed, i)
                        .anyMatch(each -> each.matches("[0-9a-f]{64}"));
            }
        }
        return moment;
    }

    private Map<String, String> write(House house, AtomicBoolean stop) {
        var random = new SplittableRandom(seed);
        var live = new TreeMap<String, String>();
        int number = 0;
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            while (!stop.get()) {
                number++;
                String text = "Document number n" + number + "n of many.";
                String name = "file-" + random.nextInt(30) + ".txt";
                String path = house.docs.resolve(name).toString();
                switch (random.nextInt(8)) {
                    case 0 -> {
                        if (live.remove(path) != null) {
                            ingestor.remove(House.ANA, "default", path);
                        }
                    }
                    case 1 -> {
                        if (live.containsKey(path)) {
                            ingestor.setAccess(House.ANA, "default", path, AccessSet.parse("user:ben"));
                            live.computeIfPresent(path, (_, was) -> was.replace(" (Ben too)", "") + " (Ben too)");
                        }
                    }
                    case 2 -> {
                        var input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                        ingestor.ingest(
                                Request.of(House.ANA, "default", List.of("-")).reading(input), _ -> {});
                        live.put("-", text);
                    }
                    default -> {
                        house.write(name, text);
                        ingestor.ingest(Request.of(House.ANA, "default", List.of(path)), _ -> {});
                        live.compute(
                                path,
                                (_, was) -> text + (was != null && was.endsWith(" (Ben too)") ? " (Ben too)" : ""));
                    }
                }
                told.put(lastSequence(house), Map.copyOf(live));
            }
        }
        return live;
    }

    private static long read(House house, AtomicBoolean stop) {
        long found = 0;
        while (!stop.get()) {
            found += house.search(House.ANA, "number document").size();
            sleep(20);
        }
        return found;
    }

    private static long lastSequence(House house) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + house.home.catalog("default"));
                var row = connection.createStatement().executeQuery("SELECT max(seq) FROM ledger")) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void permissionsComeBackOfFilesAndOfReaders() throws Exception {
        var house = new House(folder);
        house.write("a.txt", "Herons wade.");
        house.write("b.txt", "Curlews wade.");
        house.ingest();
        Path settings = Files.writeString(house.home.path().resolve("settings.conf"), "encoder=x\n");
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r-----"));
        Files.setPosixFilePermissions(house.home.path(), PosixFilePermissions.fromString("rwxr-x---"));
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            ingestor.setAccess(
                    House.ANA, "default", house.docs.resolve("b.txt").toString(), AccessSet.parse("user:ben"));
        }

        Backup.Written written = Backup.write(house.home, folder, Clock.systemUTC());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written.file())))
                .isEqualTo("rw-------");
        House restored = new House(folder.resolve("restored"));
        Restore.into(restored.home, written.file());
        assertThat(mode(restored.home.path().resolve("settings.conf"))).isEqualTo("rw-r-----");
        assertThat(mode(restored.home.path())).isEqualTo("rwxr-x---");
        try (Catalog catalog = restored.catalog()) {
            assertThat(catalog.documents(House.BEN, null)).hasSize(1);
            assertThat(catalog.documents(House.ANA, null)).hasSize(2);
            assertThat(catalog.documents(Principal.parse("tenant:acme,user:ana,group:hr"), null))
                    .isEmpty();
        }
        assertThat(restored.home.path().resolve("lock")).doesNotExist();
        try (var left = Files.list(folder.resolve("restored"))) {
            assertThat(left.map(each -> each.getFileName().toString())).containsExactlyInAnyOrder("docs", "home");
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aHomeThatHoldsAnythingIsLeftAlone() throws Exception {
        var house = new House(folder);
        house.write("a.txt", "Herons wade.");
        house.ingest();
        Path file = folder.resolve("b.zip");
        Backup.write(house.home, file, Clock.systemUTC());
        Home other = Home.at(folder.resolve("other"));
        Files.createDirectories(other.path());
        Path mine = Files.writeString(other.path().resolve("settings.conf"), "mine");

        for (Home home : List.of(house.home, other)) {
            assertThatThrownBy(() -> Restore.into(home, file)).isInstanceOfSatisfying(Failure.class, e -> {
                assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT);
                assertThat(e).hasMessageContaining("is not empty");
            });
        }

        assertThat(mine).hasContent("mine");
        assertThat(house.search(House.ANA, "herons")).containsExactly("a.txt");
        Files.delete(mine);
        other.lock().close();
        Restore.into(other, file);
        assertThatThrownBy(() -> Restore.into(other, file)).isInstanceOf(Failure.class);
    }

    @Test
    void aDamagedBackupRestoresNothingAndSaysWhatIsWrong() throws Exception {
        var house = new House(folder);
        house.write("a.txt", "Herons wade.");
        house.ingest();
        Path file = folder.resolve("b.zip");
        Backup.write(house.home, file, Clock.systemUTC());
        byte[] whole = Files.readAllBytes(file);
        var random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, i == 0 ? java.util.Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            House restored = new House(folder.resolve("r" + i));
            try {
                Restore.into(restored.home, file);
                // A byte that nothing reads, such as a date in the archive: what came of it is whole.
                assertThat(restored.search(House.ANA, "herons")).hasSize(1);
            } catch (Failure e) {
                assertThat(e.kind())
                        .as("seed %d, byte %d: %s", seed, at, e.getMessage())
                        .isIn(Failure.Kind.BROKEN, Failure.Kind.INVALID, Failure.Kind.CONFLICT);
                assertThat(e).hasMessageContaining("b.zip");
                assertThat(restored.home.path()).doesNotExist();
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(30);
    }

    @Test
    void theTargetIsNeverOverwrittenAndNeverInsideTheHome() throws Exception {
        var house = new House(folder);
        house.write("a.txt", "Herons wade.");
        house.ingest();
        Path file = Files.writeString(folder.resolve("taken.zip"), "mine");

        assertThatThrownBy(() -> Backup.write(house.home, file, Clock.systemUTC()))
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> Backup.write(house.home, house.home.path(), Clock.systemUTC()))
                .hasMessageContaining("would be lost with it");
        assertThatThrownBy(() -> Backup.write(Home.at(folder.resolve("none")), folder, Clock.systemUTC()))
                .hasMessageContaining("nothing to back up");
        assertThat(file).hasContent("mine");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aBackupNeedsNoLockAndHoldsNothingThatWasDeletedBefore() throws Exception {
        var house = new House(folder);
        house.write("a.txt", "Herons wade past Zanzibarquay.");
        house.ingest();
        try (HomeLock lock = house.home.lock();
                CatalogWriter writer = CatalogWriter.open(lock, "default")) {
            writer.delete(writer.standing(house.entry(House.ANA, "a.txt").id()).orElseThrow());
            Backup.write(house.home, folder.resolve("b.zip"), Clock.systemUTC());
        }
        House restored = new House(folder.resolve("restored"));
        Restore.into(restored.home, folder.resolve("b.zip"));
        assertThat(new String(Files.readAllBytes(restored.home.catalog("default")), StandardCharsets.ISO_8859_1))
                .doesNotContain("Zanzibarquay");
    }
}
