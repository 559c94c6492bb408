package dev.tandem.llm;

import static dev.tandem.llm.ScriptedServer.event;
import static dev.tandem.llm.ScriptedServer.finish;
import static dev.tandem.llm.ScriptedServer.openStream;
import static dev.tandem.llm.ScriptedServer.piece;
import static dev.tandem.llm.ScriptedServer.status;
import static dev.tandem.llm.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageModelsTest {

    private static final Generator.Prompt PROMPT = new Generator.Prompt("Be brief.", "What is the price?", 200, "");
    private static final LanguageModels.Patience IMPATIENT = new LanguageModels.Patience(
            Duration.ofSeconds(2),
            Duration.ofMillis(1500),
            Duration.ofMillis(300),
            Duration.ofMillis(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(400));

    private static final ScriptedServer.Script ANSWER = out -> {
        openStream(out);
        piece(out, "The price ");
        piece(out, "is 40 € [1].");
        finish(out, "stop");
    };

    private static Generator open(ScriptedServer server) {
        return LanguageModels.open(server.reference(), "sk-secret-123", IMPATIENT);
    }

    private static Failure failureOf(ScriptedServer server) {
        Failure failure = catchThrowableOfType(Failure.class, () -> open(server).generate(PROMPT, piece -> {}));
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM);
        assertThat(failure.getMessage() + failure.nextStep()).doesNotContain("secret");
        assertThat(failure.nextStep()).isNotBlank();
        return failure;
    }

    @Test
    void handsOverEachPieceAsItComesAndReturnsTheWhole() throws IOException {
        try (var server = new ScriptedServer(ANSWER)) {
            List<String> pieces = new ArrayList<>();
            Generator.Completion completion = open(server).generate(PROMPT, pieces::add);

            assertThat(pieces).containsExactly("The price ", "is 40 € [1].");
            assertThat(completion)
                    .isEqualTo(new Generator.Completion("The price is 40 € [1].", false, 21, 5, "test-model"));
        }
    }

    @Test
    void sendsPromptModelLimitAndKeyTheWayTheProtocolWantsThem() throws IOException {
        try (var server = new ScriptedServer(ANSWER)) {
            open(server).generate(PROMPT, piece -> {});

            String request = server.requests().getFirst();
            assertThat(request).startsWith("POST /v1/chat/completions HTTP/1.1\r\n");
            assertThat(request).contains("Authorization: Bearer sk-secret-123\r\n");
            JsonNode body = new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n")));
            assertThat(body.path("model").asText()).isEqualTo("test-model");
            assertThat(body.path("stream").asBoolean()).isTrue();
            assertThat(body.path("max_tokens").asInt()).isEqualTo(200);
            assertThat(body.path("messages").findValuesAsText("role")).containsExactly("system", "user");
            assertThat(body.path("messages").findValuesAsText("content"))
                    .containsExactly("Be brief.", "What is the price?");
        }
    }

    @Test
    void sendsNoAuthorisationWhereThereIsNoKey() throws IOException {
        try (var server = new ScriptedServer(ANSWER)) {
            LanguageModels.open(server.reference(), null, IMPATIENT).generate(PROMPT, piece -> {});
            assertThat(server.requests().getFirst()).doesNotContainIgnoringCase("authorization");
        }
    }

    @Test
    void passesFirstTextOnBeforeTheLastIsWritten() throws IOException {
        try (var server = new ScriptedServer(out -> {
            openStream(out);
            piece(out, "early");
            Thread.sleep(200);
            piece(out, " late");
            finish(out, "stop");
        })) {
            List<Instant> times = new ArrayList<>();
            open(server).generate(PROMPT, piece -> times.add(Instant.now()));
            assertThat(Duration.between(times.getFirst(), times.getLast())).isGreaterThan(Duration.ofMillis(120));
        }
    }

    @Test
    void aStreamThatEndsOrBreaksHalfWayIsTruncatedNotLost() throws IOException {
        ScriptedServer.Script endsEarly = out -> {
            openStream(out);
            piece(out, "The price ");
        };
        ScriptedServer.Script breaksInsideAChunk = out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The price \"}}]}\n\n";
            write(out, Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
            write(out, "ff\r\ndata: {\"choi");
            Thread.sleep(50); // a client that sees the end first passes over what came before
        };
        ScriptedServer.Script turnsIntoNonsense = out -> {
            openStream(out);
            piece(out, "The price ");
            event(out, "{\"choices\": oh no");
        };
        ScriptedServer.Script stalls = out -> {
            openStream(out);
            piece(out, "The price ");
            Thread.sleep(2_000);
        };
        for (var script : List.of(endsEarly, breaksInsideAChunk, turnsIntoNonsense, stalls)) {
            try (var server = new ScriptedServer(script)) {
                Generator.Completion completion = open(server).generate(PROMPT, piece -> {});
                assertThat(completion.text()).isEqualTo("The price ");
                assertThat(completion.truncated()).isTrue();
            }
        }
    }

    @Test
    void theTokenLimitTruncates() throws IOException {
        try (var server = new ScriptedServer(out -> {
            openStream(out);
            piece(out, "The price is");
            finish(out, "length");
        })) {
            assertThat(open(server).generate(PROMPT, piece -> {}).truncated()).isTrue();
        }
    }

    @Test
    void tooManyRequestsAndServerErrorsAreTriedAgainAndOftenPass() throws IOException {
        try (var server = new ScriptedServer(
                status(429, "application/json", "{\"error\":{\"message\":\"slow down\"}}"),
                status(503, "text/html", "<html>busy</html>"),
                ANSWER)) {
            assertThat(open(server).generate(PROMPT, piece -> {}).text()).isEqualTo("The price is 40 € [1].");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void tooManyRequestsForGoodSayWhatTheServerSaid() throws IOException {
        try (var server = new ScriptedServer(
                status(429, "application/json", "{\"error\":{\"message\":\"Quota of sk-secret-123 is used up.\"}}"))) {
            Failure failure = failureOf(server);
            assertThat(failure).hasMessageContaining("429").hasMessageContaining("is used up");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aServerErrorDoesNotShowPagesOfHtml() throws IOException {
        try (var server = new ScriptedServer(status(502, "text/html", "<html>Bad gateway</html>"))) {
            assertThat(failureOf(server)).hasMessageContaining("502").hasMessageNotContaining("html");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422})
    void whatTheServerWillNeverTakeIsAskedOnce(int status) throws IOException {
        try (var server = new ScriptedServer(
                status(status, "application/json", "{\"error\":{\"message\":\"No\\u001b[31m.\"}}"))) {
            Failure failure = failureOf(server);
            assertThat(failure).hasMessageContaining(Integer.toString(status));
            assertThat(failure.getMessage()).doesNotContain("\u001b");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void nonsenseFromTheFirstByteIsAFailure() throws IOException {
        ScriptedServer.Script notHttp = out -> write(out, "220 mail.example.org ESMTP\r\n");
        ScriptedServer.Script notEvents = status(200, "text/html", "<html>Welcome</html>");
        ScriptedServer.Script brokenJson = out -> {
            openStream(out);
            event(out, "{\"choices\": oh no");
        };
        ScriptedServer.Script errorInStream = out -> {
            openStream(out);
            event(out, "{\"error\":{\"message\":\"out of memory\"}}");
        };
        for (var script : List.of(notHttp, notEvents, brokenJson, errorInStream)) {
            try (var server = new ScriptedServer(script)) {
                failureOf(server);
            }
        }
    }

    @Test
    void aServerThatNeverWritesIsNotWaitedForForever() throws IOException {
        ScriptedServer.Script silent = out -> Thread.sleep(10_000);
        ScriptedServer.Script silentStream = out -> {
            openStream(out);
            Thread.sleep(10_000);
        };
        for (var script : List.of(silent, silentStream)) {
            try (var server = new ScriptedServer(script)) {
                Instant before = Instant.now();
                failureOf(server);
                assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void nobodyThereIsAFailureThatNamesTheAddress() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Generator model =
                LanguageModels.open("openai-compatible:http://127.0.0.1:" + port + "/v1#test-model", null, IMPATIENT);
        assertThatThrownBy(() -> model.generate(PROMPT, piece -> {})).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM);
            assertThat(failure).hasMessageContaining("cannot be reached");
            assertThat(failure.nextStep()).contains("127.0.0.1:" + port);
        });
    }

    @Test
    void aRedirectIsNotFollowedWithTheKey() throws IOException {
        try (var elsewhere = new ScriptedServer(ANSWER);
                var server = new ScriptedServer(out -> write(
                        out,
                        "HTTP/1.1 307 Moved\r\nLocation: "
                                + elsewhere.reference().replaceAll("^openai-compatible:|#.*", "")
                                + "/chat/completions\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))) {
            failureOf(server);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void whatTheListenerThrowsReachesTheCaller() throws IOException {
        try (var server = new ScriptedServer(ANSWER)) {
            assertThatThrownBy(() -> open(server).generate(PROMPT, piece -> {
                        throw new IllegalStateException("the pipe is closed");
                    }))
                    .hasMessage("the pipe is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4",
                "openai:",
                "ollama:two words",
                "anthropic:ftp://host#m",
                "openai-compatible:",
                "openai-compatible:ftp://host/v1#m",
                "openai-compatible:http://127.0.0.1:1/v1",
                "openai-compatible:http://127.0.0.1:1/v1#",
                "openai-compatible:http://ana:secret@127.0.0.1:1/v1#m",
                "openai-compatible:http://127.0.0.1:1/v1?key=1#m",
                "openai-compatible:http://[#m"
            })
    void aReferenceThatCannotBeReadIsInvalidAndShowsNoPassword(String reference) {
        assertThatThrownBy(() -> LanguageModels.open(reference, "k")).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(failure.nextStep()).contains("openai-compatible:URL#NAME");
            assertThat(failure.getMessage()).doesNotContain("secret");
        });
    }
}
