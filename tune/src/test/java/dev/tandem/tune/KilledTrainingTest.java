package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training whose process is killed, and goes on as if it had not been. */
class KilledTrainingTest {

    private static final int STEPS = 4 * 13;

    @TempDir
    private Path folder;

    @Test
    void threeKillsLeaveTheSameBits() throws Exception {
        kill(Long.getLong("tandem.seed", System.nanoTime()), 3);
    }

    @Test
    @Tag("nightly")
    void twentyKillsLeaveTheSameBits() throws Exception {
        kill(Long.getLong("tandem.seed", System.nanoTime()), 20);
    }

    /** As a system does that shuts down: the step under way is made, and nothing crashes. */
    @Test
    void aTrainingThatIsAskedToEndEndsBetweenTwoStepsAndGoesOn() throws Exception {
        Map<Integer, String> losses = new TreeMap<>();
        for (int round = 0; round < 3; round++) {
            Process process = start(folder.resolve("asked"));
            try (BufferedReader lines = process.inputReader()) {
                read(lines, losses, 3 + round);
                process.toHandle().destroy();
                // What was made before it ended, too.
                read(lines, losses, Integer.MAX_VALUE);
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(143);
            } finally {
                process.destroyForcibly();
            }
        }
        assertThat(run(folder.resolve("asked"), losses, Integer.MAX_VALUE)).hasSize(64);
        assertThat(losses).hasSize(STEPS);
        // No report of a crash, and the state of a run that is over is gone.
        assertThat(folder).isEmptyDirectory();
    }

    /** On a disk of its own, in a mount namespace that ends with the process, with room for one state and a half. */
    @Test
    void aDiskThatIsFullInTheMiddleOfAStateLeavesTheOneBeforeItWhole() throws Exception {
        assumeThat(new ProcessBuilder("unshare", "-rm", "true").start().waitFor())
                .as("mount namespaces are there")
                .isZero();
        Map<Integer, String> whole = new TreeMap<>();
        String hash = run(folder.resolve("whole"), whole, Integer.MAX_VALUE);
        run(folder.resolve("sized"), new TreeMap<>(), 3);
        long room = Files.size(folder.resolve("sized/state.safetensors")) * 3 / 2;
        Path small = Files.createDirectory(folder.resolve("small"));
        Path copy = Files.createDirectory(folder.resolve("copy"));
        var command = new ArrayList<>(List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + room
                        + " none \"$1\" && shift && \"$@\"; cp \"$HELD\"/state.safetensors \"$COPY\"",
                "sh",
                small.toString()));
        command.addAll(command(small));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HELD", small.toString());
        builder.environment().put("COPY", copy.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();

        assertThat(said)
                .contains("The state of the training cannot be written to " + small)
                .doesNotContain("hash ");
        // What was kept there goes on where there is room, with the same bits.
        Map<Integer, String> rest = new TreeMap<>();
        assertThat(run(copy, rest, Integer.MAX_VALUE)).isEqualTo(hash);
        assertThat(rest).hasSizeBetween(1, STEPS - 1);
        assertThat(whole).containsAllEntriesOf(rest);
    }

    private void kill(long seed, int kills) throws Exception {
        String replay = "replay with -Dtandem.seed=" + seed;
        Map<Integer, String> whole = new TreeMap<>();
        String hash = run(folder.resolve("whole"), whole, Integer.MAX_VALUE);
        assertThat(whole).hasSize(STEPS);

        var random = new SplittableRandom(seed);
        Map<Integer, String> parts = new TreeMap<>();
        for (int kill = 0; kill < kills; kill++) {
            // One step at least is made between two kills, and some of them fall into a state that is being written.
            assertThat(run(folder.resolve("killed"), parts, 1 + random.nextInt(STEPS / kills)))
                    .as(replay)
                    .isEmpty();
        }
        String last = run(folder.resolve("killed"), parts, Integer.MAX_VALUE);

        assertThat(parts).as(replay).isEqualTo(whole);
        assertThat(last).as(replay).isEqualTo(hash);
    }

    /**
     * Runs it until so many steps were told, and kills it.
     *
     * @param losses of each step, by its number; a step that is made again must have the same
     * @return the hash at its end; empty where it was killed
     */
    private String run(Path state, Map<Integer, String> losses, int steps) throws Exception {
        Process process = start(state);
        try (BufferedReader lines = process.inputReader()) {
            return read(lines, losses, steps);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(Path state) throws IOException {
        return new ProcessBuilder(command(state))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> command(Path state) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                TrainUntilKilled.class.getName(),
                state.toString());
    }

    private static String read(BufferedReader lines, Map<Integer, String> losses, int steps) throws IOException {
        int told = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("hash")) {
                return words[1];
            }
            if (words[0].equals("step")) {
                String before = losses.put(Integer.parseInt(words[1]), words[2]);
                assertThat(words[2]).as(line).isEqualTo(before == null ? words[2] : before);
                if (++told == steps) {
                    return "";
                }
            }
        }
        return "ended by itself after " + told + " steps";
    }
}
