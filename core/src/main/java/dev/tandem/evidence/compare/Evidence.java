package dev.tandem.evidence.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tandem.domain.Answer;
import dev.tandem.domain.DocumentRef;
import java.util.ArrayList;
import java.util.List;

/** What an arm looked at to answer a case. */
public sealed interface Evidence {

    /** So many are kept of an outcome, the best. */
    int MOST = 5;
    /** Longer texts are cut, in characters. */
    int LONGEST = 400;

    /**
     * A labelled example near the case.
     *
     * @param similarity cosine, in [-1, 1]
     */
    record Neighbour(String text, String label, double similarity) implements Evidence {}

    /**
     * A passage of a document.
     *
     * @param document its id
     * @param cited whether the answer quotes it; otherwise it was only found
     */
    record Passage(String document, String title, String path, String quote, boolean cited) implements Evidence {}

    static List<Evidence> of(Answer answer) {
        return switch (answer) {
            case Answer.Grounded grounded ->
                grounded.citations().stream()
                        .limit(MOST)
                        .<Evidence>map(each -> passage(each.document(), each.quote(), true))
                        .toList();
            case Answer.Labelled labelled ->
                labelled.neighbours().stream()
                        .limit(MOST)
                        .<Evidence>map(each -> new Neighbour(cut(each.text()), each.label(), each.similarity()))
                        .toList();
            case Answer.Abstained abstained ->
                abstained.nearest().stream()
                        .limit(MOST)
                        .<Evidence>map(
                                each -> passage(each.document(), each.chunk().text(), false))
                        .toList();
            case Answer.Unbacked _, Answer.Refused _ -> List.of();
        };
    }

    private static Passage passage(DocumentRef document, String quote, boolean cited) {
        return new Passage(document.id(), document.title(), document.path(), cut(quote), cited);
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "…";
    }

    static void write(List<Evidence> all, ArrayNode json) {
        for (Evidence each : all) {
            switch (each) {
                case Neighbour near ->
                    json.addObject()
                            .put("text", near.text())
                            .put("label", near.label())
                            .put("similarity", near.similarity());
                case Passage passage ->
                    json.addObject()
                            .put("document", passage.document())
                            .put("title", passage.title())
                            .put("path", passage.path())
                            .put("quote", passage.quote())
                            .put("cited", passage.cited());
            }
        }
    }

    static List<Evidence> read(JsonNode json) {
        var all = new ArrayList<Evidence>();
        for (JsonNode each : json) {
            all.add(
                    each.has("label")
                            ? new Neighbour(
                                    each.path("text").asText(),
                                    each.path("label").asText(),
                                    each.path("similarity").asDouble())
                            : new Passage(
                                    each.path("document").asText(),
                                    each.path("title").asText(),
                                    each.path("path").asText(),
                                    each.path("quote").asText(),
                                    each.path("cited").asBoolean()));
        }
        return all;
    }
}
