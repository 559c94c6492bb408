package dev.tandem.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a sentence encoder needs to be told besides its weights and its tokenizer; {@code tandem-encoder.json} in its
 * folder:
 *
 * <pre>{@code
 * {"name": "e5-small-v2", "pooling": "mean", "queryPrefix": "query: ", "passagePrefix": "passage: ", "maxTokens": 512}
 * }</pre>
 *
 * @param name for people; required
 * @param pooling how token vectors become one, {@code "cls"} or {@code "mean"}; required, for a wrong one is not noticed
 *     until answers are poor
 * @param normalise whether the vector is scaled to length 1; true when left out; false for a model that does so itself
 * @param queryPrefix put before a query; empty when left out
 * @param passagePrefix put before a passage; empty when left out
 * @param maxTokens longer texts are cut to this many tokens, special tokens included; 512 when left out
 */
record EncoderSettings(
        String name, Pooling pooling, boolean normalise, String queryPrefix, String passagePrefix, int maxTokens) {

    enum Pooling {
        /** The first token's vector. */
        CLS,
        /** The mean over all tokens, special tokens included. */
        MEAN
    }

    private static final List<String> KEYS =
            List.of("name", "pooling", "normalise", "queryPrefix", "passagePrefix", "maxTokens");

    /** Fewer leave no room for words between the special tokens; more is no sentence encoder's length. */
    private static final int LEAST_TOKENS = 8;

    private static final int MOST_TOKENS = 1 << 16;

    static EncoderSettings read(Path file) {
        ObjectMapper mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        try {
            return new Reader(file, mapper.readTree(Files.readString(file))).settings();
        } catch (JsonProcessingException e) {
            throw invalid(file, "is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw invalid(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** One field after another out of the file, each with its own complaint. */
    private record Reader(Path file, JsonNode json) {

        EncoderSettings settings() {
            if (!json.isObject()) {
                throw invalid(file, "holds no JSON object", null);
            }
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (!KEYS.contains(field.getKey())) {
                    throw invalid(file, "has the unknown key '" + Printable.of(field.getKey()) + "'", null);
                }
            }
            return new EncoderSettings(
                    required("name"),
                    pooling(),
                    normalise(),
                    text("queryPrefix", ""),
                    text("passagePrefix", ""),
                    maxTokens());
        }

        private String required(String key) {
            String value = text(key, "");
            if (value.isBlank()) {
                throw invalid(file, "has no " + key, null);
            }
            return value;
        }

        private String text(String key, String otherwise) {
            JsonNode value = json.get(key);
            if (value != null && !value.isTextual()) {
                throw invalid(file, "needs a text as " + key, null);
            }
            return value == null ? otherwise : value.textValue();
        }

        private Pooling pooling() {
            String value = required("pooling");
            return Arrays.stream(Pooling.values())
                    .filter(pooling -> pooling.name().toLowerCase(Locale.ROOT).equals(value))
                    .findFirst()
                    .orElseThrow(() -> invalid(file, "needs cls or mean as pooling", null));
        }

        private boolean normalise() {
            JsonNode value = json.get("normalise");
            if (value != null && !value.isBoolean()) {
                throw invalid(file, "needs true or false as normalise", null);
            }
            return value == null || value.booleanValue();
        }

        private int maxTokens() {
            JsonNode value = json.get("maxTokens");
            if (value == null) {
                return 512;
            }
            if (!value.isInt() || value.intValue() < LEAST_TOKENS || value.intValue() > MOST_TOKENS) {
                throw invalid(
                        file,
                        "needs a whole number from " + LEAST_TOKENS + " to " + MOST_TOKENS + " as maxTokens",
                        null);
            }
            return value.intValue();
        }
    }

    private static Failure invalid(Path file, String what, @Nullable Throwable cause) {
        return new Failure(
                Failure.Kind.INVALID,
                "The encoder's settings " + file + " cannot be used: the file " + what + ".",
                KEYS.stream()
                        .collect(Collectors.joining(", ", "The keys are ", "; the model's card names the values.")),
                cause);
    }

    /** As its file has it. */
    String json() {
        return JsonNodeFactory.instance
                        .objectNode()
                        .put("name", name)
                        .put("pooling", pooling.name().toLowerCase(Locale.ROOT))
                        .put("normalise", normalise)
                        .put("queryPrefix", queryPrefix)
                        .put("passagePrefix", passagePrefix)
                        .put("maxTokens", maxTokens)
                        .toPrettyString()
                + "\n";
    }

    /** The part that a vector depends on, in one fixed form: what the encoder's hash is taken over. */
    String canonical() {
        return String.join(
                "\0",
                "pooling=" + pooling.name(),
                "normalise=" + normalise,
                "queryPrefix=" + queryPrefix,
                "passagePrefix=" + passagePrefix,
                "maxTokens=" + maxTokens);
    }
}
