package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {

    private static final Principal ANA = Principal.parse("user:ana,group:hr");
    private static final Principal BEN = Principal.parse("user:ben,group:ops");
    private static final Principal OTHER_ANA = Principal.parse("tenant:acme,user:ana,group:hr");

    @TempDir
    private Path folder;

    private Home home;
    private HomeLock lock;
    private CatalogWriter writer;
    private Catalog catalog;

    @BeforeEach
    void open() {
        home = Home.at(folder.resolve("home"));
        lock = home.lock();
        writer = CatalogWriter.open(lock, "default");
        catalog = Catalog.read(home, "default");
    }

    @AfterEach
    void close() {
        catalog.close();
        writer.close();
        lock.close();
    }

    @Test
    void nothingIsThereBeforeAnythingIsWritten() {
        try (Catalog none = Catalog.read(home, "acme")) {
            assertThat(none.readableAccessSets(OTHER_ANA)).isEmpty();
            assertThat(none.documents(OTHER_ANA, null)).isEmpty();
            assertThat(none.status(OTHER_ANA)).isEmpty();
            assertThat(none.readsAll(OTHER_ANA, "default")).isFalse();
        }
        assertThat(home.tenant("acme")).doesNotExist();
    }

    @Test
    void idsAreDerivedSoThatTheyTellOfNothingElse() {
        assertThat(ready(ANA, "a.txt", "everyone").id())
                .isEqualTo(Arrival.documentId("docs", "ana", "a.txt"))
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(Arrival.documentId("docs", "ben", "a.txt"));
        assertThat(Arrival.documentId("docs", "ana", "a.txt")).isEqualTo("3dd2aca9ac10a161");
    }

    @Test
    void aDocumentIsReadByWhoMayAndByNobodyOfAnotherTenant() {
        Standing document = ready(ANA, "a.txt", "group:ops");

        assertThat(catalog.readable(ANA, List.of(document.id()))).containsOnlyKeys(document.id());
        assertThat(catalog.readable(BEN, List.of(document.id()))).containsOnlyKeys(document.id());
        assertThat(catalog.readable(Principal.ofUser("eve"), List.of(document.id())))
                .isEmpty();
        assertThat(catalog.readable(OTHER_ANA, List.of(document.id()))).isEmpty();
        assertThat(catalog.readableAccessSets(OTHER_ANA)).isEmpty();
        assertThat(catalog.text(OTHER_ANA, document.id(), 1)).isEmpty();
        assertThat(catalog.documents(OTHER_ANA, null)).isEmpty();
    }

    @Test
    void aRevocationHoldsForTheNextQuestionHoweverOftenItWasAskedBefore() {
        Standing document = ready(ANA, "a.txt", "group:ops");
        for (int i = 0; i < 3; i++) {
            assertThat(catalog.readable(BEN, List.of(document.id()))).hasSize(1);
            assertThat(catalog.text(BEN, document.id(), 1)).isPresent();
        }

        writer.setAccess(document, AccessSet.parse("user:ana"));

        assertThat(catalog.readable(BEN, List.of(document.id()))).isEmpty();
        assertThat(catalog.text(BEN, document.id(), 1)).isEmpty();
        assertThat(catalog.document(BEN, "docs", document.id())).isEmpty();
        assertThat(catalog.status(BEN)).isEmpty();
    }

    @Test
    void aGrantToAListNobodyHadBeforeHoldsAtOnce() {
        Standing document = ready(ANA, "a.txt", "user:ana");
        assertThat(catalog.readable(BEN, List.of(document.id()))).isEmpty();

        writer.setAccess(document, AccessSet.parse("group:ops,user:ana"));

        assertThat(catalog.readable(BEN, List.of(document.id()))).hasSize(1);
    }

    @Test
    void readingAllIsSaidOnlyOfCollectionsThatAreSeen() {
        ready(ANA, "a.txt", "everyone");
        assertThat(catalog.readsAll(BEN, "docs")).isTrue();

        Standing secret = ready(ANA, "b.txt", "user:ana");

        assertThat(catalog.readsAll(BEN, "docs")).isFalse();
        assertThat(catalog.readsAll(ANA, "docs")).isTrue();
        assertThat(catalog.readsAll(BEN, "nowhere")).isFalse();
        assertThat(catalog.readsAll(OTHER_ANA, "docs")).isFalse();
        writer.delete(secret);
        assertThat(catalog.readsAll(BEN, "docs")).isTrue();
    }

    @Test
    void whatIsPendingFailedOrDeletedIsNotRead() {
        Standing pending = writer.put(arrival(ANA, "a.txt", "everyone", "x"), null);
        Standing failed = writer.put(arrival(ANA, "b.txt", "everyone", "x"), null);
        writer.failed(failed, "broken");
        Standing deleted = ready(ANA, "c.txt", "everyone");
        writer.delete(deleted);
        List<String> ids = List.of(pending.id(), failed.id(), deleted.id());

        assertThat(catalog.readable(ANA, ids)).isEmpty();
        assertThat(catalog.documents(BEN, null)).isEmpty();
        assertThat(catalog.documents(ANA, null).stream().map(DocumentEntry::state))
                .containsExactly(State.ACKNOWLEDGED, State.FAILED);
        assertThat(catalog.status(BEN)).isEmpty();
        assertThat(catalog.status(ANA))
                .singleElement()
                .satisfies(status -> assertThat(List.of(status.documents(), status.acknowledged(), status.failed()))
                        .containsExactly(0L, 1L, 1L));
    }

    @Test
    void aReaderWhoIsNotTheOwnerSeesNeitherReadersNorFailures() {
        Standing document = ready(ANA, "a.txt", "group:ops");
        writer.failed(writer.put(arrival(ANA, "a.txt", "group:ops", "other"), null), "broken");

        DocumentEntry own = catalog.document(ANA, "docs", "a.txt").orElseThrow();
        DocumentEntry foreign = catalog.document(BEN, "docs", document.id()).orElseThrow();

        assertThat(own.state()).isEqualTo(State.FAILED);
        assertThat(own.reason()).isEqualTo("broken");
        assertThat(own.access()).isEqualTo(AccessSet.parse("group:ops,user:ana"));
        assertThat(foreign.state()).isEqualTo(State.READY);
        assertThat(foreign.reason()).isNull();
        assertThat(foreign.access()).isNull();
    }

    @Test
    void aVersionNumberIsNeverUsedTwice() {
        Standing first = ready(ANA, "a.txt", "everyone");
        writer.delete(first);

        Standing again = ready(ANA, "a.txt", "user:ana");

        assertThat(again.latest()).isEqualTo(2);
        assertThat(catalog.text(ANA, again.id(), 1)).isEmpty();
        assertThat(catalog.text(ANA, again.id(), 2)).isPresent();
    }

    @Test
    void chunksComeBackAsTheyWereWordForWordWhateverTheScript() {
        String text = "naïve 🐦 heron, 👩‍👩‍👧 wade";
        Standing document = writer.put(arrival(ANA, "a.txt", "everyone", text), null);
        int cut = text.codePointCount(0, text.indexOf("heron"));
        int end = text.codePointCount(0, text.length());
        List<Chunk> chunks = List.of(
                new Chunk(document.id(), 1, 0, new Span(0, cut), new Span(0, end), "Birds > Waders", 3, "naïve 🐦 "),
                new Chunk(document.id(), 1, 1, new Span(cut, end), new Span(0, end), "", 4, "heron, 👩‍👩‍👧 wade"));
        var metadata = new TreeMap<>(Map.of("team", "\"birds\"\n", "é", ""));
        Instant modified = Instant.parse("2026-01-02T03:04:05Z");

        writer.ready(
                document,
                new Extraction("Birds", text, metadata, modified, chunks, List.of(Sha256.hex("a"), Sha256.hex("b"))));

        Stored stored = writer.stored(writer.changes("docs", 0, 10).getFirst()).orElseThrow();
        assertThat(stored.chunks()).isEqualTo(chunks);
        assertThat(stored.document().metadata()).isEqualTo(metadata);
        assertThat(stored.document().modified()).isEqualTo(modified);
        assertThat(stored.textHashes()).containsExactly(Sha256.hex("a"), Sha256.hex("b"));
        assertThat(catalog.readable(ANA, List.of(document.id()))).containsValue(stored.document());
    }

    @Test
    void theSameTextIsEmbeddedOnceForEachEncoder() {
        Vectors vectors = writer.vectors(new Encoder("one", "1".repeat(64), 2, 512));
        vectors.keep(Map.of(Sha256.hex("text"), new float[] {.6f, .8f}));

        assertThat(vectors.of(Sha256.hex("text")))
                .hasValueSatisfying(vector -> assertThat(vector).containsExactly(.6f, .8f));
        assertThat(vectors.of(Sha256.hex("other"))).isEmpty();
        assertThat(writer.vectors(new Encoder("two", "2".repeat(64), 2, 512)).of(Sha256.hex("text")))
                .isEmpty();
        assertThat(writer.dropUnusedVectors()).isEqualTo(1);
    }

    @Test
    void aTransactionThatFailsLeavesNothingAndTheNextOneWorks() {
        assertThatThrownBy(() -> writer.inTransaction(() -> {
                    ready(ANA, "a.txt", "everyone");
                    throw new IllegalStateException("half way");
                }))
                .hasMessage("half way");

        assertThat(catalog.documents(ANA, null)).isEmpty();
        ready(ANA, "b.txt", "everyone");
        assertThat(catalog.documents(ANA, null)).hasSize(1);
    }

    @Test
    void readersNeverWaitForTheWriterAndSeeWhatIsCommitted() {
        Standing document = ready(ANA, "a.txt", "everyone");

        writer.inTransaction(() -> {
            writer.delete(document);
            assertThat(catalog.readable(ANA, List.of(document.id()))).hasSize(1);
        });

        assertThat(catalog.readable(ANA, List.of(document.id()))).isEmpty();
    }

    @Test
    void manyThreadsReadWhileOneWritesAndNobodySeesWhatTheyMayNot() throws Exception {
        List<String> ids = IntStream.range(0, 40)
                .mapToObj(i -> ready(ANA, "file-" + i, i % 2 == 0 ? "group:ops" : "user:ana")
                        .id())
                .toList();
        Set<String> always = new HashSet<>();
        IntStream.iterate(1, i -> i < 40, i -> i + 2).forEach(i -> always.add(ids.get(i)));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var readers = new ArrayList<Callable<Boolean>>();
            for (int thread = 0; thread < 4; thread++) {
                readers.add(() -> {
                    for (int i = 0; i < 200; i++) {
                        assertThat(catalog.readable(BEN, ids).keySet()).doesNotContainAnyElementsOf(always);
                        assertThat(catalog.readable(ANA, ids)).hasSize(40);
                    }
                    return true;
                });
            }
            var running = readers.stream().map(threads::submit).toList();
            var random = new SplittableRandom(7);
            for (int i = 0; i < 60; i++) {
                int even = 2 * random.nextInt(20);
                writer.setAccess(
                        writer.standing(ids.get(even)).orElseThrow(),
                        AccessSet.parse(random.nextBoolean() ? "group:ops,user:ana" : "user:ana"));
            }
            for (var each : running) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    @Test
    void theDiskHasTheLastWordOnEveryCommit() throws SQLException {
        ready(ANA, "a.txt", "everyone");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.catalog("default"));
                var statement = connection.createStatement();
                var mode = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(mode.getString(1)).isEqualTo("wal");
        }
    }

    @Test
    void aCatalogOfANewerTandemIsLeftAlone() throws SQLException {
        writer.close();
        int newest;
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.catalog("default"));
                var statement = connection.createStatement()) {
            newest = statement.executeQuery("PRAGMA user_version").getInt(1);
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> CatalogWriter.open(lock, "default")).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT);
            assertThat(e).hasMessageContaining("newer Tandem");
        });
        assertThatThrownBy(() -> catalog.documents(ANA, null)).isInstanceOf(Failure.class);
        writer = reopened(newest);
    }

    @Test
    void aCatalogOfAnOlderTandemIsBroughtUpToDateByItsFirstReader() throws Exception {
        Path file = home.catalog("older");
        Files.createDirectories(file.getParent());
        String script;
        try (var in = Catalog.class.getResourceAsStream("001.sql")) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (String each : script.split(";", -1)) {
                if (!each.isBlank()) {
                    statement.execute(each);
                }
            }
            statement.execute("PRAGMA user_version = 1");
        }
        var ana = Principal.parse("tenant:older,user:ana");
        try (Catalog older = Catalog.read(home, "older")) {
            assertThat(older.documents(ana, null)).isEmpty();
            assertThat(older.datasets().list(ana)).isEmpty();
            assertThat(older.adapters().list(ana)).isEmpty();
            assertThat(older.comparisons().all(ana)).isEmpty();
        }
    }

    private CatalogWriter reopened(int version) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.catalog("default"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + version);
        }
        return CatalogWriter.open(lock, "default");
    }

    @Test
    void aDamagedCatalogIsNamed() throws IOException {
        Path file = home.catalog("acme");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "This is no database. ".repeat(100));

        try (Catalog damaged = Catalog.read(home, "acme")) {
            assertThatThrownBy(() -> damaged.documents(OTHER_ANA, null)).isInstanceOfSatisfying(Failure.class, e -> {
                assertThat(e.kind()).isEqualTo(Failure.Kind.BROKEN);
                assertThat(e).hasMessageContaining(file.toString());
            });
        }
    }

    @Test
    void namesThatCouldLeaveTheHomeAreRefused() {
        for (String name : List.of("..", "a/b", "", "A", "a b", "-a", "x".repeat(64))) {
            assertThatThrownBy(() -> home.index("default", name)).as(name).isInstanceOf(Failure.class);
            assertThatThrownBy(() -> home.tenant(name)).as(name).isInstanceOf(Failure.class);
        }
    }

    private Standing ready(Principal owner, String path, String access) {
        String text = "The text of " + path;
        Standing document = writer.put(arrival(owner, path, access, text), null);
        int end = text.codePointCount(0, text.length());
        var whole = new Span(0, end);
        var chunk = new Chunk(document.id(), document.latest(), 0, whole, whole, "", 0, text);
        writer.ready(
                document, new Extraction(path, text, new TreeMap<>(), null, List.of(chunk), List.of(Sha256.hex(text))));
        return writer.standing(document.id()).orElseThrow();
    }

    private static Arrival arrival(Principal owner, String path, String access, String content) {
        return new Arrival(
                "docs",
                owner,
                path,
                path,
                "file",
                AccessSet.parse(access),
                new TreeMap<>(),
                Sha256.hex(content),
                content.length(),
                Instant.EPOCH);
    }

    @Test
    void everyOpeningBringsBackTheSettingsThatKeepThePromises() throws SQLException {
        writer.close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.catalog("default"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            catalog.close();
            statement.execute("PRAGMA journal_mode = DELETE");
        }
        writer = CatalogWriter.open(lock, "default");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.catalog("default"));
                var statement = connection.createStatement();
                var mode = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(mode.getString(1)).isEqualTo("wal");
        }
    }
}
