package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real disk, in a mount namespace that ends with the process, with room for so many more pages: the catalog's log, the
 * conversations' journal and the index each meet its end somewhere. It is said so, what was there before is found meanwhile,
 * and the same process goes on when there is room again.
 */
class FullAtEveryPageTest {

    @TempDir
    private Path folder;

    @Test
    void somePages() throws Exception {
        fill(13);
    }

    @Test
    @Tag("nightly")
    void everyPage() throws Exception {
        fill(1);
    }

    private void fill(int step) throws IOException, InterruptedException {
        assumeThat(run(List.of("unshare", "-rm", "true")))
                .as("mount namespaces are there")
                .isEmpty();
        Path disk = Files.createDirectories(folder.resolve("disk"));
        var command = new ArrayList<>(List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=8m none \"$1\" && shift && exec \"$@\"",
                "sh",
                disk.toString()));
        command.addAll(ChildIngest.java(ChildFull.class, List.of(disk.toString(), Integer.toString(step))));
        String out = run(command);
        System.out.println("step " + step + ": " + out.strip().lines().reduce("", (_, last) -> last));
        assertThat(out).containsPattern("(?m)^[1-9][0-9]* times full");
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? out : "exit " + process.exitValue() + ": " + out;
    }
}
