package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup, restore and forget, as a person types them. */
class KeepingCommandsTest {

    @TempDir
    Path folder;

    private Path shop;
    private CommandLineTester tandem;

    @BeforeEach
    void aHome() throws Exception {
        Path documents = Files.createDirectories(folder.resolve("documents"));
        tandem = new CommandLineTester(folder.resolve("home"));
        shop = Files.writeString(
                documents.resolve("shop.md"), "# Opening hours\n\nThe shop opens at ten and closes at six.");
        Files.writeString(documents.resolve("rooms.md"), "# Rooms\n\nThe green room seats fourteen people.");
        tandem.run("ingest", documents.toString());
    }

    @Test
    void aBackupIsRestoredIntoAnEmptyHomeAndAnswers() throws Exception {
        Path file = folder.resolve("b.zip");
        Outcome written = tandem.run("backup", file.toString());
        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(written.out()).contains("backed up").contains("b.zip");
        assertThat(tandem.run("backup", file.toString()).exitCode()).isEqualTo(6);

        Outcome refused = tandem.run("restore", file.toString());
        assertThat(refused.exitCode()).isEqualTo(6);
        assertThat(refused.err()).contains("is not empty").contains("--home");

        var other = new CommandLineTester(folder.resolve("other"));
        Outcome restored = other.run("restore", file.toString());
        assertThat(restored.exitCode()).as(restored.err()).isZero();
        assertThat(other.run("ask", "When does the shop open?").out()).contains("ten");
        assertThat(other.run("ask", "When does the shop open?", "--as", "user:stranger")
                        .exitCode())
                .isEqualTo(4);
        assertThat(new CommandLineTester(folder.resolve("third"))
                        .run("restore", "none.zip")
                        .exitCode())
                .isEqualTo(4);
    }

    @Test
    void aDamagedIndexIsNamedAndMended() throws Exception {
        assertThat(tandem.run("repair").out()).isEqualTo("Everything is whole.\n");
        Path file;
        try (var all = Files.walk(folder.resolve("home/tenants/default/index"))) {
            file = all.filter(each -> each.toString().endsWith(".cfs"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        Outcome mended = tandem.run("repair");

        assertThat(mended.exitCode()).as(mended.err()).isZero();
        assertThat(mended.out().replaceAll("\\s", "")).contains(file.toString()).doesNotContain("embedded");
        assertThat(tandem.run("repair").out()).isEqualTo("Everything is whole.\n");
        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("ten");
    }

    @Test
    void aForgottenDocumentIsGoneForItsOwnerAndOnlyTheyMayForgetIt() {
        tandem.run("access", shop.toString(), "--allow", "user:ana");
        assertThat(tandem.run("forget", shop.toString(), "--as", "user:ana").exitCode())
                .isEqualTo(3);
        assertThat(tandem.run("forget", shop.toString(), "--as", "user:ben").exitCode())
                .isEqualTo(4);

        Outcome forgotten = tandem.run("forget", shop.toString());

        assertThat(forgotten.exitCode()).as(forgotten.err()).isZero();
        assertThat(forgotten.out()).contains("forgotten").contains("Backups made before still hold it");
        assertThat(tandem.run("documents").out()).doesNotContain("shop.md").contains("rooms.md");
        assertThat(tandem.run("forget", shop.toString()).exitCode()).isZero();
        assertThat(tandem.run("forget", "never-there.md").exitCode()).isEqualTo(4);
    }
}
