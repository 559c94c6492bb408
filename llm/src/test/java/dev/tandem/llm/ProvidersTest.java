package dev.tandem.llm;

import static dev.tandem.llm.ScriptedServer.finish;
import static dev.tandem.llm.ScriptedServer.openStream;
import static dev.tandem.llm.ScriptedServer.piece;
import static dev.tandem.llm.ScriptedServer.status;
import static dev.tandem.llm.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each provider's own wire format, spoken by a server on loopback. */
class ProvidersTest {

    private static final Generator.Prompt PROMPT = new Generator.Prompt("Be brief.", "What is the price?", 200, "");
    private static final String KEY = "sk-secret-123";

    private static final ScriptedServer.Script ANTHROPIC = out -> {
        openStream(out);
        named(
                out,
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"content\":[],\"model\":\"test-model\",\"stop_reason\":null,\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":21,\"output_tokens\":1}}}");
        named(
                out,
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
        named(
                out,
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                        + "\"text\":\"It is 40.\"}}");
        named(out, "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
        named(
                out,
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                        + "\"usage\":{\"output_tokens\":5}}");
        named(out, "message_stop", "{\"type\":\"message_stop\"}");
    };

    private static final ScriptedServer.Script GOOGLE = out -> {
        openStream(out);
        write(
                out,
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"It is \"}],\"role\":\"model\"},"
                        + "\"index\":0}]}\r\n\r\n");
        write(
                out,
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"40.\"}],\"role\":\"model\"},"
                        + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":21,"
                        + "\"candidatesTokenCount\":5,\"totalTokenCount\":26}}\r\n\r\n");
    };

    private static final ScriptedServer.Script OPENAI = out -> {
        openStream(out);
        piece(out, "It is 40.");
        finish(out, "stop");
    };

    private static void named(java.io.OutputStream out, String name, String data) throws IOException {
        write(out, "event: " + name + "\ndata: " + data + "\n\n");
    }

    private static Generator open(ScriptedServer server, String provider) {
        return LanguageModels.open(
                server.reference().replace("openai-compatible", provider), KEY, LanguageModels.Patience.DEFAULT);
    }

    private static JsonNode body(String request) throws IOException {
        return new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n")));
    }

    private static void answers(ScriptedServer server, String provider) {
        assertThat(open(server, provider).generate(PROMPT, text -> {}))
                .isEqualTo(new Generator.Completion("It is 40.", false, 21, 5, "test-model"));
    }

    @Test
    void anthropic() throws IOException {
        try (var server = new ScriptedServer(ANTHROPIC)) {
            answers(server, "anthropic");
            String request = server.requests().getFirst();
            assertThat(request).startsWith("POST /v1/messages HTTP/1.1\r\n").contains("x-api-key: " + KEY + "\r\n");
            assertThat(body(request).path("model").asText()).isEqualTo("test-model");
            assertThat(body(request).path("max_tokens").asInt()).isEqualTo(200);
            assertThat(body(request).path("system").findValuesAsText("text")).containsExactly("Be brief.");
        }
    }

    @Test
    void google() throws IOException {
        try (var server = new ScriptedServer(GOOGLE)) {
            answers(server, "google");
            String request = server.requests().getFirst();
            assertThat(request)
                    .startsWith("POST /v1/models/test-model:streamGenerateContent")
                    .contains("x-goog-api-key: " + KEY + "\r\n");
            assertThat(request.lines().findFirst().orElseThrow()).doesNotContain(KEY);
            assertThat(body(request)
                            .path("generationConfig")
                            .path("maxOutputTokens")
                            .asInt())
                    .isEqualTo(200);
        }
    }

    @Test
    void openAiGetsTheNewerNameOfTheLimit() throws IOException {
        try (var server = new ScriptedServer(OPENAI)) {
            answers(server, "openai");
            JsonNode body = body(server.requests().getFirst());
            assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(200);
            assertThat(body.has("temperature")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "cohere", "ollama"})
    void thoseWhoSpeakOpenAisProtocol(String provider) throws IOException {
        try (var server = new ScriptedServer(OPENAI)) {
            answers(server, provider);
            String request = server.requests().getFirst();
            assertThat(request)
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .contains("Authorization: Bearer " + KEY + "\r\n");
            assertThat(body(request).path("max_tokens").asInt()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "google"})
    void aCutStreamIsTruncatedWithWhateverProtocol(String provider) throws IOException {
        ScriptedServer.Script cut = out -> {
            var whole = new java.io.ByteArrayOutputStream();
            (provider.equals("google") ? GOOGLE : ANTHROPIC).answer(whole);
            String text = whole.toString(java.nio.charset.StandardCharsets.UTF_8);
            int last =
                    provider.equals("google") ? text.lastIndexOf("data:") : text.indexOf("event: content_block_stop");
            write(out, text.substring(0, last));
        };
        try (var server = new ScriptedServer(cut)) {
            Instant before = Instant.now();
            assertThat(open(server, provider).generate(PROMPT, text -> {}).truncated())
                    .isTrue();
            assertThat(Duration.between(before, Instant.now()))
                    .as("seen at once, not by losing patience")
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "google", "mistral"})
    void aRefusedKeyIsNamedAndNeverShown(String provider) throws IOException {
        try (var server = new ScriptedServer(
                status(401, "application/json", "{\"error\":{\"message\":\"bad key " + KEY + "\"}}"))) {
            assertThatThrownBy(() -> open(server, provider).generate(PROMPT, text -> {}))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("401")
                    .hasMessageNotContaining(KEY);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai:m", "anthropic:m", "google:m", "mistral:m", "cohere:m"})
    void whoeverWantsAKeyIsNotAskedWithoutOne(String reference) {
        assertThatThrownBy(() -> LanguageModels.open(reference, null))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
                    assertThat(failure.nextStep()).contains("model-key");
                });
        assertThat(LanguageModels.open(reference, "k").name()).isEqualTo("m");
        assertThat(LanguageModels.open("ollama:llama3.2:1b", null).name()).isEqualTo("llama3.2:1b");
    }
}
