package dev.tandem.assistant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Language;
import dev.tandem.domain.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Answers as they are stored. What an abstention came near to is not: it may be another tomorrow. */
final class AnswerJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AnswerJson() {}

    static String write(Answer answer) {
        ObjectNode json = MAPPER.createObjectNode();
        switch (answer) {
            case Answer.Grounded grounded -> grounded(json, grounded);
            case Answer.Abstained abstained ->
                json.put("abstained", abstained.reason()).put("support", abstained.support());
            case Answer.Refused refused -> json.put("refused", refused.rule());
            case Answer.Labelled _, Answer.Unbacked _ ->
                throw new IllegalArgumentException("an assistant does not answer so: " + answer);
        }
        return json.toString();
    }

    /** Empty where it was written otherwise, or damaged. */
    static Optional<Answer> read(String stored) {
        try {
            JsonNode json = MAPPER.readTree(stored);
            if (json.has("text")) {
                return Optional.of(grounded(json));
            }
            if (json.has("refused")) {
                return Optional.of(new Answer.Refused(json.path("refused").asText()));
            }
            return json.has("abstained")
                    ? Optional.of(new Answer.Abstained(
                            json.path("abstained").asText(),
                            json.path("support").asDouble(),
                            List.of()))
                    : Optional.empty();
        } catch (JsonProcessingException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static void grounded(ObjectNode json, Answer.Grounded grounded) {
        json.put("text", grounded.text());
        json.put("key", grounded.key());
        json.put("support", grounded.support());
        json.put("by", grounded.by());
        grounded.unverified().forEach(json.putArray("unverified")::add);
        var citations = json.putArray("citations");
        for (Citation citation : grounded.citations()) {
            ObjectNode each = citations.addObject();
            each.put("number", citation.number());
            each.put("page", citation.page());
            each.put("start", citation.span().start());
            each.put("end", citation.span().end());
            each.put("quote", citation.quote());
            DocumentRef document = citation.document();
            each.put("id", document.id());
            each.put("version", document.version());
            each.put("collection", document.collection());
            each.put("title", document.title());
            each.put("path", document.path());
            each.put("source", document.source());
            each.put("modified", document.modified().toString());
            each.put("language", document.language().code());
            ObjectNode metadata = each.putObject("metadata");
            document.metadata().forEach(metadata::put);
        }
    }

    private static Answer.Grounded grounded(JsonNode json) {
        var citations = new ArrayList<Citation>();
        for (JsonNode each : json.path("citations")) {
            var metadata = new TreeMap<String, String>();
            each.path("metadata")
                    .properties()
                    .forEach(value ->
                            metadata.put(value.getKey(), value.getValue().asText()));
            var document = new DocumentRef(
                    each.path("id").asText(),
                    each.path("version").asInt(),
                    each.path("collection").asText(),
                    each.path("title").asText(),
                    each.path("path").asText(),
                    each.path("source").asText(),
                    Instant.parse(each.path("modified").asText()),
                    metadata,
                    Language.of(each.path("language").asText()).orElse(Language.ENGLISH));
            citations.add(new Citation(
                    each.path("number").asInt(),
                    document,
                    each.path("page").asInt(),
                    new Span(each.path("start").asInt(), each.path("end").asInt()),
                    each.path("quote").asText()));
        }
        var unverified = new ArrayList<String>();
        json.path("unverified").forEach(each -> unverified.add(each.asText()));
        return new Answer.Grounded(
                json.path("text").asText(),
                json.path("key").isTextual() ? json.path("key").asText() : null,
                citations,
                json.path("support").asDouble(),
                json.path("by").asText(),
                unverified);
    }
}
