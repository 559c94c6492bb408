package dev.tandem.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

class OpenAiEncoderContractTest extends ServedEncoderContract {

    @Override
    String reference(String address) {
        return "openai-compatible:" + address + "/v1#small";
    }

    @Override
    String path() {
        return "/v1/embeddings";
    }

    /** In another order than asked for: each vector says which text it is of. */
    @Override
    ObjectNode answer(JsonNode request) {
        ObjectNode json = JSON.createObjectNode();
        var data = json.putArray("data");
        for (int i = request.get("input").size() - 1; i >= 0; i--) {
            data.addObject()
                    .put("index", i)
                    .set(
                            "embedding",
                            JSON.valueToTree(vector(request.get("input").get(i).asText())));
        }
        json.putObject("usage").put("prompt_tokens", 7);
        return json;
    }
}
