package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Embedder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CohereEncoderContractTest extends ServedEncoderContract {

    @Override
    String reference(String address) {
        return "cohere:" + address + "#embed-v4.0";
    }

    @Override
    String path() {
        return "/v2/embed";
    }

    @Override
    ObjectNode answer(JsonNode request) {
        ObjectNode json = JSON.createObjectNode();
        var vectors = json.putObject("embeddings").putArray("float");
        request.get("texts").forEach(text -> vectors.add(JSON.valueToTree(vector(text.asText()))));
        json.putObject("meta").putObject("billed_units").put("input_tokens", 7);
        return json;
    }

    @Test
    void questionsAndPassagesAreSaidToBeWhatTheyAre() {
        embedder().encoder();
        requests.clear();
        embedder().embed(List.of("a"), Embedder.Role.QUERY);
        embedder().embed(List.of("a"), Embedder.Role.PASSAGE);
        assertThat(requests.stream().map(each -> each.get("input_type").asText()))
                .containsExactly("search_query", "search_document");
    }

    @Test
    void noRequestHoldsMoreThanTheProviderTakes() {
        embedder().embed(Collections.nCopies(200, "heron"), Embedder.Role.PASSAGE);
        assertThat(requests.stream().mapToInt(each -> each.get("texts").size()))
                .allMatch(texts -> texts <= 96)
                .hasSize(4);
    }
}
