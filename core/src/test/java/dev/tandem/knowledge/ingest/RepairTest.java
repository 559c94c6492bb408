package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.catalog.Answers;
import dev.tandem.catalog.Audit;
import dev.tandem.catalog.Conversations;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.backup.Backup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One byte changed, anywhere in a home: noticed, named, and mended where the catalog knows what was there. */
class RepairTest {

    private static final int OFFSETS = 20;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private House house;

    @BeforeEach
    void aHouse() throws SQLException {
        house = new House(folder);
        for (int i = 0; i < 12; i++) {
            house.write(
                    "file-" + i + ".txt",
                    ("Herons wade, number " + i + ". ").repeat(20).strip());
        }
        house.ingest();
        house.write("file-3.txt", "Curlews wade.");
        house.ingest();
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            var input = new ByteArrayInputStream("Stilts wade.".getBytes(StandardCharsets.UTF_8));
            ingestor.ingest(Request.of(House.ANA, "default", List.of("-")).reading(input), _ -> {});
            ingestor.setAccess(
                    House.ANA, "default", house.docs.resolve("file-4.txt").toString(), AccessSet.parse("user:ben"));
        }
        try (var adapters = new AdapterHouse(house.home.path())) {
            adapters.trained(House.ANA, "queues", "kettle");
        }
        house.ingest();
        // What is still in the log would undo a change of the file under it.
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + house.home.catalog("default"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    @Test
    void aChangedByteOfTheIndexIsNamedAndTheIndexBuiltAnewWithoutEmbedding() throws IOException {
        changeBytesOfTheIndex(2);
    }

    @Test
    @Tag("nightly")
    void soIsEveryOtherByte() throws IOException {
        changeBytesOfTheIndex(OFFSETS);
    }

    private void changeBytesOfTheIndex(int offsets) throws IOException {
        int changed = 0;
        for (Path file : files(house.home.index("default", "default"))) {
            if (file.endsWith("write.lock")) {
                continue;
            }
            byte[] whole = Files.readAllBytes(file);
            var others = new TreeMap<Path, byte[]>();
            for (Path other : files(house.home.index("default", "default"))) {
                others.put(other, Files.readAllBytes(other));
            }
            for (int at : random.ints(offsets, 0, whole.length).toArray()) {
                put(others);
                flip(file, whole, at);
                Repaired repaired = repair();
                String as = "seed " + seed + ", byte " + at + " of " + file;
                assertThat(repaired.mended())
                        .as(as)
                        .singleElement()
                        .satisfies(each -> assertThat(each)
                                .contains(
                                        file.getFileName().toString().startsWith("segments")
                                                ? file.getParent().toString()
                                                : file.toString()));
                assertThat(repaired.left()).as(as).isEmpty();
                assertThat(repaired.embedded()).as(as).isZero();
                changed++;
            }
            assertThat(house.search(House.ANA, "curlews")).first().isEqualTo("file-3.txt");
            assertThat(house.search(House.BEN, "herons")).containsExactly("file-4.txt");
            put(others);
        }
        System.out.println(changed + " changed bytes of the index, all named and mended");
        assertThat(repair().mended()).isEmpty();
    }

    @Test
    void everyChangedByteOfTheCatalogIsNamedOrMended() throws Exception {
        Path catalog = house.home.catalog("default");
        byte[] whole = Files.readAllBytes(catalog);
        Path sums = catalog.resolveSibling("catalog.db.sums");
        byte[] wholeSums = Files.readAllBytes(sums);
        String content = content(catalog);
        int named = 0;
        int mended = 0;
        int pages = whole.length / 8192;
        assertThat(wholeSums).hasSize(pages * Long.BYTES);
        // Some of every page, or the twenty of the promise would all fall into the largest table.
        for (int page = 0; page < pages; page++) {
            for (int i = 0; i < Math.max(2, OFFSETS / pages); i++) {
                int at = page * 8192 + random.nextInt(8192);
                String as = "seed " + seed + ", byte " + at;
                flip(catalog, whole, at);
                Files.write(sums, wholeSums);
                try {
                    assertThat(repair().mended()).as(as).isNotEmpty();
                    assertThat(content(catalog)).as(as).isEqualTo(content);
                    mended++;
                } catch (Failure e) {
                    named++;
                    assertThat(e.kind()).as(as).isEqualTo(Failure.Kind.BROKEN);
                    assertThat(e).as(as).hasMessageContaining(catalog.toString());
                    assertThat(e.nextStep()).as(as).contains("tandem restore");
                }
                withoutLog(catalog);
            }
        }
        Files.write(catalog, whole);
        System.out.println("of " + (named + mended) + " changed bytes of the catalog " + named + " named and " + mended
                + " mended; replay with -Dtandem.seed=" + seed);
        for (int at : random.ints(OFFSETS, 0, wholeSums.length).toArray()) {
            flip(sums, wholeSums, at);
            assertThat(repair().mended())
                    .as("seed %d, byte %d of sums", seed, at)
                    .hasSize(1);
            assertThat(sums).hasBinaryContent(wholeSums);
        }
    }

    @Test
    void withoutChecksumsOfPagesWhatHasAHashIsStillNamed() throws Exception {
        Path catalog = house.home.catalog("default");
        byte[] whole = Files.readAllBytes(catalog);
        byte[] text = "Curlews wade.".getBytes(StandardCharsets.UTF_8);
        int at = indexOf(whole, text);
        Files.delete(catalog.resolveSibling("catalog.db.sums"));
        whole[at] ^= 1;
        Files.write(catalog, whole);
        Failure failure = catchThrowableOfType(Failure.class, this::repair);
        assertThat(failure).hasMessageContaining("its text is not what was read");
    }

    private Path beside(String name) {
        return house.home.catalog("default").resolveSibling(name);
    }

    private static int indexOf(byte[] whole, byte[] part) {
        for (int at = 0; at + part.length <= whole.length; at++) {
            if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }

    private static void withoutLog(Path catalog) throws IOException {
        for (String log : List.of("-wal", "-shm", "-journal", ".pending")) {
            Files.deleteIfExists(catalog.resolveSibling(catalog.getFileName() + log));
        }
    }

    @Test
    void whatTheCatalogCannotMendIsNamedWithWhatToDo() throws IOException {
        changeBytesOfWhatIsKeptOnce(2);
    }

    @Test
    @Tag("nightly")
    void soIsEveryOtherByteOfIt() throws IOException {
        changeBytesOfWhatIsKeptOnce(OFFSETS);
    }

    private void changeBytesOfWhatIsKeptOnce(int offsets) throws IOException {
        int changed = 0;
        for (Path below : List.of(house.home.blobs("default"), house.home.adapters("default"))) {
            for (Path file : files(below)) {
                byte[] whole = Files.readAllBytes(file);
                for (int at : random.ints(offsets, 0, whole.length).toArray()) {
                    flip(file, whole, at);
                    assertThat(repair().left())
                            .as("seed %d, byte %d of %s", seed, at, file)
                            .singleElement()
                            .satisfies(each ->
                                    assertThat(each).contains(file.toString()).contains("again"));
                    changed++;
                }
                Files.write(file, whole);
            }
        }
        // One blob, and two files of the adapter.
        assertThat(changed).isEqualTo(3 * offsets);
        System.out.println(changed + " changed bytes of blobs and adapters, all named");
        assertThat(repair().left()).isEmpty();
    }

    @Test
    void aChangedTurnOrCachedAnswerIsNotShownAndNamed() throws IOException {
        String id = Conversations.newId();
        var rests = List.of(new Conversations.Rest("0123456789abcdef", 1, true));
        Conversations talk = Conversations.of(house.home, House.ANA);
        talk.append(id, "default", Instant.EPOCH, "How many?", "How many herons?", "{\"a\":\"75000 herons\"}", rests);
        Answers answers = Answers.of(house.home, "default");
        answers.keep("key", "default", "now", "{\"a\":\"75000 herons\"}");
        assertThat(repair()).isEqualTo(new Repaired(List.of(), List.of(), 0));
        byte[] figure = "75000".getBytes(StandardCharsets.UTF_8);
        for (Path file : List.of(beside("chats.db"), beside("cache/answers.db"))) {
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < OFFSETS; i++) {
                flip(file, whole, indexOf(whole, figure) + i % figure.length);
                Repaired repaired = repair();
                assertThat(file.endsWith("chats.db") ? repaired.left() : repaired.mended())
                        .singleElement()
                        .satisfies(each -> assertThat(each).contains(file.toString(), "1 of its rows"));
                flip(file, whole, indexOf(whole, figure) + i % figure.length);
                assertThat(talk.turns(id))
                        .singleElement()
                        .satisfies(turn -> assertThat(turn.answer()).isIn(null, "{\"a\":\"75000 herons\"}"));
                assertThat(answers.find("key").orElse("{\"a\":\"75000 herons\"}"))
                        .isEqualTo("{\"a\":\"75000 herons\"}");
                Files.write(file, whole);
            }
        }
        assertThat(talk.turns(id).getFirst().answer()).isEqualTo("{\"a\":\"75000 herons\"}");
        assertThat(answers.find("key")).contains("{\"a\":\"75000 herons\"}");
    }

    @Test
    void aChangedEntryOfTheAuditTrailIsMarkedAndNamed() throws IOException {
        Audit audit = Audit.of(house.home, "default");
        audit.write(House.ANA, "allow-pii", "queues@1", "e-mail addresses in 1 example", "They are invented.");
        Path file = beside("audit.db");
        byte[] whole = Files.readAllBytes(file);
        assertThat(repair()).isEqualTo(new Repaired(List.of(), List.of(), 0));
        for (String text : List.of("queues@1", "mail addresses", "invented")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            flip(file, whole, indexOf(whole, bytes));
            assertThat(repair().left())
                    .singleElement()
                    .satisfies(each -> assertThat(each).contains(file.toString(), "1 of its rows"));
            assertThat(audit.entries(House.ANA)).singleElement().returns(false, Audit.Entry::whole);
            Files.write(file, whole);
        }
        assertThat(audit.entries(House.ANA)).singleElement().returns(true, Audit.Entry::whole);
        assertThat(audit.entries(House.BEN)).isEmpty();
    }

    @Test
    void aTornDatabaseBesideTheCatalogIsNamedAsWhatItIs() throws IOException {
        Usage.of(house.home, House.ANA).reserve("model", 1, Long.MAX_VALUE);
        Path file = beside("usage.db");
        byte[] whole = Files.readAllBytes(file);
        byte[] torn = whole.clone();
        Arrays.fill(torn, 0, 40, (byte) 0);
        Files.write(file, torn);
        assertThat(repair().left())
                .singleElement()
                .satisfies(each ->
                        assertThat(each).contains(file.toString(), "backup").doesNotContain("The catalog"));
        Failure failure = catchThrowableOfType(
                Failure.class, () -> Usage.of(house.home, House.ANA).month());
        assertThat(failure).hasMessageContaining("The database " + file);
        assertThat(failure.nextStep()).contains("no document is lost");
        Files.write(file, whole);
    }

    @Test
    void aWholeHomeIsLeftAsItIs() throws IOException {
        var before = new TreeMap<Path, byte[]>();
        for (Path file : files(house.home.path())) {
            before.put(file, Files.readAllBytes(file));
        }

        Repaired repaired = repair();

        assertThat(repaired).isEqualTo(new Repaired(List.of(), List.of(), 0));
        before.forEach((file, bytes) -> {
            // SQLite counts the openings of a catalog in its first page.
            if (!file.getFileName().toString().startsWith("catalog.db")) {
                assertThat(file).hasBinaryContent(bytes);
            }
        });
    }

    @Test
    void aDamagedHomeIsNotBackedUpUnnoticed() throws IOException {
        Path file = files(house.home.index("default", "default")).stream()
                .filter(each -> each.toString().endsWith(".cfs"))
                .findFirst()
                .orElseThrow();
        flip(file, Files.readAllBytes(file), 100);
        Failure failure = catchThrowableOfType(
                Failure.class, () -> Backup.write(house.home, folder.resolve("b.zip"), Clock.systemUTC()));
        assertThat(failure).hasMessageContaining(file.toString());
        assertThat(failure.nextStep()).contains("tandem repair");
        assertThat(folder.resolve("b.zip")).doesNotExist();
    }

    private Repaired repair() {
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            return ingestor.repair();
        }
    }

    private void flip(Path file, byte[] whole, int at) throws IOException {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
    }

    private void put(Map<Path, byte[]> state) throws IOException {
        for (Path file : files(house.home.index("default", "default"))) {
            if (!state.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (var each : state.entrySet()) {
            Files.createDirectories(each.getKey().getParent());
            Files.write(each.getKey(), each.getValue());
        }
    }

    private static List<Path> files(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Every row of every table. */
    private static String content(Path catalog) throws SQLException {
        var content = new StringBuilder();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + catalog)) {
            var tables = new ArrayList<String>();
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
                            + " AND name NOT IN ('setting') ORDER BY name")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                    content.append(rows.getString(1))
                            .append(' ')
                            .append(rows.getString(2))
                            .append('\n');
                }
            }
            for (String table : tables) {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
                    while (rows.next()) {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            Object value = rows.getObject(i);
                            content.append(table)
                                    .append('.')
                                    .append(rows.getMetaData().getColumnName(i))
                                    .append(' ')
                                    .append(value instanceof byte[] bytes ? Arrays.toString(bytes) : escaped(value))
                                    .append('\n');
                        }
                    }
                }
            }
        } catch (SQLException e) {
            return content + e.getMessage();
        }
        return content.toString();
    }

    private static String escaped(Object value) {
        return String.valueOf(value).replace("\n", "\\n");
    }
}
