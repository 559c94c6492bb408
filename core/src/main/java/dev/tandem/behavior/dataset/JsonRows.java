package dev.tandem.behavior.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of JSON Lines: flat records, or conversations as OpenAI writes them. */
final class JsonRows {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonRows() {}

    /** A line as an object, or why it is none. */
    private record Parsed(int line, @Nullable JsonNode object, String wrong) {}

    record Result(List<Row> rows, String format) {}

    static Result read(String file, Lines lines, Columns columns) {
        List<Parsed> parsed = parse(lines);
        if (columns.equals(Columns.USUAL)) {
            Optional<JsonNode> squad = squad(parsed, lines);
            if (squad.isPresent()) {
                return new Result(Structured.squad(squad.get()), "squad");
            }
            if (parsed.stream().map(Parsed::object).anyMatch(object -> object != null && Structured.isSpan(object))) {
                return spans(parsed);
            }
        }
        boolean chat = columns.equals(Columns.USUAL)
                && parsed.stream().map(Parsed::object).anyMatch(object -> object != null && object.has("messages"));
        return chat ? chat(parsed) : records(file, parsed, columns);
    }

    /** A whole file as one object with {@code data}, on one line or on many. */
    private static Optional<JsonNode> squad(List<Parsed> parsed, Lines lines) {
        JsonNode first = parsed.isEmpty() ? null : parsed.getFirst().object();
        if (first == null && parsed.size() > 1) {
            try {
                first = JSON.readTree(String.join("\n", lines.texts()));
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(first)
                .filter(object -> object.path("data").isArray()
                        && object.path("data").path(0).has("paragraphs"));
    }

    private static Result spans(List<Parsed> parsed) {
        var rows = new ArrayList<Row>();
        for (Parsed each : parsed) {
            JsonNode object = each.object();
            if (object == null) {
                rows.add(new Row.Bad(each.line(), each.wrong()));
            } else if (!Structured.isSpan(object)) {
                rows.add(new Row.Bad(each.line(), "no question with a context and answers"));
            } else {
                rows.add(Structured.span(each.line(), object));
            }
        }
        return new Result(rows, "spans");
    }

    private static Result chat(List<Parsed> parsed) {
        var rows = new ArrayList<Row>();
        for (Parsed each : parsed) {
            JsonNode object = each.object();
            rows.add(object == null ? new Row.Bad(each.line(), each.wrong()) : Chat.row(each.line(), object));
        }
        return new Result(rows, "chat");
    }

    /** The names are those of the first record that has both an input and an output. */
    private static Result records(String file, List<Parsed> parsed, Columns columns) {
        Set<String> all = new LinkedHashSet<>();
        Columns.Found found = null;
        for (Parsed each : parsed) {
            JsonNode object = each.object();
            if (object != null) {
                Set<String> names = new LinkedHashSet<>();
                object.fieldNames().forEachRemaining(names::add);
                all.addAll(names);
                if (found == null && columns.are(names)) {
                    found = columns.among(file, names);
                }
            }
        }
        if (all.isEmpty()) {
            return new Result(
                    parsed.stream()
                            .<Row>map(each -> new Row.Bad(each.line(), each.wrong()))
                            .toList(),
                    "jsonl");
        }
        // Says which one is missing, and fails there.
        Columns.Found names = found == null ? columns.among(file, all) : found;
        var rows = new ArrayList<Row>();
        for (Parsed each : parsed) {
            JsonNode object = each.object();
            rows.add(object == null ? new Row.Bad(each.line(), each.wrong()) : row(each.line(), object, names));
        }
        boolean completions = names.input().equals("prompt") && names.output().equals("completion");
        return new Result(rows, completions ? "prompt-completion" : "jsonl");
    }

    private static List<Parsed> parse(Lines lines) {
        var parsed = new ArrayList<Parsed>();
        for (int i = 0; i < lines.texts().size(); i++) {
            String text = lines.texts().get(i);
            if (text.isBlank()) {
                continue;
            }
            String wrong = lines.wrong().get(i);
            JsonNode object = null;
            if (wrong.isEmpty()) {
                try {
                    JsonNode node = JSON.readTree(text);
                    if (node.isObject()) {
                        object = node;
                    } else {
                        wrong = "not a JSON object";
                    }
                } catch (JsonProcessingException e) {
                    wrong = "broken JSON"
                            + (e.getLocation() == null
                                    ? ""
                                    : " at column " + e.getLocation().getColumnNr());
                }
            }
            parsed.add(new Parsed(i + 1, object, wrong));
        }
        return parsed;
    }

    private static Row row(int line, JsonNode object, Columns.Found names) {
        for (String name : List.of(names.input(), names.output())) {
            JsonNode value = object.path(name);
            if (value.isMissingNode() || value.isNull()) {
                return new Row.Bad(line, "no \"" + Printable.of(name) + "\"");
            }
            if (value.isContainerNode()) {
                return new Row.Bad(line, "\"" + Printable.of(name) + "\" is not a text");
            }
        }
        return Structured.row(
                line,
                object.path(names.input()).asText(),
                List.of(object.path(names.output()).asText()),
                Structured.negatives(object),
                Optional.empty(),
                optional(object, Columns.FAMILIES),
                optional(object, Columns.PARTS));
    }

    /** The first of those fields that the record has; empty where it has none. */
    static String optional(JsonNode object, List<String> names) {
        Optional<String> value = names.stream()
                .map(object::path)
                .filter(node -> node.isValueNode() && !node.isNull())
                .map(JsonNode::asText)
                .findFirst();
        return value.orElse("");
    }
}
