package dev.tandem.evidence.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.domain.Query;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.evidence.Figures;
import dev.tandem.evidence.JsonLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Held-out cases that arms are compared on.
 *
 * @param name of the file or folder
 * @param hash SHA-256 over its cases, in hex: the same for the same cases, zipped or not
 * @param cases at least one, their ids distinct
 */
public record Suite(String name, String hash, Task task, List<Case> cases) {

    private static final List<String> INPUTS = List.of("text", "input", "question");
    private static final String EXAMPLE =
            "Write one JSON object a line, such as {\"text\": \"Where is my card?\", \"label\": \"card_arrival\"} or"
                    + " {\"question\": \"Who approves travel?\", \"answers\": [\"the team lead\"]}.";

    public Suite {
        cases = List.copyOf(cases);
    }

    public static Suite of(String name, Task task, List<Case> cases) {
        if (cases.isEmpty()) {
            throw new Failure(Failure.Kind.INVALID, "The suite " + Printable.of(name) + " has no cases.", EXAMPLE);
        }
        return new Suite(name, hash(task, cases), task, cases);
    }

    /**
     * A file of JSON lines, which may be gzipped: {@code id} (the line's number where there is none), {@code text},
     * {@code input} or {@code question}, then {@code label} to classify, {@code answers} or {@code answer} to answer, and
     * {@code tags}. Or a folder in BEIR layout with {@code answers.jsonl}.
     */
    public static Suite read(Path path) {
        if (Files.isDirectory(path)) {
            AnswerSuite suite = AnswerSuite.read(path);
            return of(
                    suite.name(),
                    Task.ANSWER,
                    suite.cases().stream()
                            .map(each -> new Case(each.id(), each.question(), each.answers(), List.of()))
                            .toList());
        }
        if (!Files.isRegularFile(path)) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no suite " + Printable.of(path.toString()) + ".",
                    "Name a file of JSON lines, or a folder with answers.jsonl.");
        }
        var reading = new Reading(path.getFileName().toString());
        JsonLines.numbered(path, reading::row);
        return of(
                reading.file.replaceFirst("(\\.jsonl|\\.json)?(\\.gz)?$", ""),
                Optional.ofNullable(reading.task).orElse(Task.CLASSIFY),
                reading.cases);
    }

    /** Rows of one file, and what all of them must agree on. */
    private static final class Reading {
        private final String file;
        private final List<Case> cases = new ArrayList<>();
        private final Map<String, Integer> lines = new HashMap<>();
        private @Nullable Task task;

        Reading(String file) {
            this.file = Printable.of(file);
        }

        void row(int line, JsonNode row) {
            String input = INPUTS.stream()
                    .map(row::path)
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText)
                    .filter(text -> !text.isBlank())
                    .findFirst()
                    .orElseThrow(() -> wrong(line, "has no text, input or question", EXAMPLE));
            if (input.length() > Query.LONGEST) {
                throw wrong(
                        line,
                        "has a text of " + input.length() + " characters; at most " + Query.LONGEST + " are read",
                        "Shorten it, or leave it out.");
            }
            Task asks = row.hasNonNull("label") ? Task.CLASSIFY : Task.ANSWER;
            List<String> answers = answers(row);
            if (answers.stream().anyMatch(String::isBlank) || (answers.isEmpty() && !saysUnanswerable(row))) {
                throw wrong(line, "has no label, answers or answer", EXAMPLE);
            }
            if (task != null && task != asks) {
                throw wrong(
                        line,
                        "is there to " + asks + ", the rows before it to " + task,
                        "Keep labels and answers in separate files.");
            }
            task = asks;
            String id = Stream.of("id", "_id")
                    .filter(row::hasNonNull)
                    .map(name -> row.get(name).asText())
                    .findFirst()
                    .orElse(Integer.toString(line));
            Integer before = lines.put(id, line);
            if (before != null) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "Lines " + before + " and " + line + " of the suite " + file + " are both called '"
                                + Printable.of(id) + "'.",
                        "Give every case an id of its own, or none at all.");
            }
            cases.add(new Case(id, input, answers, texts(row.path("tags"))));
        }

        private static List<String> answers(JsonNode row) {
            return Stream.of("label", "answers", "answer")
                    .filter(row::hasNonNull)
                    .findFirst()
                    .map(name -> texts(row.get(name)))
                    .orElse(List.of());
        }

        /** A question may have no answer, if the row says so rather than leaving it out. */
        private static boolean saysUnanswerable(JsonNode row) {
            return row.path("answers").isArray() || row.path("is_impossible").asBoolean(false);
        }

        private static List<String> texts(JsonNode node) {
            var texts = new ArrayList<String>();
            if (node.isArray()) {
                node.forEach(each -> texts.add(each.asText()));
            } else if (node.isValueNode() && !node.isNull()) {
                texts.add(node.asText());
            }
            return texts;
        }

        private Failure wrong(int line, String what, String next) {
            return new Failure(Failure.Kind.INVALID, "Line " + line + " of the suite " + file + " " + what + ".", next);
        }
    }

    private static String hash(Task task, List<Case> cases) {
        var digest = Sha256.digest();
        digest.update(task.toString().getBytes(StandardCharsets.UTF_8));
        for (Case each : cases) {
            ObjectNode json = Figures.object();
            json.put("id", each.id());
            json.put("input", each.input());
            ArrayNode answers = json.putArray("answers");
            each.answers().forEach(answers::add);
            ArrayNode tags = json.putArray("tags");
            each.tags().forEach(tags::add);
            digest.update((json + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
