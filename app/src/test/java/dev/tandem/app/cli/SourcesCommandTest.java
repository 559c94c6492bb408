package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources on the command line: what their owner sees, and what nobody else does. */
class SourcesCommandTest {

    private static final String ANA = "user:ana,group:hr";
    private static final String BEN = "user:ben,group:ops";

    @TempDir
    private Path folder;

    @Test
    void whatAnaReadsFromADatabaseIsHersAlone() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("wages.db");
        try (Connection database = DriverManager.getConnection(url);
                var statement = database.createStatement()) {
            statement.execute("CREATE TABLE wages (id INTEGER PRIMARY KEY, name TEXT, wage NUMERIC)");
            statement.execute("INSERT INTO wages VALUES (1, 'Kim', 4321.05), (2, 'Lee', 5)");
        }
        Path password = Files.writeString(folder.resolve("pw"), "open-sesame");
        var tandem = new CommandLineTester(folder.resolve("home")).with("DB_USER", "wage-reader");
        String[] ingest = {
            "ingest",
            "--jdbc",
            url,
            "--name",
            "wages",
            "--query",
            "SELECT * FROM wages",
            "--key",
            "id",
            "--title",
            "name",
            "--user",
            "env:DB_USER",
            "--password",
            "file:" + password,
            "--every",
            "1h",
            "--as",
            ANA
        };

        var none = tandem.run("ingest", "--due", "--watch", "--as", ANA);
        assertThat(none.exitCode()).isEqualTo(4);
        assertThat(none.err()).contains("None of your sources", "--every 6h");

        assertThat(tandem.run(ingest).out()).contains("2 added");

        assertThat(tandem.run("ask", "What is Kim's wage?", "--as", ANA).lines())
                .as("the figure itself, as the row has it")
                .first()
                .isEqualTo("4321.05");
        assertThat(tandem.run("sources", "--as", ANA).out()).contains("wages", "every 1h");
        for (Outcome seen : new Outcome[] {
            tandem.run("sources", "--as", BEN),
            tandem.run("sources", "--json", "--as", BEN),
            tandem.run("documents", "--as", BEN),
            tandem.run("documents", "--failed", "--as", BEN),
            tandem.run("ingest", "--due", "--as", BEN),
            tandem.run("sources", "--remove", "wages", "--as", BEN),
            tandem.run("ask", "What is Kim's wage?", "--as", BEN),
            tandem.run("sources", "--as", "tenant:other,user:ana"),
        }) {
            String all = seen.out() + seen.err().replace("'wages'", "");
            assertThat(all).doesNotContain("4321", "wages.db", "open-sesame", "wage-reader", "jdbc:wages");
        }
        assertThat(tandem.run("sources", "--remove", "nothing", "--as", BEN).err())
                .isEqualTo(tandem.run("sources", "--remove", "wages", "--as", BEN)
                        .err()
                        .replace("wages", "nothing"));

        byte[] catalog = Files.readAllBytes(folder.resolve("home/tenants/default/catalog.db"));
        assertThat(new String(catalog, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("open-sesame", "wage-reader");
        assertThat(tandem.run("sources", "--remove", "wages", "--as", ANA).out())
                .contains("2 documents");
        assertThat(tandem.run("documents", "--as", ANA).out()).isEmpty();
    }

    @Test
    void aFileThatIsNoDatabaseIsSaidWithWhatToDo() throws Exception {
        Path file = Files.writeString(folder.resolve("notes.db"), "These are notes, and no database. ".repeat(100));
        var refused = new CommandLineTester(folder.resolve("home"))
                .run(
                        "ingest",
                        "--jdbc",
                        "jdbc:sqlite:" + file,
                        "--name",
                        "n",
                        "--query",
                        "SELECT 1 AS id",
                        "--key",
                        "id");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("no SQLite database", "--jdbc jdbc:sqlite:/PATH");
    }
}
