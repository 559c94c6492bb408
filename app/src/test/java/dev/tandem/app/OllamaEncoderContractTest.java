package dev.tandem.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

class OllamaEncoderContractTest extends ServedEncoderContract {

    @Override
    String reference(String address) {
        return "ollama:" + address + "#nomic-embed-text";
    }

    @Override
    String path() {
        return "/api/embed";
    }

    @Override
    ObjectNode answer(JsonNode request) {
        ObjectNode json = JSON.createObjectNode();
        var vectors = json.putArray("embeddings");
        request.get("input").forEach(text -> vectors.add(JSON.valueToTree(vector(text.asText()))));
        json.put("prompt_eval_count", 7);
        return json;
    }
}
