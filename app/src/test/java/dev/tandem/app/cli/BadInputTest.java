package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong: one clear line, the next step, the documented exit code, and nothing lost. */
class BadInputTest {

    @TempDir
    Path folder;

    private Path documents;
    private CommandLineTester tandem;

    @BeforeEach
    void aHomeAndAFolderOfDocuments() throws Exception {
        documents = Files.createDirectories(folder.resolve("documents"));
        tandem = new CommandLineTester(folder.resolve("home"));
    }

    @Test
    void anEmptyFolder() {
        refused(tandem.run("ingest", documents.toString()), 4, "no files", "Name a folder");
    }

    @Test
    void aFolderThatIsNotThere() {
        refused(tandem.run("ingest", folder.resolve("nowhere").toString()), 4, "nowhere", "");
    }

    @Test
    void aFileThatTheSystemUserMayNotRead() throws Exception {
        Path secret = write("secret.txt", "The vault opens at nine.");
        write("open.txt", "The shop opens at ten.");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(secret), "this user may read everything");
        failsAndGoesOn("secret.txt");
    }

    @Test
    void aFileThatBreaksWhileItIsRead() throws Exception {
        Path broken = Path.of("/proc/self/mem");
        assumeTrue(Files.isReadable(broken), "no file at hand that fails when it is read");
        Files.createSymbolicLink(documents.resolve("broken.txt"), broken);
        write("open.txt", "The shop opens at ten.");
        Outcome outcome = tandem.run(
                "ingest",
                documents.resolve("open.txt").toString(),
                documents.resolve("broken.txt").toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("broken.txt");
        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("ten");
    }

    @Test
    void aBrokenPdf() throws Exception {
        write("broken.pdf", "%PDF-1.7\nthis was a PDF once");
        write("open.txt", "The shop opens at ten.");
        failsAndGoesOn("broken.pdf");
    }

    @Test
    void aTextFileOf200Megabytes() throws Exception {
        try (var file = new RandomAccessFile(documents.resolve("huge.txt").toFile(), "rw")) {
            file.setLength(200_000_000);
        }
        write("open.txt", "The shop opens at ten.");
        assertThat(failsAndGoesOn("huge.txt").err()).contains("200 MB", "100 MB");
    }

    @Test
    void anUnknownCollectionAndOneThatIsHiddenAreTheSame() throws Exception {
        write("open.txt", "The shop opens at ten.");
        tandem.run("ingest", documents.toString(), "--collection", "hidden", "--as", "user:ana");
        for (String command : List.of("ask", "search")) {
            Outcome hidden = tandem.run(command, "shop", "--collection", "hidden", "--as", "user:bo");
            Outcome unknown = tandem.run(command, "shop", "--collection", "unknown", "--as", "user:bo");
            refused(hidden, 4, "hidden", "");
            assertThat(hidden.err().replace("hidden", "unknown")).isEqualTo(unknown.err());
        }
        assertThat(tandem.run("status", "--as", "user:bo").out()).doesNotContain("hidden", "1 document");
        assertThat(tandem.run("documents", "--as", "user:bo").out()).isEmpty();
        Path file = documents.resolve("open.txt");
        for (String command : List.of("access", "remove")) {
            Outcome theirs = tandem.run(command, file.toString(), "--collection", "hidden", "--as", "user:bo");
            Outcome nobodys = tandem.run(command, file + "x", "--collection", "hidden", "--as", "user:bo");
            refused(theirs, 4, "open.txt", "");
            assertThat(theirs.err()).isEqualTo(nobodys.err().replace("open.txtx", "open.txt"));
        }
    }

    @Test
    void aCollectionWhoseNameIsAPath() {
        refused(tandem.run("ingest", documents.toString(), "-c", "../../etc"), 2, "../../etc", "");
        assertThat(tandem.run("search", "x", "-c", "../../etc").exitCode()).isIn(2, 4);
    }

    @Test
    void anEmptyQuestion() {
        refused(tandem.run("ask", " "), 2, "empty", "Ask something");
        refused(tandem.runWithInput("", "ask", "-"), 2, "empty", "Ask something");
    }

    @Test
    void aQuestionOfAMegabyte() {
        refused(tandem.runWithInput("why ".repeat(1 << 18), "ask", "-"), 2, "at most", "shorter");
        refused(tandem.runWithInput("x".repeat(5 << 20), "search", "-"), 2, "at most", "shorter");
    }

    @Test
    void controlCharactersInAQuestion() throws Exception {
        write("open.txt", "The shop opens at ten.");
        tandem.run("ingest", documents.toString());
        Outcome outcome = tandem.run("ask", "When \u001b[2Jdoes the\u0000 shop\u202e open?");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("ten").doesNotContain("\u001b", "\u0000", "\u202e");
        refused(tandem.run("ask", "\u0007\u0007"), 2, "", "Ask something");
    }

    @Test
    void controlCharactersInADocumentStayInIt() throws Exception {
        write("evil\u001b[31m.md", "# Opening \u001b]0;owned\u0007 hours\n\nThe shop opens \u001b[5mat ten.");
        for (Outcome outcome : List.of(
                tandem.run("ingest", documents.toString()),
                tandem.run("ask", "When does the shop open?"),
                tandem.run("search", "--explain", "shop"),
                tandem.run("documents"))) {
            assertThat(outcome.out() + outcome.err()).doesNotContain("\u001b", "\u0007");
        }
    }

    @Test
    void aWrongOptionAndAWrongValue() {
        refused(tandem.run("ask", "--jsn", "x"), 2, "--jsn", "Did you mean --json?");
        refused(tandem.run("search", "x", "--limit", "many"), 2, "--limit", "tandem search --help");
        refused(tandem.run("search", "x", "--limit", "0"), 2, "limit", "1 to");
        refused(tandem.run("search", "x", "--since", "yesterday"), 2, "yesterday", "2026-01-31");
        refused(tandem.run("ask", "x", "--as", "ana"), 2, "ana", "tenant:acme,user:ana");
        refused(tandem.run("ingest", documents.toString(), "--allow", "hr"), 2, "hr", "group:NAME");
        refused(tandem.run("ingest", documents.toString(), "--meta", "title=x"), 2, "title", "another key");
        refused(tandem.run("ingest"), 2, "PATH", "tandem ingest --help");
    }

    @Test
    void aHomeThatCannotBeWritten() throws Exception {
        write("open.txt", "The shop opens at ten.");
        Path home = folder.resolve("home");
        tandem.run("ingest", documents.toString());
        Path mounted = mount(folder.resolve("read-only"), "ro");
        refused(new CommandLineTester(mounted).run("ingest", documents.toString()), 3, "cannot be written", "--home");
        // What is there can be asked all the same.
        assertThat(Files.exists(home)).isTrue();
        run("mount", "--bind", home.toString(), mounted.toString());
        run("mount", "-o", "remount,ro,bind", mounted.toString());
        var reader = new CommandLineTester(mounted);
        assertThat(reader.run("ask", "When does the shop open?").out()).contains("ten");
        refused(reader.run("ingest", documents.toString()), 3, "cannot be written", "--home");
        run("umount", mounted.toString());
    }

    @Test
    void aFullDiskLosesNothingThatWasAcknowledged() throws Exception {
        Path home = mount(folder.resolve("small"), "size=1500k");
        for (int i = 0; i < 40; i++) {
            write("file-" + i + ".txt", ("Room " + i + " is painted in colour " + i + ". ").repeat(1500));
        }
        var small = new CommandLineTester(home);
        Outcome full = small.run("ingest", "--json", documents.toString());
        refused(full, 5, "full", "Free some space");
        run("mount", "-o", "remount,size=300m", home.toString());
        Outcome again = small.run("ingest", "--json", documents.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(small.run("documents", "--json").lines()).hasSize(40);
        full.lines().stream()
                .filter(line -> line.contains("\"event\":\"acknowledged\""))
                .forEach(
                        line -> assertThat(again.out()).contains(line.replaceAll(".*\"document\":\"(\\w+)\".*", "$1")));
    }

    private final List<Path> mounts = new ArrayList<>();

    /** A file system of its own, where this user may mount one. */
    private Path mount(Path at, String options) throws Exception {
        Files.createDirectories(at);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString()) == 0,
                "only root may mount a small disk");
        mounts.add(at);
        return at;
    }

    @AfterEach
    void unmount() throws Exception {
        for (Path each : mounts) {
            run("umount", each.toString());
        }
    }

    private static int run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException notThere) {
            return -1;
        }
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(documents.resolve(name), text);
    }

    /** One file cannot be read: that is said, listed with its reason, and the other one answers. */
    private Outcome failsAndGoesOn(String failing) {
        Outcome outcome = tandem.run("ingest", documents.toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains(failing, "Why: tandem documents --failed");
        assertThat(outcome.out()).contains("1 added, 1 failed");
        Outcome failed = tandem.run("documents", "--failed");
        assertThat(failed.out()).contains(failing).doesNotContain("open.txt");
        assertThat(failed.lines()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("ten");
        return outcome;
    }

    private static void refused(Outcome outcome, int exitCode, String what, String next) {
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.err().lines().toList()).as(outcome.err()).hasSize(2);
        assertThat(outcome.err().lines().toList().get(0)).startsWith("tandem: ").contains(what);
        assertThat(outcome.err().lines().toList().get(1)).startsWith("Next: ").contains(next);
    }
}
