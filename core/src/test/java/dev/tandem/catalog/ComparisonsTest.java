package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonsTest {

    private static final Principal ANA = Principal.parse("user:ana,group:hr");
    private static final Principal BEN = Principal.parse("user:ben,group:hr");
    private static final Principal OTHER_ANA = Principal.parse("tenant:acme,user:ana,group:hr");

    private static final Extraction TEXT = new Extraction("t", "text", new TreeMap<>(), null, List.of(), List.of());

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
    void aComparisonIsReadByItsOwnerAndByNobodyElse() {
        kept(Set.of());
        assertThat(catalog.comparisons().all(ANA)).singleElement().satisfies(entry -> {
            assertThat(entry.id()).isEqualTo("abc");
            assertThat(entry.identity()).isEqualTo("{\"suite\":1}");
            assertThat(entry.at()).isBefore(Instant.now().plusSeconds(1));
            assertThat(entry.report()).isNull();
        });
        assertThat(catalog.comparisons().outcomes(ANA, "abc", "rag"))
                .containsExactly(Map.entry(0, "{}"), Map.entry(2, "[]"));
        assertThat(catalog.comparisons().outcomes(ANA, "abc", "tuned")).isEmpty();
        hidden(BEN);
        hidden(OTHER_ANA);
        hidden(Principal.ofUser("eve"));
    }

    @Test
    void itsOwnerReadsItWithoutAnyAccessSetThatNamesThem() {
        kept(Set.of());
        assertThat(catalog.readableAccessSets(ANA)).isEmpty();
        assertThat(catalog.comparisons().find(ANA, "abc")).isPresent();
    }

    @Test
    void itIsHiddenFromItsOwnerWhoMayNoLongerReadADatasetOrADocumentBehindIt() throws Exception {
        Standing document = writer.put(arrival("bands.md", "group:hr"), null);
        writer.ready(document, TEXT);
        long dataset = dataset(document, "user:ana");
        kept(Set.of(dataset));
        assertThat(catalog.comparisons().all(ANA)).hasSize(1);

        writer.setAccess(writer.standing(document.id()).orElseThrow(), AccessSet.parse("user:ben"));
        hidden(ANA);
        writer.setAccess(writer.standing(document.id()).orElseThrow(), AccessSet.parse("user:ana,user:ben"));
        assertThat(catalog.comparisons().all(ANA)).hasSize(1);
        // A source that is gone keeps its last access set.
        writer.delete(writer.standing(document.id()).orElseThrow());
        assertThat(catalog.comparisons().all(ANA)).hasSize(1);
    }

    @Test
    void aDatasetThatWasTakenAwayTakesItsComparisonsAlong() throws Exception {
        Standing document = writer.put(arrival("bands.md", "everyone"), null);
        writer.ready(document, TEXT);
        kept(Set.of(dataset(document, "everyone")));
        assertThat(catalog.comparisons().all(ANA)).hasSize(1);
        Standing other = writer.put(arrival("x.md", "user:ben"), null);
        sql("UPDATE dataset SET access_set = (SELECT access_set FROM document WHERE id = '" + other.id() + "')");
        hidden(ANA);
    }

    @Test
    void whatIsThereStaysHoweverOftenItIsBegunAndAReportTakesTheLastOnesPlace() {
        kept(Set.of());
        ComparisonWriter all = writer.comparisons();
        all.open("ana", "abc", "{\"suite\":1}", Set.of());
        assertThatThrownBy(() -> all.open("ana", "abc", "{\"suite\":2}", Set.of()))
                .as("another comparison never goes on with its outcomes")
                .isInstanceOf(IllegalStateException.class);
        all.append("ana", "abc", "rag", new TreeMap<>(Map.of(0, "{\"other\":1}", 1, "{}")));
        assertThat(all.outcomes("ana", "abc", "rag"))
                .containsExactly(Map.entry(0, "{}"), Map.entry(1, "{}"), Map.entry(2, "[]"));
        all.finish("ana", "abc", "{\"a\":1}");
        all.finish("ana", "abc", "{\"a\":2}");
        var entry = catalog.comparisons().find(ANA, "abc").orElseThrow();
        assertThat(entry.identity()).isEqualTo("{\"suite\":1}");
        assertThat(entry.report()).isEqualTo("{\"a\":2}");
        assertThat(catalog.comparisons().find(ANA, "abd")).isEmpty();
    }

    @Test
    void twoOwnersMayMeasureTheSameEachForThemselves() {
        kept(Set.of());
        writer.comparisons().open("ben", "abc", "{}", Set.of());
        assertThat(catalog.comparisons().outcomes(BEN, "abc", "rag")).isEmpty();
        assertThat(catalog.comparisons().outcomes(ANA, "abc", "rag")).hasSize(2);
        assertThatThrownBy(() -> writer.comparisons().append("eve", "abc", "rag", new TreeMap<>()))
                .isInstanceOf(IllegalStateException.class);
    }

    private void hidden(Principal asker) {
        assertThat(catalog.comparisons().all(asker)).isEmpty();
        assertThat(catalog.comparisons().find(asker, "abc")).isEmpty();
        assertThat(catalog.comparisons().outcomes(asker, "abc", "rag")).isEmpty();
    }

    private void kept(Set<Long> datasets) {
        writer.comparisons().open("ana", "abc", "{\"suite\":1}", datasets);
        writer.comparisons().append("ana", "abc", "rag", new TreeMap<>(Map.of(0, "{}", 2, "[]")));
    }

    private long dataset(Standing source, String access) throws Exception {
        Standing like = writer.put(arrival("like-" + access + ".md", access), null);
        sql("INSERT INTO dataset (key, owner, name, access_set) SELECT 7, 'ana', 'tickets', access_set FROM document"
                + " WHERE id = '" + like.id() + "'");
        sql("INSERT INTO dataset_source SELECT 7, key FROM document WHERE id = '" + source.id() + "'");
        return 7;
    }

    private static Arrival arrival(String path, String access) {
        return new Arrival(
                "docs",
                Principal.ofUser("ben"),
                path,
                path,
                "file",
                AccessSet.parse(access),
                new TreeMap<>(),
                Sha256.hex(path),
                path.length(),
                Instant.EPOCH);
    }

    private void sql(String statement) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.catalog("default"));
                var made = connection.createStatement()) {
            made.executeUpdate(statement);
        }
    }
}
