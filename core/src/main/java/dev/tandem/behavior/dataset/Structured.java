package dev.tandem.behavior.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.domain.Beside;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows that are more than an input and an output: a question with a passage that answers it and passages that do not, and
 * a question with the passage in which its answer stands.
 */
final class Structured {

    private static final List<String> QUESTIONS = List.of("question", "query");
    private static final List<String> PARTS_OF_NEGATIVES = List.of("negative", "negatives");

    private Structured() {}

    /**
     * Takes a row.
     *
     * @param outputs what is wanted, the first one first; of an answer all that are right
     * @param context where the answer stands; a row without one is no such row
     */
    static Row row(
            int line,
            String input,
            List<String> outputs,
            List<String> negatives,
            Optional<String> context,
            String family,
            String part) {
        List<String> wanted =
                outputs.stream().filter(output -> !output.isBlank()).toList();
        String first = wanted.isEmpty() ? "" : wanted.getFirst();
        if (context.isPresent()) {
            if (context.get().isBlank()) {
                return new Row.Bad(line, "the context is blank");
            }
            for (String answer : wanted) {
                if (!context.get().contains(answer)) {
                    return new Row.Bad(line, "an answer does not stand word for word in the context");
                }
            }
            return Row.of(line, input, first, new Beside.Context(context.get(), wanted), family, part);
        }
        List<String> others =
                negatives.stream().filter(negative -> !negative.isBlank()).toList();
        if (others.contains(first)) {
            return new Row.Bad(line, "the same passage is said to answer and not to answer");
        }
        return Row.of(
                line,
                input,
                first,
                others.isEmpty()
                        ? Beside.NOTHING
                        : new Beside.Negatives(others.stream().distinct().toList()),
                family,
                part);
    }

    /** Whether a record is a question about a passage, as SQuAD's are. */
    static boolean isSpan(JsonNode record) {
        return record.path("context").isTextual()
                && QUESTIONS.stream().anyMatch(record::has)
                && (record.has("answer") || record.has("answers") || record.has("is_impossible"));
    }

    /** One of those. */
    static Row span(int line, JsonNode record) {
        String question = JsonRows.optional(record, QUESTIONS);
        return row(
                line,
                question,
                record.path("is_impossible").asBoolean() ? List.of() : answers(record),
                List.of(),
                Optional.of(record.path("context").asText()),
                JsonRows.optional(record, Columns.FAMILIES),
                JsonRows.optional(record, Columns.PARTS));
    }

    /** A text, texts, records with a {@code text}, or one record with a list of them. */
    private static List<String> answers(JsonNode record) {
        JsonNode given = record.has("answers") ? record.get("answers") : record.path("answer");
        JsonNode texts = given.isObject() ? given.path("text") : given;
        if (texts.isTextual()) {
            return List.of(texts.asText());
        }
        var answers = new ArrayList<String>();
        texts.forEach(each -> answers.add(each.isObject() ? each.path("text").asText() : each.asText()));
        return answers;
    }

    /** SQuAD's own file: articles with paragraphs with questions; an article is a family. */
    static List<Row> squad(JsonNode file) {
        var rows = new ArrayList<Row>();
        int number = 0;
        for (JsonNode article : file.path("data")) {
            for (JsonNode paragraph : article.path("paragraphs")) {
                for (JsonNode question : paragraph.path("qas")) {
                    number++;
                    rows.add(row(
                            number,
                            question.path("question").asText(),
                            question.path("is_impossible").asBoolean() ? List.of() : answers(question),
                            List.of(),
                            Optional.of(paragraph.path("context").asText()),
                            article.path("title").asText(),
                            ""));
                }
            }
        }
        return rows;
    }

    /** What a record says does not answer its question. */
    static List<String> negatives(JsonNode record) {
        var negatives = new ArrayList<String>();
        for (String name : PARTS_OF_NEGATIVES) {
            JsonNode given = record.path(name);
            if (given.isTextual()) {
                negatives.add(given.asText());
            }
            given.forEach(each -> negatives.add(each.asText()));
        }
        return negatives;
    }
}
