package dev.tandem.llm;

import static dev.tandem.llm.ScriptedServer.status;
import static dev.tandem.llm.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Embedder.Role;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of encoders that misbehave. */
class EmbeddingFaultsTest {

    private static final LanguageModels.Patience PATIENCE = new LanguageModels.Patience(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60));

    private static final ScriptedServer.Script VECTOR =
            says("{\"data\":[{\"index\":0,\"embedding\":[3,4]}],\"usage\":{\"prompt_tokens\":5}}");
    private static final ScriptedServer.Script DOWN = status(503, "text/plain", "down");
    private static final Encoder TWO = new Encoder("test-model", "0".repeat(64), 2, 512);

    @TempDir
    private Path home;

    private static ScriptedServer.Script says(String body) {
        return status(200, "application/json", body);
    }

    private RemoteEmbedder open(ScriptedServer server) {
        return open(server, new EmbeddingModels.Drive(0, 1), "", "");
    }

    private RemoteEmbedder open(ScriptedServer server, EmbeddingModels.Drive drive, String price, String budget) {
        return EmbeddingModels.open(
                server.reference(),
                "secret-key",
                PATIENCE,
                drive,
                new Bill(Usage.of(Home.at(home), "default"), price, budget),
                TWO);
    }

    private static Failure failureOf(RemoteEmbedder embedder) {
        return Objects.requireNonNull(
                catchThrowableOfType(Failure.class, () -> embedder.embed(List.of("heron"), Role.PASSAGE)));
    }

    @Test
    void aBusyServerIsObeyed() throws IOException {
        ScriptedServer.Script busy = out ->
                write(out, "HTTP/1.1 429 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        try (var server = new ScriptedServer(busy, VECTOR)) {
            assertThat(open(server).embed(List.of("heron"), Role.QUERY).getFirst())
                    .containsExactly(.6f, .8f);
            assertThat(Duration.between(
                            server.times().getFirst(), server.times().getLast()))
                    .isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_400));
            assertThat(server.requests().getFirst()).contains("Bearer secret-key");
        }
    }

    @Test
    void atMostThreeAttemptsAreMadeAndThenTheServerIsLeftAlone() throws Exception {
        try (var server = new ScriptedServer(DOWN)) {
            RemoteEmbedder embedder = open(server);
            assertThat(failureOf(embedder)).hasMessageContaining("503");
            assertThat(server.requests()).hasSize(3);
            for (int i = 1; i < Breaker.FAILURES; i++) {
                failureOf(embedder);
            }
            assertThat(failureOf(embedder)).hasMessageContaining("left alone");
            assertThat(server.requests()).hasSize(3 * Breaker.FAILURES);
        }
    }

    @Test
    void whatIsNoVectorIsRefusedWithTheReason() throws IOException {
        for (String[] each : new String[][] {
            {"{\"data\":[]}", "0 vectors for 1 texts"},
            {"{\"data\":[{\"index\":0,\"embedding\":[1,0]},{\"index\":1,\"embedding\":[1,0]}]}", "2 vectors for 1 texts"
            },
            {"{\"data\":[{\"index\":0,\"embedding\":[1,0,0]}]}", "3 dimensions, not 2"},
            {"{\"data\":[{\"index\":0,\"embedding\":[0,0]}]}", "no direction"},
            {"{\"data\":[{\"index\":0,\"embedding\":[1e40,0]}]}", "no direction"},
            {"{\"data\":[{\"index\":0,\"embedding\":[NaN,0]}]}", "cannot be read"},
            {"{\"data\":[{\"index\":0,\"embedding\":[\"1\",0]}]}", "cannot be read"},
            {"{\"data\":[{\"index\":0,\"embedding\":[null,0]}]}", "cannot be read"},
            {"{\"data\":{}}", "cannot be read"},
            {"<html>", "cannot be read"},
            {"", "cannot be read"},
        }) {
            try (var server = new ScriptedServer(says(each[0]))) {
                Failure failure = failureOf(open(server));
                assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM);
                assertThat(failure).hasMessageContaining(each[1]);
            }
        }
    }

    @Test
    void aServerThatDripsOrIsSilentIsGivenUp() throws IOException {
        ScriptedServer.Script drip = out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
            while (true) {
                write(out, " ");
                Thread.sleep(50);
            }
        };
        ScriptedServer.Script cut =
                out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[{\"ind");
        for (var script : List.of(drip, (ScriptedServer.Script) out -> Thread.sleep(10_000), cut)) {
            try (var server = new ScriptedServer(script)) {
                Instant before = Instant.now();
                assertThat(failureOf(open(server)).kind()).isEqualTo(Failure.Kind.UPSTREAM);
                assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(4));
            }
        }
    }

    @Test
    void aKeyThatIsNotAcceptedIsSaidAndNeverShown() throws IOException {
        try (var server = new ScriptedServer(
                status(401, "application/json", "{\"error\":{\"message\":\"bad secret-key given\"}}"))) {
            Failure failure = failureOf(open(server));
            assertThat(failure).hasMessageContaining("does not accept the key").hasMessageNotContaining("secret-key");
            assertThat(failure.nextStep()).contains("encoder-key");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void whatCameBeforeAFailureIsHandedOver() throws IOException {
        var body = new StringBuilder("{\"data\":[");
        for (int i = 0; i < 32; i++) {
            body.append(i == 0 ? "" : ",").append("{\"index\":" + i + ",\"embedding\":[1,0]}");
        }
        try (var server = new ScriptedServer(
                says(body + "]}"), status(400, "application/json", "{\"error\":{\"message\":\"too long\"}}"))) {
            var came = new ArrayList<Integer>();
            Failure failure = Objects.requireNonNull(catchThrowableOfType(
                    Failure.class,
                    () -> open(server)
                            .embed(
                                    Collections.nCopies(64, "heron"),
                                    Role.PASSAGE,
                                    (from, vectors) -> came.add(vectors.size()))));
            assertThat(came).containsExactly(32);
            assertThat(failure).hasMessageContaining("too long");
        }
    }

    @Test
    void requestsAreSpreadOverTheMinute() throws IOException {
        try (var server = new ScriptedServer(VECTOR)) {
            RemoteEmbedder embedder = open(server, new EmbeddingModels.Drive(300, 4), "", "");
            for (int i = 0; i < 4; i++) {
                embedder.embed(List.of("heron"), Role.QUERY);
            }
            for (int i = 1; i < 4; i++) {
                assertThat(Duration.between(
                                server.times().get(i - 1), server.times().get(i)))
                        .isGreaterThan(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void aBudgetThatDoesNotReachIsAskedBeforeTheServerIs() throws IOException {
        try (var server = new ScriptedServer(VECTOR)) {
            assertThat(failureOf(open(server, EmbeddingModels.Drive.STANDARD, "", "1"))
                            .nextStep())
                    .contains("encoder-price");
            assertThat(failureOf(open(server, EmbeddingModels.Drive.STANDARD, "1000", "0.001"))
                            .kind())
                    .isEqualTo(Failure.Kind.DENIED);
            assertThat(server.requests()).isEmpty();
            open(server, EmbeddingModels.Drive.STANDARD, "1000", "1").embed(List.of("heron"), Role.QUERY);
            assertThat(Usage.of(Home.at(home), "default").month()).isEqualTo(new Usage.Month(1, 5, 0, 5_000));
        }
    }
}
