package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print, and to whom. */
class CommandsTest {

    @TempDir
    Path folder;

    private Path documents;
    private CommandLineTester tandem;

    @BeforeEach
    void aFolderOfDocuments() throws Exception {
        documents = Files.createDirectories(folder.resolve("documents"));
        tandem = new CommandLineTester(folder.resolve("home"));
        Files.writeString(
                documents.resolve("shop.md"),
                "# Opening hours\n\nThe shop opens at ten and closes at six.\n\nOn Sundays it stays closed.");
        Files.writeString(documents.resolve("rooms.rst"), "Rooms\n=====\n\nThe green room seats fourteen people.\n");
    }

    @Test
    void whatAPipeGetsIsPlainAndFitsIntoAHundredColumns() throws Exception {
        tandem.run("ingest", documents.toString());
        for (String[] command : List.of(
                new String[] {"ask", "When does the shop open?"},
                new String[] {"ask", "Who painted the Mona Lisa?"},
                new String[] {"search", "--explain", "opening hours"},
                new String[] {"status"},
                new String[] {"documents"},
                new String[] {"config", "list"})) {
            Outcome outcome = tandem.run(command);
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out()).doesNotContain("\u001b");
            assertThat(outcome.out().lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        }
    }

    @Test
    void accessIsGivenAndTakenFromTheNextQuestionOn() throws Exception {
        String ana = "user:ana,group:staff";
        tandem.run("ingest", documents.toString());
        assertThat(tandem.run("ask", "When does the shop open?", "--as", ana).exitCode())
                .isEqualTo(4);
        String shop = documents.resolve("shop.md").toString();
        assertThat(tandem.run("access", shop, "--allow", "group:staff").out()).contains("group:staff");
        assertThat(tandem.run("ask", "When does the shop open?", "--as", ana).out())
                .contains("ten");
        assertThat(tandem.run("access", shop, "--as", ana).exitCode()).isEqualTo(3);
        assertThat(tandem.run("remove", shop, "--as", ana).exitCode()).isEqualTo(3);
        tandem.run("access", shop, "--owner-only");
        assertThat(tandem.run("ask", "When does the shop open?", "--as", ana).exitCode())
                .isEqualTo(4);
        assertThat(tandem.run("search", "--json", "shop", "--as", "tenant:other,user:root")
                        .exitCode())
                .isEqualTo(4);
    }
}
