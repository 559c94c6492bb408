package dev.tandem.assistant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.assistant.Assistant.Reply;
import dev.tandem.catalog.Answers;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An assistant that gives an answer again instead of making it again, where nothing has changed that it depends on: who
 * asks, what and where, with which settings, the state of the documents and of who may read them, and that of the index.
 * What is given again has its citations checked again with the asker's rights.
 *
 * <p>Kept is what stands on citations, whole, from the model that was to write it. Abstentions, cut streams and what a
 * fallback wrote are not, and neither is what was answered while documents changed.
 */
public final class Remembering implements Assistant.Replies {

    /** One more for each change of what is read or how it is made that no setting and no weight tells of. */
    private static final String FORMAT = "1";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Assistant assistant;
    private final Answers answers;
    private final Moment moment;
    private final String settings;

    /** When it is, as far as answers go. */
    @FunctionalInterface
    public interface Moment {

        /** Equal at two times only where every answer in between would have been the same; empty where nobody can say. */
        String now(Principal asker, String collection);
    }

    /** @param settings everything outside the assistant that an answer depends on, the searcher's and encoder's included */
    public Remembering(Assistant assistant, Answers answers, Moment moment, String settings) {
        this.assistant = assistant;
        this.answers = answers;
        this.moment = moment;
        this.settings = settings;
    }

    @Override
    public Reply reply(Query query, Consumer<String> onDraft, Duration time) {
        String before = moment.now(query.asker(), query.collection());
        if (before.isEmpty()) {
            return assistant.reply(query, onDraft, time);
        }
        String key = key(query, before);
        Optional<Reply> known = answers.find(key).flatMap(Remembering::read);
        if (known.isPresent()) {
            if (stands(query.asker(), known.get())) {
                return known.get();
            }
            answers.drop(key);
        }
        Reply reply = assistant.reply(query, onDraft, time);
        if (reply.whole()
                && reply.answer() instanceof Answer.Grounded
                && before.equals(moment.now(query.asker(), query.collection()))) {
            answers.keep(key, query.collection(), before, write(reply));
            if (!before.equals(moment.now(query.asker(), query.collection()))) {
                answers.drop(key); // a document may have been forgotten just now
            }
        }
        return reply;
    }

    private boolean stands(Principal asker, Reply reply) {
        return reply.answer() instanceof Answer.Grounded grounded
                && assistant.citations().standing(asker, grounded.citations()).equals(grounded.citations());
    }

    private static String write(Reply reply) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("answer", AnswerJson.write(reply.answer()));
        ArrayNode read = json.putArray("read");
        reply.read()
                .forEach(each ->
                        read.addObject().put("document", each.document()).put("version", each.version()));
        return json.toString();
    }

    private static Optional<Reply> read(String stored) {
        try {
            JsonNode json = MAPPER.readTree(stored);
            var read = new ArrayList<Assistant.Read>();
            json.path("read")
                    .forEach(each -> read.add(new Assistant.Read(
                            each.path("document").asText(), each.path("version").asInt())));
            return AnswerJson.read(json.path("answer").asText()).map(answer -> new Reply(answer, true, true, read));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }

    private String key(Query query, String moment) {
        ArrayNode parts = MAPPER.createArrayNode();
        List.of(
                        FORMAT,
                        query.asker().fingerprint(),
                        query.collection(),
                        SafeText.line(query.text()),
                        moment,
                        settings,
                        assistant.making())
                .forEach(parts::add);
        add(parts, query.filter());
        return Sha256.hex(parts.toString());
    }

    /** As a tree, so that no value can look like another filter. */
    private static void add(ArrayNode parts, Filter filter) {
        ArrayNode node = parts.addArray();
        switch (filter) {
            case Filter.Everything _ -> node.add("everything");
            case Filter.Equals equals -> node.add("equals").add(equals.key()).add(equals.value());
            case Filter.Modified modified ->
                node.add("modified").add(String.valueOf(modified.from())).add(String.valueOf(modified.to()));
            case Filter.All all -> {
                node.add("all");
                all.filters().forEach(each -> add(node, each));
            }
        }
    }
}
