package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tandem ingest --watch} in a process of its own, and the other commands in theirs. */
class WatchProcessTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path docs;
    private Process watch;
    private BufferedReader events;
    private CommandLineTester readers;

    @BeforeEach
    void start() throws IOException {
        docs = Files.createDirectories(folder.resolve("docs"));
        readers = new CommandLineTester(folder.resolve("home"));
        write("leave.md", "# Leave\n\nEverybody has 30 days of leave a year.\n");
        write("parking.md", "# Parking\n\nThe garage opens at six.\n");
        watch();
        until(event -> event.path("event").asText().equals("watching"));
    }

    @AfterEach
    void end() throws InterruptedException {
        watch.toHandle().destroyForcibly();
        watch.waitFor();
    }

    private void watch() throws IOException {
        watch = child("ingest", "--watch", docs.toString(), "--json", "--as", "user:ana")
                .start();
        events = watch.inputReader();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(docs.resolve(name), text);
    }

    private ProcessBuilder child(String... args) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(args));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr").toFile()));
        process.environment().put("TANDEM_HOME", folder.resolve("home").toString());
        return process;
    }

    private String run(int exitCode, String... args) throws IOException, InterruptedException {
        Process process = child(args).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", args) + ": " + Files.readString(folder.resolve("stderr")))
                .isEqualTo(exitCode);
        return out;
    }

    /** The lines up to one that fits. */
    private List<JsonNode> until(Predicate<JsonNode> fits) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            lines.add(JSON.readTree(line));
            if (fits.test(lines.getLast())) {
                return lines;
            }
        }
        throw new AssertionError("The watch ended after " + lines + ": " + Files.readString(folder.resolve("stderr")));
    }

    private static Predicate<JsonNode> done(String count) {
        return event ->
                event.path("event").asText().equals("done") && event.path(count).asInt() > 0;
    }

    @Test
    void whileItRunsOtherCommandsWriteWithTheirOwnRightsAndExitCodes() throws Exception {
        String leave = docs.resolve("leave.md").toString();
        run(4, "access", leave, "--allow", "everyone", "--as", "user:ben");
        run(0, "access", leave, "--allow", "user:ben", "--as", "user:ana");
        assertThat(readers.run("ask", "How many days of leave?", "--as", "user:ben")
                        .out())
                .contains("30 days");
        run(3, "remove", leave, "--as", "user:ben");
        run(0, "remove", docs.resolve("parking.md").toString(), "--as", "user:ana");
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("keys.md"), "# Keys\n\nThe keys hang behind the door.\n");
        run(0, "ingest", other.toString(), "--as", "user:ben");
        run(0, "forget", other.resolve("keys.md").toString(), "--as", "user:ben");

        write("leave.md", "# Leave\n\nEverybody has 42 days of leave a year.\n");
        List<JsonNode> told = until(done("changed"));
        assertThat(told.toString())
                .as("of what others did a watch tells nothing")
                .doesNotContain("keys.md", "user:ben");
        assertThat(readers.run("ask", "How many days of leave?", "--as", "user:ben")
                        .out())
                .contains("42 days");
        assertThat(readers.run("documents", "--as", "user:ana").out()).doesNotContain("parking");
    }

    @Test
    void killedItLosesNothingAndTheNextOneFindsWhatChangedMeanwhile() throws Exception {
        for (int i = 0; i < 5; i++) {
            write("note-" + i + ".md", "# Note " + i + "\n\nThe lamp " + i + " is blue.\n");
            List<JsonNode> told = until(event -> event.path("event").asText().equals("acknowledged"));
            watch.toHandle().destroyForcibly();
            watch.waitFor();
            write("leave.md", "# Leave\n\nEverybody has " + (31 + i) + " days of leave a year.\n");
            assertThat(readers.run("documents", "--json", "--as", "user:ana").out())
                    .contains(told.getLast().path("document").asText());
            watch();
            until(event -> event.path("event").asText().equals("watching"));
            assertThat(readers.run("ask", "How many days of leave?", "--as", "user:ana")
                            .out())
                    .contains((31 + i) + " days");
            assertThat(readers.run("search", "lamp " + i, "--as", "user:ana").out())
                    .contains("note-" + i + ".md");
        }
        assertThat(readers.run("documents", "--as", "user:ana").lines().stream().filter(line -> line.contains("note-")))
                .hasSize(5);
    }

    @Test
    void aSignalEndsItWithAWordAndTheHomeIsFree() throws Exception {
        watch.destroy();
        assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("stderr"))).contains("Watching ended.");
        assertThat(readers.run("remove", docs.resolve("parking.md").toString(), "--as", "user:ana")
                        .exitCode())
                .isZero();
    }
}
