package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Conversations;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Homes as former versions left them are used as if they were of today; one of a later version is left alone. */
class UpgradeTest {

    private static final int NEWEST = 5;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aHomeOfAFormerVersionIsReadAsItWas(int version) throws Exception {
        House house = of(version);

        List<DocumentEntry> entries = house.documents(House.ANA);
        assertThat(names(entries)).containsExactlyInAnyOrder("herons.txt", "curlews.md", "stilts.txt", "-");
        assertThat(names(house.documents(House.BEN))).containsExactly("herons.txt");
        assertThat(house.documents(Principal.parse("user:carl"))).isEmpty();
        assertThat(first(house, House.ANA, "stilts islands")).isEqualTo("stilts.txt");
        assertThat(first(house, House.ANA, "godwits")).isEqualTo("-");
        assertThat(house.search(House.BEN, "stilts")).allMatch(path -> path.endsWith("herons.txt"));
        assertThat(house.search(House.ANA, "bitterns boom")).noneMatch(path -> path.endsWith("gone.txt"));
        DocumentEntry stilts = entries.stream()
                .filter(each -> each.path().endsWith("stilts.txt"))
                .findFirst()
                .orElseThrow();
        assertThat(house.text(House.ANA, stilts.id(), stilts.version())).hasValue("Stilts nest on islands now.");
        assertThat(schema(house)).isEqualTo(NEWEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void itIsWrittenAndFoundWholeByACheck(int version) throws Exception {
        House house = of(version);
        house.write("new.txt", "Avocets sweep the mud.");

        Summary summary = house.ingest();

        assertThat(summary.failed()).isZero();
        assertThat(summary.added()).isEqualTo(1);
        assertThat(first(house, House.ANA, "avocets")).isEqualTo("new.txt");
        assertThat(first(house, House.ANA, "stilts islands")).isEqualTo("stilts.txt");
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            assertThat(ingestor.repair()).isEqualTo(new Repaired(List.of(), List.of(), 0));
            String herons = house.documents(House.BEN).getFirst().id();
            ingestor.setAccess(House.ANA, "default", herons, AccessSet.ownerOnly(House.ANA));
        }
        assertThat(house.documents(House.BEN)).isEmpty();
        assertThat(schema(house)).isEqualTo(NEWEST);
    }

    @Test
    void whatStandsBesideAnExampleOfSchema5IsThere() throws Exception {
        Principal dora = Principal.parse("user:dora");
        try (Catalog catalog = of(5).catalog()) {
            DatasetVersion questions = catalog.datasets().find(dora, "fragen").orElseThrow();
            assertThat(catalog.datasets().examples(dora, questions))
                    .extracting(Example::beside)
                    .containsExactlyInAnyOrder(
                            new Beside.Context("Im Herbst ziehen sie nach Süden.", List.of("nach Süden")),
                            new Beside.Negatives(List.of("Im Herbst.")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void languagesTuningAndConversationsSinceSchema4AreThere(int version) throws Exception {
        House house = of(version);
        Principal dora = Principal.parse("user:dora");

        assertThat(names(house.documents(dora))).containsExactly("störche.txt");
        try (Catalog catalog = house.catalog();
                CollectionIndex index =
                        CollectionIndex.read(house.home.index("default", "vogelwarte"), house.embedder.encoder())) {
            var query = new Query("Storch", dora, "vogelwarte", Filter.everything(), 5);
            assertThat(Retriever.lexical((_, _) -> Optional.of(index), catalog).search(query))
                    .singleElement()
                    .satisfies(hit -> assertThat(hit.document().language()).isEqualTo(Language.GERMAN));
            assertThat(catalog.retrieval("vogelwarte").orElseThrow().chunks()).isEqualTo("sentence:110");
        }
        assertThat(Conversations.of(house.home, dora).turns("0123456789ab"))
                .singleElement()
                .satisfies(turn -> assertThat(turn.answer()).contains("nach Süden"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHomeOfALaterVersionIsRefusedAndNotAByteOfItChanges(boolean withLog) throws Exception {
        House house = ofALaterVersion(withLog);
        house.home.lock().close();
        house.write("new.txt", "Avocets sweep the mud.");
        Map<String, byte[]> before = bytes(house.home.path());

        requireRefused(house, () -> house.documents(House.ANA));
        requireRefused(house, () -> house.search(House.ANA, "stilts"));
        requireRefused(house, house::ingest);
        requireRefused(house, () -> {
            try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
                ingestor.catchUp();
            }
        });
        requireRefused(house, () -> {
            try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
                ingestor.repair();
            }
        });

        Map<String, byte[]> after = bytes(house.home.path());
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((file, bytes) -> assertThat(after.get(file)).as(file).isEqualTo(bytes));
    }

    /** @param withLog as it is where that Tandem was killed */
    private House ofALaterVersion(boolean withLog) throws IOException, SQLException {
        House house = of(3);
        Path catalog = house.home.catalog("default");
        Path log = catalog.resolveSibling("catalog.db-wal");
        byte[] file;
        byte[] logged;
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA user_version = " + (NEWEST + 1));
            if (!withLog) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            file = Files.readAllBytes(catalog);
            logged = Files.readAllBytes(log);
        }
        Files.write(catalog, file);
        Files.write(log, logged);
        // That Tandem's would be right; these are of before.
        Files.deleteIfExists(catalog.resolveSibling("catalog.db.sums"));
        return house;
    }

    private static void requireRefused(House house, ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT);
            assertThat(e)
                    .hasMessage("The catalog " + house.home.catalog("default") + " was written by a newer Tandem.");
            assertThat(e.nextStep()).isEqualTo("Use that Tandem, or name another folder with --home or TANDEM_HOME.");
        });
    }

    private static Map<String, byte[]> bytes(Path below) throws IOException {
        var bytes = new TreeMap<String, byte[]>();
        for (Path file : Disks.files(below)) {
            if (file.toString().endsWith("-shm")) {
                // Memory that processes share; made anew from the log.
                continue;
            }
            bytes.put(below.relativize(file).toString(), Files.readAllBytes(file));
        }
        return bytes;
    }

    private static List<String> names(List<DocumentEntry> entries) {
        return entries.stream().map(each -> name(each.path())).toList();
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String first(House house, Principal asker, String words) {
        return name(house.search(asker, words).getFirst());
    }

    private static int schema(House house) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + house.home.catalog("default"));
                var row = connection.createStatement().executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    private House of(int version) throws IOException {
        String archive = "homes/version-" + version + ".zip";
        try (InputStream in = Objects.requireNonNull(UpgradeTest.class.getResourceAsStream(archive));
                var zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        return new House(folder);
    }
}
