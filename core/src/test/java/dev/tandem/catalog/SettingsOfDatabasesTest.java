package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the promises of each database of a home rest on is set and read back at every opening. */
class SettingsOfDatabasesTest {

    private static final String TENANT = Principal.DEFAULT_TENANT;

    @TempDir
    private Path folder;

    private Home home() {
        return Home.at(folder.resolve("home"));
    }

    /** A database that is written by whoever answers. */
    record Beside(String name, Function<Home, SideFile> database, Function<Home, Path> file) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Beside> beside() {
        return Stream.of(
                new Beside("chats", home -> Conversations.file(home, TENANT), home -> home.chats(TENANT)),
                new Beside("usage", home -> Usage.file(home, TENANT), home -> home.usage(TENANT)),
                new Beside("answers", home -> Answers.file(home, TENANT), home -> home.answers(TENANT)));
    }

    @ParameterizedTest
    @MethodSource("beside")
    void aDatabaseBesideTheCatalogIsForcedToDiskAndOverwritesWhatIsDeletedAtEveryOpening(Beside which) {
        for (int opening = 0; opening < 2; opening++) {
            assertThat(settings(which.database().apply(home())))
                    .as("opening %d", opening)
                    .containsExactly("delete", "3", "1", "1");
        }
    }

    private static List<String> settings(SideFile file) {
        return file.use(sql -> List.of(
                sql.setting("journal_mode"),
                sql.setting("synchronous"),
                sql.setting("secure_delete"),
                sql.setting("foreign_keys")));
    }

    @ParameterizedTest
    @MethodSource("beside")
    void itIsPutBackWhereAnotherProgramChangedIt(Beside which) throws SQLException {
        settings(which.database().apply(home()));
        try (Connection other = inLogMode(which.file().apply(home()))) {
            assertThat(other.isValid(1)).isTrue();
        }
        assertThat(settings(which.database().apply(home()))).startsWith("delete");
    }

    @ParameterizedTest
    @MethodSource("beside")
    void itIsNotUsedWhereItCannotBePutBack(Beside which) throws SQLException {
        SideFile database = which.database().apply(home());
        settings(database);
        Path file = which.file().apply(home());
        try (Connection other = inLogMode(file)) {
            assertThat(other.isValid(1)).isTrue();
            assertThatThrownBy(() -> settings(database))
                    .isInstanceOfSatisfying(Failure.class, e -> assertThat(e).hasMessageContaining(file.toString()));
        }
    }

    /** Holds it open and in log mode, with a log that has something in it. */
    private static Connection inLogMode(Path file) throws SQLException {
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = other.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA user_version = 0");
        }
        return other;
    }

    @Test
    void theCatalogsWriterHasALogThatIsForcedAndKeepsReferences() throws Exception {
        Path file = catalog();
        for (int opening = 0; opening < 2; opening++) {
            try (Sql sql = Schema.write(file)) {
                assertThat(List.of(
                                sql.setting("journal_mode"), sql.setting("synchronous"), sql.setting("foreign_keys")))
                        .as("opening %d", opening)
                        .containsExactly("wal", "2", "1");
            }
        }
    }

    @Test
    void aReaderOfACatalogWithoutALogBringsItToOneFirst() throws Exception {
        Path file = catalog();
        Schema.write(file).close();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
        }
        for (int opening = 0; opening < 2; opening++) {
            try (Sql sql = Schema.read(file)) {
                assertThat(sql.setting("journal_mode")).isEqualTo("wal");
            }
        }
    }

    @Test
    void aCatalogThatCannotGetALogIsNotWritten() throws Exception {
        Path file = catalog();
        Schema.write(file).close();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> Schema.write(file))
                    .isInstanceOfSatisfying(Failure.class, e -> assertThat(e).hasMessageContaining(file.toString()));
        }
    }

    @Test
    void whatIsReadBackOtherwiseIsNamedWithTheFile() throws Exception {
        Path file = catalog();
        try (Sql sql = Schema.write(file)) {
            assertThatThrownBy(() -> sql.require("synchronous", "9"))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.BROKEN))
                    .hasMessage("The database " + file + " cannot keep its promises: synchronous is 2, not 9.");
        }
    }

    private Path catalog() throws Exception {
        return Files.createDirectories(folder.resolve("catalogs")).resolve("catalog.db");
    }
}
