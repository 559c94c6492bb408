package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, on real folders: what others see of it, and how it ends. */
class ProgramTest {

    record Outcome(int exitCode, String out, String err) {}

    @TempDir
    Path folder;

    private Path documents;

    @BeforeEach
    void aFolderOfDocuments() throws Exception {
        documents = Files.createDirectories(folder.resolve("documents"));
        write("shop.md", "# Opening hours\n\nThe shop opens at ten and closes at six.\n\nOn Sundays it stays closed.");
        write("rooms.rst", "Rooms\n=====\n\nThe green room seats fourteen people.\n");
        write(
                "prices.html",
                "<html><head><title>Prices</title></head><body><article><h1>Prices</h1>"
                        + "<p>A day ticket costs 12 euros for grown-ups and nothing for children.</p></article></body></html>");
        write("faq.jsonl", "{\"_id\":\"q1\",\"title\":\"Dogs\",\"text\":\"Dogs are welcome in the courtyard.\"}\n");
    }

    @Test
    void aFolderIsIngestedAskedChangedAndAskedAgain() throws Exception {
        Outcome ingested = tandem("ingest", "--json", documents.toString());
        assertThat(ingested.exitCode()).isZero();
        assertThat(ingested.err()).isEmpty();
        List<JsonNode> events = json(ingested.out());
        assertThat(events.getLast().path("event").asText()).isEqualTo("done");
        assertThat(events.getLast().path("added").asInt()).isEqualTo(4);

        Outcome answered = tandem("ask", "--json", "How much is a day ticket for grown-ups?");
        assertThat(answered.err()).isEmpty();
        JsonNode answer = json(answered.out()).getFirst();
        assertThat(answer.path("outcome").asText()).isEqualTo("grounded");
        JsonNode citation = answer.path("citations").get(0);
        assertThat(citation.path("quote").asText()).contains("12 euros");
        assertThat(citation.path("document").path("path").asText()).endsWith("prices.html");

        write("prices.html", Files.readString(documents.resolve("prices.html")).replace("12 euros", "13 euros"));
        Files.delete(documents.resolve("rooms.rst"));
        Files.move(documents.resolve("shop.md"), documents.resolve("hours.md"));
        Outcome again = tandem("ingest", documents.toString());
        assertThat(again.out())
                .contains("changed", "deleted", "renamed", "1 changed, 1 renamed, 1 deleted, 1 unchanged");
        assertThat(tandem("ask", "How much is a day ticket for grown-ups?").out())
                .contains("13 euros");
        assertThat(tandem("ask", "When does the shop open?").out()).contains("hours.md");
        assertThat(tandem("search", "--json", "How many people does the green room seat?")
                        .out())
                .doesNotContain("fourteen");

        String id = citation.path("document").path("id").asText();
        Outcome removed = tandem("remove", id);
        assertThat(removed.out()).contains(id);
        assertThat(tandem("search", "--json", "day ticket").out()).doesNotContain("13 euros");
        assertThat(tandem("remove", id).exitCode()).isEqualTo(4);
    }

    @Test
    void aHomeInUseByAnotherProcessIsBusyAndNamesIt() throws Exception {
        Process writer = start("ingest", "-"); // holds the home while it waits for the end of its input
        try {
            awaitFile(home().resolve("lock"));
            Outcome outcome = tandem("ingest", documents.toString());
            assertThat(outcome.exitCode()).isEqualTo(5);
            assertThat(outcome.err().lines()).hasSize(2);
            assertThat(outcome.err()).contains("process " + writer.pid(), "Next: Wait");
            assertThat(tandem("status").exitCode()).isZero();
        } finally {
            writer.getOutputStream().write("The tower is 40 metres high.".getBytes(StandardCharsets.UTF_8));
            outcome(writer);
        }
        assertThat(tandem("ask", "How high is the tower?").out()).contains("40 metres");
    }

    @Test
    void ctrlCSaysThatNothingIsLostAndTheNextRunGoesOn() throws Exception {
        Process writer = start("ingest", "-");
        awaitFile(home().resolve("lock"));
        new ProcessBuilder("kill", "-INT", String.valueOf(writer.pid())).start().waitFor();
        assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).isEqualTo(130);
        assertThat(new String(writer.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("Stopped. What was acknowledged is kept; the same command goes on.\n");
        assertThat(tandem("ingest", documents.toString()).exitCode()).isZero();
    }

    @Test
    void aReaderThatGoesAwayIsNoError() throws Exception {
        tandem("ingest", documents.toString());
        Process process = start("documents", "--json");
        process.getInputStream().close();
        Outcome outcome = outcome(process);
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
    }

    private Path home() {
        return folder.resolve("home");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(documents.resolve(name), text);
    }

    private Outcome tandem(String... args) throws Exception {
        Process process = start(args);
        process.getOutputStream().close();
        return outcome(process);
    }

    private Process start(String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dtandem.cache="
                        + Path.of(System.getProperty("tandem.cache", "target/test-cache"))
                                .toAbsolutePath(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.tandem.app.Main"));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command);
        builder.environment().put("TANDEM_HOME", home().toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder.start();
    }

    private static Outcome outcome(Process process) throws Exception {
        process.getOutputStream().close();
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        String out = read(process.getInputStream());
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(process.exitValue(), out, err.get());
    }

    private static String read(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Stream closed")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitFile(Path file) throws Exception {
        for (int tries = 0; tries < 300 && !(Files.exists(file) && Files.size(file) > 0); tries++) {
            Thread.sleep(100);
        }
        assertThat(file).isNotEmptyFile();
    }

    private static List<JsonNode> json(String out) throws IOException {
        var mapper = new ObjectMapper();
        var lines = new ArrayList<JsonNode>();
        for (String line : out.lines().toList()) {
            lines.add(mapper.readTree(line));
        }
        return lines;
    }
}
