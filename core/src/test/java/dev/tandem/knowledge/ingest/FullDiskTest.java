package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home on a disk of its own, which is full, or cannot be written: in a mount namespace that ends with the process. */
class FullDiskTest {

    @TempDir
    private Path folder;

    @Test
    void aFullDiskIsSaidOnceAndTheNextRunGoesOn() throws Exception {
        var house = new House(folder);
        for (int i = 0; i < 200; i++) {
            house.write("file-" + i + ".txt", ("Herons wade, number " + i + ". ").repeat(300));
        }
        // What is acknowledged on the small disk is copied off it, and must be whole.
        String out = inNamespace("""
                mount -t tmpfs -o size=2m none "$1/home" && shift && { "$@"; echo "exit $?"; } && cp -r "$HOME_OF/home" "$HOME_OF/copy"
                """);

        assertThat(out)
                .contains("acknowledged")
                .contains("BUSY The disk that holds ")
                .contains(" is full. Free some space");
        assertThat(out).contains("exit " + ChildIngest.FULL_DISK);
        Files.delete(folder.resolve("home"));
        Files.move(folder.resolve("copy"), folder.resolve("home"));
        long acknowledged =
                out.lines().filter(line -> line.startsWith("acknowledged")).count();
        assertThat(house.documents(House.ANA)).hasSizeGreaterThanOrEqualTo((int) acknowledged);

        Summary summary = house.ingest();

        assertThat(summary.failed()).isZero();
        assertThat(house.documents(House.ANA)).hasSize(200);
        assertThat(house.search(House.ANA, "number 199")).hasSize(10);
    }

    @Test
    void aHomeThatCannotBeWrittenIsReadAndRefusesToBeWritten() throws Exception {
        var house = new House(folder);
        house.write("a.txt", "Herons wade.");
        house.ingest();

        String out = inNamespace("""
                mount --bind "$1/home" "$1/home" && mount -o remount,bind,ro "$1/home" && shift && { "$@"; echo "exit $?"; }
                """);

        assertThat(out).contains("DENIED ").contains(" cannot be written.").doesNotContain("acknowledged");
    }

    private String inNamespace(String script) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("home"));
        assumeThat(run("unshare", "-rm", "true").exit())
                .as("mount namespaces are there")
                .isZero();
        var command =
                ChildIngest.command(folder, "unshare", "-rm", "sh", "-c", script.strip(), "sh", folder.toString());
        Ran ran = run(command.toArray(String[]::new));
        return ran.out();
    }

    private record Ran(int exit, String out) {}

    private Ran run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME_OF", folder.toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out);
    }
}
