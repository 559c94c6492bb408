package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
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
    void aCatalogThatIsNoDatabaseIsSaidOnceWithWhatToDo() throws Exception {
        Path catalog = folder.resolve("home/tenants/default/catalog.db");
        for (String garbage : List.of("", "x", "This is no database. ".repeat(1_000))) {
            Files.writeString(catalog, garbage);

            Outcome refused = tandem.run("repair");

            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(70);
            assertThat(refused.err())
                    .containsOnlyOnce("is damaged")
                    .contains("tandem restore FILE")
                    .doesNotContain("..", ". .", "Exception", "SQLITE");
        }
    }

    @Test
    void aHomeThatIsNotThereOrNoFolderIsSaid() throws Exception {
        Path none = folder.resolve("none");
        Outcome missing = new CommandLineTester(none).run("repair");
        assertThat(missing.exitCode()).isEqualTo(4);
        assertThat(missing.err()).contains("There is no home " + none);
        assertThat(none).doesNotExist();
        for (String command : List.of("status", "repair", "documents")) {
            Outcome file = new CommandLineTester(shop).run(command);
            assertThat(file.exitCode()).isEqualTo(2);
            assertThat(file.err()).contains(shop + " is a file", "--home");
        }
    }

    @Test
    void aBackupMakesNoFolder() {
        Path nowhere = folder.resolve("disk/b.zip");
        Outcome refused = tandem.run("backup", nowhere.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("There is no folder " + nowhere.getParent());
        assertThat(nowhere.getParent()).doesNotExist();
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

    /** What it said, its title, its name and its former name, in answers, conversations, sums of use and all the rest. */
    @Test
    void noByteOfAForgottenDocumentIsLeftInAHomeThatWasUsed() throws Exception {
        List<String> traces = List.of("Zqxjvkwpt", "Wvbnmqxzy", "Qjvxzkwm", "Kxqzjwvt");
        Path documents = shop.resolveSibling("plans");
        Files.createDirectories(documents);
        Path former = documents.resolve("Kxqzjwvt.md");
        Files.writeString(former, "# Wvbnmqxzy\n\nThe vault opens with Zqxjvkwpt and a key.\n");
        try (var model = new LoopbackModel("The vault opens with Zqxjvkwpt [1].")) {
            tandem.run("config", "set", "model", model.reference());
            tandem.run("config", "set", "model-price", "1,2");
            tandem.run("config", "set", "answer-cache", "true");
            assertThat(tandem.run("ingest", documents.toString(), "--allow", "everyone")
                            .exitCode())
                    .isZero();
            assertThat(tandem.runWithInput("How does the vault open?\n", "chat").out())
                    .contains("Zqxjvkwpt");
            Path plan = Files.move(former, documents.resolve("Qjvxzkwm.md"));
            assertThat(tandem.run("ingest", documents.toString()).out()).contains("1 renamed");
            for (String asker : List.of("user:ana", "user:ben")) {
                assertThat(tandem.run("ask", "How does the vault open?", "--as", asker)
                                .out())
                        .contains("Zqxjvkwpt");
                assertThat(tandem.runWithInput(
                                        "How does the vault open?\nAnd what is Zqxjvkwpt?\n", "chat", "--as", asker)
                                .out())
                        .contains("Zqxjvkwpt");
            }
            SortedMap<String, Set<String>> before = filesWith(traces);
            assertThat(before.get("Zqxjvkwpt").toString()).contains("catalog.db", "chats.db", "answers.db");
            assertThat(before.get("Qjvxzkwm")).isNotEmpty();

            Outcome forgotten = tandem.run("forget", plan.toString());

            assertThat(forgotten.exitCode()).as(forgotten.err()).isZero();
            assertThat(filesWith(traces).values()).as("%s", filesWith(traces)).allMatch(Set::isEmpty);
            assertThat(tandem.run("usage").out()).contains("test-model");
        }
    }

    /** In which files of the home each word stands, byte by byte. */
    private SortedMap<String, Set<String>> filesWith(List<String> words) throws Exception {
        var found = new TreeMap<String, Set<String>>();
        words.forEach(word -> found.put(word, new TreeSet<>()));
        Path home = folder.resolve("home");
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                found.forEach((word, names) -> {
                    if (bytes.contains(word) || file.toString().contains(word)) {
                        names.add(home.relativize(file).toString());
                    }
                });
            }
        }
        return found;
    }
}
