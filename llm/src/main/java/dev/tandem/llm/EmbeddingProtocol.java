package dev.tandem.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Embedder.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A way of asking a server for vectors: where, how, and how much at a time. Bounds are the providers' own, and what every
 * server takes where there is no one to say.
 */
enum EmbeddingProtocol {
    /** <a href="https://platform.openai.com/docs/api-reference/embeddings">OpenAI's embeddings</a>. */
    OPENAI("OpenAI's embeddings", "/embeddings", 512, 200_000),
    /** The same of everybody else, whose bounds nobody knows. */
    OPENAI_COMPATIBLE("OpenAI's embeddings", "/embeddings", 32, 16_000),
    /** <a href="https://docs.cohere.com/reference/embed">Cohere's embed, version 2</a>: at most 96 texts. */
    COHERE("Cohere's embed (v2)", "/v2/embed", 96, 48_000),
    /** <a href="https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings">Ollama's embed</a>. */
    OLLAMA("Ollama's embed", "/api/embed", 32, 16_000);

    /** What came back: a vector for each text, and the tokens that the server counted, 0 where it did not say. */
    record Vectors(List<float[]> vectors, long tokens) {}

    /** The response has not the form that was agreed. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what);
        }
    }

    private final String words;
    private final String path;
    private final int texts;
    private final int tokens;

    EmbeddingProtocol(String words, String path, int texts, int tokens) {
        this.words = words;
        this.path = path;
        this.texts = texts;
        this.tokens = tokens;
    }

    /** What the server has to speak, in words. */
    String words() {
        return words;
    }

    String path() {
        return path;
    }

    /** Most texts in a request. */
    int texts() {
        return texts;
    }

    /** Most tokens in a request, as far as they can be told. */
    int tokens() {
        return tokens;
    }

    ObjectNode request(String model, List<String> batch, Role role) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", model);
        ArrayNode input = json.putArray(this == COHERE ? "texts" : "input");
        // A text without a character is refused by some.
        batch.forEach(text -> input.add(text.isEmpty() ? " " : text));
        switch (this) {
            case OPENAI, OPENAI_COMPATIBLE -> json.put("encoding_format", "float");
            case COHERE -> {
                json.put("input_type", role == Role.QUERY ? "search_query" : "search_document");
                json.putArray("embedding_types").add("float");
                json.put("truncate", "END");
            }
            case OLLAMA -> json.put("truncate", true);
        }
        return json;
    }

    Vectors read(JsonNode response, int count) throws Malformed {
        return switch (this) {
            case OPENAI, OPENAI_COMPATIBLE ->
                new Vectors(
                        inPlace(response.path("data"), count),
                        response.path("usage").path("prompt_tokens").asLong(0));
            case COHERE ->
                new Vectors(
                        inOrder(response.path("embeddings").path("float")),
                        response.path("meta")
                                .path("billed_units")
                                .path("input_tokens")
                                .asLong(0));
            case OLLAMA ->
                new Vectors(
                        inOrder(response.path("embeddings")),
                        response.path("prompt_eval_count").asLong(0));
        };
    }

    private static List<float[]> inOrder(JsonNode array) throws Malformed {
        if (!array.isArray()) {
            throw new Malformed("no list of vectors");
        }
        var vectors = new ArrayList<float[]>();
        for (JsonNode each : array) {
            vectors.add(floats(each));
        }
        return vectors;
    }

    /** Each says which text it is of. */
    private static List<float[]> inPlace(JsonNode data, int count) throws Malformed {
        if (!data.isArray()) {
            throw new Malformed("no list of vectors");
        }
        if (data.size() != count) {
            return inOrder(JsonNodeFactory.instance.arrayNode().addAll(embeddings(data)));
        }
        var vectors = new ArrayList<float[]>(Collections.nCopies(count, new float[0]));
        for (int i = 0; i < count; i++) {
            int index = data.get(i).path("index").asInt(i);
            if (index < 0 || index >= count || vectors.get(index).length > 0) {
                throw new Malformed("two vectors for one text");
            }
            vectors.set(index, floats(data.get(i).path("embedding")));
        }
        return vectors;
    }

    private static List<JsonNode> embeddings(JsonNode data) {
        var all = new ArrayList<JsonNode>();
        data.forEach(each -> all.add(each.path("embedding")));
        return all;
    }

    private static float[] floats(JsonNode array) throws Malformed {
        if (!array.isArray() || array.isEmpty()) {
            throw new Malformed("no vector");
        }
        float[] vector = new float[array.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!array.get(i).isNumber()) {
                throw new Malformed("a vector that is not of numbers");
            }
            vector[i] = array.get(i).floatValue();
        }
        return vector;
    }
}
