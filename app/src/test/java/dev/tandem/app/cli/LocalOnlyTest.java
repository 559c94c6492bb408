package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model far away, and a proxy on the way to it that counts who comes by. */
class LocalOnlyTest {

    private static final String FAR_AWAY = "openai-compatible:http://model.example:8080/v1#big";

    @TempDir
    private Path folder;

    private final ProxySelector before = ProxySelector.getDefault();
    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket proxy;
    private CommandLineTester tandem;

    @BeforeEach
    void listen() throws IOException {
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!proxy.isClosed()) {
                try (Socket _ = proxy.accept()) {
                    connections.incrementAndGet();
                } catch (IOException e) {
                    return;
                }
            }
        });
        ProxySelector.setDefault(
                ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.getLocalPort())));
        tandem = new CommandLineTester(folder.resolve("home"));
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/leave.md"), "# Leave\n\nEverybody has 30 days of leave a year.\n");
        assertThat(tandem.run("config", "set", "model", FAR_AWAY).exitCode()).isZero();
    }

    @AfterEach
    void stop() throws IOException {
        ProxySelector.setDefault(before);
        proxy.close();
    }

    private CommandLineTester.Outcome ingest(String... more) {
        var args = new ArrayList<>(List.of("ingest", folder.resolve("docs").toString(), "--as", "user:ana"));
        args.addAll(List.of(more));
        return tandem.run(args.toArray(String[]::new));
    }

    private CommandLineTester.Outcome ask(String... more) {
        var args = new ArrayList<>(List.of("ask", "How many days of leave?", "--as", "user:ana"));
        args.addAll(List.of(more));
        return tandem.run(args.toArray(String[]::new));
    }

    @Test
    void theProxyIsMetWithoutIt() {
        ingest("--allow", "everyone");
        assertThat(ask().exitCode()).isEqualTo(7);
        assertThat(connections.get()).isPositive();
    }

    @Test
    void nothingOfALocalOnlyCollectionReachesTheProxyAndTheAttemptIsDeniedByName() throws IOException {
        assertThat(ingest("--local-only", "--allow", "everyone").exitCode()).isZero();
        var denied = ask();
        assertThat(denied.exitCode()).isEqualTo(3);
        assertThat(denied.err())
                .contains("'default' is local-only", "http://model.example:8080", "tandem ask --reader");
        assertThat(tandem.run("ask", "How many days of leave?", "--as", "user:ben")
                        .exitCode())
                .isEqualTo(3);
        assertThat(ask("--json").exitCode()).isEqualTo(3);

        Path suite = Files.createDirectories(folder.resolve("suite"));
        Files.writeString(
                suite.resolve("questions.jsonl"),
                "{\"id\":\"q1\",\"question\":\"How many days of leave?\",\"answers\":[\"30 days\"]}\n");
        for (String arms : new String[] {"rag", "baseline", "tuned", "hybrid"}) {
            var compared = tandem.run(
                    "compare",
                    "--task",
                    "answer",
                    "--suite",
                    suite.resolve("questions.jsonl").toString(),
                    "--arms",
                    arms,
                    "--tuned-model",
                    FAR_AWAY,
                    "--price-in",
                    "1",
                    "--price-out",
                    "1",
                    "--as",
                    "user:ana");
            assertThat(compared.exitCode()).as(compared.err()).isEqualTo(3);
        }
        assertThat(connections.get()).isZero();

        assertThat(ask("--reader").out()).contains("30 days");
        assertThat(tandem.run("status", "--as", "user:ana").out()).contains("local-only");
        assertThat(tandem.run("status", "--json", "--as", "user:ana").out()).contains("\"local_only\":true");
        assertThat(connections.get()).isZero();
    }

    @Test
    void anEncoderFarAwayIsNotEvenAskedHowLargeItsVectorsAre() {
        tandem.run("config", "set", "model", "");
        String encoder = "openai-compatible:http://encoder.example:8080/v1#small";
        tandem.run("config", "set", "encoder", encoder);
        for (String collection : new String[] {"default", "other"}) {
            var denied = ingest("--local-only", "-c", collection);
            assertThat(denied.exitCode()).isEqualTo(3);
            assertThat(denied.err())
                    .contains("'" + collection + "' is local-only", "http://encoder.example:8080", "--encoder bundled");
        }
        assertThat(ingest("-c", "default", "--encoder", "bundled").exitCode()).isZero();
        assertThat(ask().out()).contains("30 days");
        assertThat(tandem.run("reembed", "--as", "user:ana").exitCode()).isEqualTo(3);
        assertThat(ask().out()).contains("30 days");
        assertThat(connections.get()).isZero();
    }

    @Test
    void anEncoderFarAwayIsMetWithoutIt() {
        tandem.run("config", "set", "model", "");
        tandem.run("config", "set", "encoder", "openai-compatible:http://encoder.example:8080/v1#small");
        assertThat(ingest().exitCode()).isEqualTo(7);
        assertThat(connections.get()).isPositive();
    }

    /** What had vectors from far away before it became local-only. */
    @Test
    void aCollectionThatBecomesLocalOnlySendsNothingToTheEncoderItHad() throws Exception {
        tandem.run("config", "set", "model", "");
        ProxySelector.setDefault(before);
        try (var encoder = new LoopbackEncoder()) {
            assertThat(ingest("--encoder", encoder.reference()).exitCode()).isZero();
            assertThat(ask().out()).contains("30 days");
            assertThat(tandem.run("access", "--local-only", "--as", "user:ana").exitCode())
                    .isZero();
            int asked = encoder.texts();
            // from now on it is another machine's
            ProxySelector.setDefault(
                    ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.getLocalPort())));
            Files.writeString(folder.resolve("docs/sick.md"), "# Sick\n\nCall before nine.\n");
            Path queries = folder.resolve("queries.jsonl");
            var cases = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                cases.append("{\"query\":\"How many days of leave, asked by number " + i
                        + "?\",\"quote\":\"30 days of leave\"}\n");
            }
            Files.writeString(queries, cases);
            String[][] attempts = {
                {"ingest", folder.resolve("docs").toString()},
                {"ingest", "--watch", folder.resolve("docs").toString()},
                {"search", "How many days of leave?"},
                {"ask", "How many days of leave?"},
                {"tune-retrieval", "--queries", queries.toString(), "--ways", "structure:110", "--yes"},
                {"reembed", "--encoder", encoder.reference()},
            };
            for (String[] attempt : attempts) {
                var args = new ArrayList<>(List.of(attempt));
                args.addAll(List.of("--as", "user:ana"));
                var outcome = tandem.run(args.toArray(String[]::new));
                assertThat(outcome.exitCode()).as(args + ": " + outcome.err()).isEqualTo(3);
                assertThat(outcome.err()).contains("'default' is local-only");
            }
            assertThat(encoder.texts()).isEqualTo(asked);
            assertThat(connections.get()).isZero();
        }
    }

    @Test
    void aConversationIsDeniedToo() {
        ingest("--local-only", "--allow", "everyone");
        var chat = tandem.runWithInput("How many days of leave?\n", "chat", "--as", "user:ana");
        assertThat(chat.exitCode()).isEqualTo(3);
        assertThat(connections.get()).isZero();
    }

    @Test
    void aModelOnThisMachineIsNoOther() throws IOException {
        ProxySelector.setDefault(before);
        try (var model = new LoopbackModel("30 days of leave a year [1]")) {
            tandem.run("config", "set", "model", model.reference());
            ingest("--local-only");
            assertThat(ask().exitCode()).isZero();
            assertThat(model.requests()).isNotEmpty();
        }
    }

    @Test
    void aProxyBeforeThisMachineIsAnother() throws IOException {
        try (var model = new LoopbackModel("30 days of leave a year [1]")) {
            tandem.run("config", "set", "model", model.reference());
            ingest("--local-only");
            var denied = ask();
            assertThat(denied.exitCode()).isEqualTo(3);
            assertThat(denied.err()).contains("the proxy ");
            assertThat(connections.get()).isZero();
        }
    }

    @Test
    void onlyWhoSaidSoTakesItBack() {
        ingest("--allow", "everyone");
        assertThat(tandem.run("access", "--local-only", "--as", "user:ben").exitCode())
                .as("without a document of their own")
                .isEqualTo(4);
        assertThat(tandem.run("access", "--local-only", "--as", "user:ana").exitCode())
                .isZero();
        assertThat(ask().exitCode()).isEqualTo(3);
        tandem.runWithInput("A note of Ben's.", "ingest", "-", "--as", "user:ben");
        var denied = tandem.run("access", "--no-local-only", "--as", "user:ben");
        assertThat(denied.exitCode()).isEqualTo(3);
        assertThat(denied.err()).contains("Only who made the collection 'default' local-only");
        assertThat(connections.get()).isZero();
        assertThat(tandem.run("access", "--no-local-only", "--as", "user:ana").exitCode())
                .isZero();
        assertThat(ask().exitCode()).isEqualTo(7);
        assertThat(connections.get()).isPositive();
    }
}
