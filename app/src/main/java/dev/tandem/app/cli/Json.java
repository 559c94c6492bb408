package dev.tandem.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.assistant.Assistant;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;

/** What {@code --json} prints: one object a line, fields in a fixed order. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String line(ObjectNode object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can be written", e);
        }
    }

    static ObjectNode of(Assistant.Reply reply, boolean scores) {
        ObjectNode json = of(reply.answer(), scores);
        json.put("cached", reply.cached());
        return json;
    }

    static ObjectNode of(Answer answer, boolean scores) {
        ObjectNode json = object();
        switch (answer) {
            case Answer.Grounded grounded -> {
                json.put("outcome", "grounded");
                json.put("text", grounded.text());
                json.put("key", grounded.key());
                json.put("support", rounded(grounded.support()));
                json.put("by", grounded.by());
                var citations = json.putArray("citations");
                grounded.citations().forEach(citation -> citations.add(of(citation)));
                var unverified = json.putArray("unverified");
                grounded.unverified().forEach(unverified::add);
            }
            case Answer.Abstained abstained -> {
                json.put("outcome", "abstained");
                json.put("reason", abstained.reason());
                json.put("support", rounded(abstained.support()));
                var nearest = json.putArray("nearest");
                abstained.nearest().forEach(hit -> nearest.add(of(hit, scores)));
            }
            case Answer.Labelled labelled -> {
                json.put("outcome", "labelled");
                json.put("label", labelled.label());
                json.put("probability", rounded(labelled.probability()));
                var ranked = json.putArray("ranked");
                labelled.ranked().forEach(each -> {
                    ObjectNode score = ranked.addObject();
                    score.put("label", each.label());
                    score.put("probability", rounded(each.probability()));
                });
                json.put("by", labelled.by());
            }
            case Answer.Unbacked unbacked -> {
                json.put("outcome", "unbacked");
                json.put("text", unbacked.text());
                json.put("by", unbacked.by());
            }
            case Answer.Refused refused -> {
                json.put("outcome", "refused");
                json.put("rule", refused.rule());
            }
        }
        return json;
    }

    private static ObjectNode of(Citation citation) {
        ObjectNode json = object();
        json.put("number", citation.number());
        json.put("quote", citation.quote());
        json.put("start", citation.span().start());
        json.put("end", citation.span().end());
        json.put("page", citation.page());
        json.set("document", of(citation.document()));
        return json;
    }

    /** @param scores whether the asker may read the whole collection: others learn ranks, never scores */
    static ObjectNode of(Hit hit, boolean scores) {
        ObjectNode json = object();
        json.put("rank", hit.rank());
        if (scores) {
            json.put("score", rounded(hit.score()));
            json.set("lexical", of(hit.lexical()));
            json.set("dense", of(hit.dense()));
        }
        Chunk chunk = hit.chunk();
        json.put("chunk", chunk.id());
        json.put("text", chunk.text());
        json.put("start", chunk.span().start());
        json.put("end", chunk.span().end());
        json.put("page", chunk.page());
        json.put("heading", chunk.headingPath());
        json.set("document", of(hit.document()));
        return json;
    }

    private static ObjectNode of(Hit.Channel channel) {
        ObjectNode json = object();
        if (Double.isNaN(channel.raw())) {
            json.putNull("raw");
        } else {
            json.put("raw", rounded(channel.raw()));
        }
        json.put("normalised", rounded(channel.normalised()));
        json.put("rank", channel.rank());
        return json;
    }

    private static ObjectNode of(DocumentRef document) {
        ObjectNode json = object();
        json.put("id", document.id());
        json.put("version", document.version());
        json.put("collection", document.collection());
        json.put("title", document.title());
        json.put("path", document.path());
        json.put("source", document.source());
        json.put("modified", document.modified().toString());
        json.put("language", document.language().code());
        ObjectNode metadata = json.putObject("metadata");
        document.metadata().forEach(metadata::put);
        return json;
    }

    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
