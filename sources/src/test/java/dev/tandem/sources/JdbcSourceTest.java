package dev.tandem.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.ingest.Summary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every database has to keep to; on SQLite here, on PostgreSQL in {@link PostgresSourceTest}. */
class JdbcSourceTest {

    @TempDir
    Path folder;

    private Place place;

    /** A database that can be written, as its own programs do. */
    Connection database() throws SQLException {
        return DriverManager.getConnection(url());
    }

    String url() {
        return "jdbc:sqlite:" + folder.resolve("shop.db");
    }

    String user() {
        return "";
    }

    String password() {
        return "";
    }

    @BeforeEach
    void fill() throws SQLException {
        place = new Place(folder);
        execute(
                "DROP TABLE IF EXISTS orders",
                "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT, price NUMERIC, note TEXT, changed TIMESTAMP)",
                "INSERT INTO orders VALUES (1, 'Anvil', 1234567.89, 'Heavy', '2026-01-01 10:00:00')",
                "INSERT INTO orders VALUES (2, 'Bellows', 0.1, NULL, '2026-01-02 10:00:00')",
                "INSERT INTO orders VALUES (3, 'Chisel', 42, 'Sharp; see 7-B', '2026-01-03 10:00:00')");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Summary visit(String query) {
        return visit(query, "changed");
    }

    private Summary visit(String query, String watermark) {
        var definition = new JdbcSource.Definition("orders", url(), query, "id", "item", watermark);
        return place.visit(Place.rows(definition), new JdbcSource(definition, user(), password()));
    }

    @Test
    void everyRowIsADocumentThatSaysItsFiguresAsTheyAre() {
        assertThat(visit("SELECT * FROM orders;").added()).isEqualTo(3);

        assertThat(place.text("jdbc:orders#1"))
                .contains(" | price")
                .contains(" | 1234567.89")
                .contains("Anvil");
        assertThat(place.text("jdbc:orders#2")).contains(" | 0.1 | ").doesNotContain("note");
        assertThat(place.text("jdbc:orders#3")).contains(" | Sharp; see 7-B | ");
        assertThat(place.documents(Place.BEN)).isEmpty();
        assertThat(place.sources(Place.BEN)).isEmpty();
    }

    @Test
    void aSingleFigureKeepsItsNameAndDashesAreNoUnderline() throws SQLException {
        execute(
                "DROP TABLE IF EXISTS states",
                "CREATE TABLE states (id TEXT PRIMARY KEY, long_text TEXT)",
                "INSERT INTO states VALUES ('open', NULL)",
                "INSERT INTO states VALUES ('-----', NULL)");

        var definition = new JdbcSource.Definition("states", url(), "SELECT id, long_text FROM states", "id", "id", "");
        place.visit(Place.rows(definition), new JdbcSource(definition, user(), password()));

        assertThat(place.text("jdbc:states#open")).isEqualTo("id: open");
        assertThat(place.text("jdbc:states#-----")).isEqualTo("id: -----");
        execute("DROP TABLE states");
    }

    @Test
    void onlyWhatChangedSinceIsReadAndRowsThatAreGoneAreFound() throws SQLException {
        visit("SELECT * FROM orders");
        execute(
                "UPDATE orders SET price = 43.50, changed = '2026-01-04 10:00:00' WHERE id = 1",
                "DELETE FROM orders WHERE id = 2",
                "INSERT INTO orders VALUES (4, 'Drill', 7, 'Late', '2025-01-01 00:00:00')");

        Summary second = visit("SELECT * FROM orders");

        assertThat(second.changed()).isEqualTo(1);
        assertThat(second.deleted()).isEqualTo(1);
        // Came with a date from before the watermark, and is found by its key all the same.
        assertThat(second.added()).isEqualTo(1);
        assertThat(place.text("jdbc:orders#1")).contains(" | 43.5");
        assertThat(place.paths(Place.ANA)).containsExactlyInAnyOrder("jdbc:orders#1", "jdbc:orders#3", "jdbc:orders#4");

        Summary third = visit("SELECT * FROM orders");
        assertThat(third.unchanged()).isEqualTo(3);
        assertThat(third.added() + third.changed() + third.deleted()).isZero();
    }

    @Test
    void aDatabaseThatDoesNotAnswerRemovesNothing() throws SQLException {
        visit("SELECT * FROM orders");
        execute("ALTER TABLE orders RENAME TO former");

        assertThatThrownBy(() -> visit("SELECT * FROM orders"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("orders");

        assertThat(place.paths(Place.ANA)).hasSize(3);
        assertThat(place.sources(Place.ANA).getFirst().failure()).contains("orders");
        execute("DROP TABLE former");
    }

    @Test
    void nothingIsEverWrittenThere() throws SQLException {
        for (String attack : new String[] {
            "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
            "SELECT * FROM orders) AS x; DELETE FROM orders; SELECT * FROM (SELECT 1",
            "SELECT 1 AS id, 'x' AS item, now() AS changed) AS x; COMMIT; DELETE FROM orders; --",
        }) {
            assertThatThrownBy(() -> visit(attack)).isInstanceOf(Failure.class);
        }
        assertThatThrownBy(() -> visit("DELETE FROM orders")).hasMessageContaining("no SELECT");
        try (Connection connection = database();
                var rows = connection.createStatement().executeQuery("SELECT count(*) FROM orders")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(3);
        }
    }

    @Test
    void aKeyThatIsNoColumnIsRefusedWithTheColumnsThereAre() {
        var mistyped = new JdbcSource.Definition("orders", url(), "SELECT id, item FROM orders", "idd", "item", "");
        assertThatThrownBy(() -> place.visit(Place.rows(mistyped), new JdbcSource(mistyped, user(), password())))
                .isInstanceOfSatisfying(Failure.class, why -> {
                    assertThat(why).hasMessage("The query has no column idd.");
                    assertThat(why.nextStep()).contains("id, item");
                });
    }

    @Test
    void keysThatDoNotTellRowsApartAreRefused() {
        assertThatThrownBy(() -> visit("SELECT 1 AS id, item, changed FROM orders"))
                .hasMessageContaining("Two rows have the id 1");
    }

    @Test
    void noSecretStandsInAUrlOrAMessage() {
        assertThatThrownBy(() -> new JdbcSource.Definition(
                        "o", "jdbc:postgresql://h/d?password=hunter2", "SELECT 1", "id", "", ""))
                .isInstanceOf(Failure.class)
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() ->
                        new JdbcSource.Definition("o", "jdbc:postgresql://u:hunter2@h/d", "SELECT 1", "id", "", ""))
                .isInstanceOf(Failure.class)
                .hasMessageNotContaining("hunter2");
    }
}
