package dev.tandem.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Questions with their right answers from a folder in BEIR layout that has {@code answers.jsonl}: {@code _id},
 * {@code question}, {@code answers}, and where known {@code context_id} or {@code gold} (the documents that hold the
 * answer) and {@code is_impossible}.
 *
 * @param name of the folder
 */
public record AnswerSuite(String name, List<Case> cases) {

    private static final Pattern PARAGRAPH = Pattern.compile("(.*)-\\d+");

    /**
     * One question.
     *
     * @param answers any of which is right; none where the corpus does not answer the question
     * @param documents corpus ids of the documents that answer, may be empty where the suite does not say
     */
    public record Case(String id, String question, List<String> answers, Set<String> documents) {
        public Case {
            answers = List.copyOf(answers);
            documents = Set.copyOf(documents);
        }

        public boolean answerable() {
            return !answers.isEmpty();
        }
    }

    public AnswerSuite {
        cases = List.copyOf(cases);
    }

    public static AnswerSuite read(Path folder) {
        Path file = JsonLines.require(folder, "answers.jsonl");
        var cases = new ArrayList<Case>();
        JsonLines.objects(file, node -> cases.add(read(file, node)));
        return new AnswerSuite(folder.toAbsolutePath().normalize().getFileName().toString(), cases);
    }

    private static Case read(Path file, JsonNode node) {
        var answers = new ArrayList<String>();
        if (!node.path("is_impossible").asBoolean(false)) {
            node.path("answers").forEach(answer -> answers.add(answer.asText()));
        }
        var documents = new TreeSet<String>();
        if (node.hasNonNull("context_id")) {
            documents.add(node.get("context_id").asText());
        }
        node.path("gold").forEach(id -> documents.add(id.asText()));
        return new Case(JsonLines.text(file, node, "_id"), JsonLines.text(file, node, "question"), answers, documents);
    }

    /** Only the questions of this part. */
    public AnswerSuite only(Part part) {
        return where(each -> part.has(each.id()), "the part '" + part + "'");
    }

    /**
     * Only the questions about these articles, where the suite's documents are the paragraphs of articles:
     * {@code Apollo_program-3} is the fourth paragraph of "Apollo program".
     */
    public AnswerSuite ofArticles(Set<String> titles) {
        return where(
                each -> each.documents().stream().map(AnswerSuite::article).anyMatch(titles::contains),
                "the chosen articles");
    }

    /**
     * Reads which articles are there to train or to calibrate on, and which to report on: a tab-separated file with the
     * columns {@code title}, …, {@code part}.
     */
    public static Set<String> articles(Path splitFile, String part) {
        var titles = new TreeSet<String>();
        JsonLines.lines(splitFile, line -> {
            String[] fields = line.split("\t", -1);
            if (fields[fields.length - 1].strip().equals(part)) {
                titles.add(fields[0]);
            }
        });
        return titles;
    }

    private AnswerSuite where(Predicate<Case> wanted, String what) {
        var chosen = cases.stream().filter(wanted).toList();
        if (chosen.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "There is no question in " + what + " of the suite " + name + ".",
                    "Choose all, dev, report or a file with ids of this suite's questions.");
        }
        return new AnswerSuite(name, chosen);
    }

    private static String article(String document) {
        Matcher paragraph = PARAGRAPH.matcher(document);
        return (paragraph.matches() ? paragraph.group(1) : document).replace('_', ' ');
    }
}
