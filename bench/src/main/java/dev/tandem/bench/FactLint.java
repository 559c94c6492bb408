package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.behavior.dataset.Checks;
import dev.tandem.behavior.dataset.DocumentChecks;
import dev.tandem.behavior.dataset.Finding;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.retrieve.Retriever;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * What {@code dataset check --against} says of outputs, against SQuAD's paragraphs: of questions about them with their answers,
 * with the sentences that hold the answers, with those after one number was changed, and with answers to other questions; and
 * of data sets that know nothing of those paragraphs, where all that is said is wrong.
 *
 * <pre>bench/run FactLint          questions about the articles of the part test
 * bench/run FactLint train    about those that the rules were looked at on</pre>
 */
final class FactLint {

    private static final Path DATA = Path.of(System.getProperty("tandem.data", "../shared/data"));
    private static final Path SQUAD = DATA.resolve("squad-v1.1-dev");
    private static final Principal ASKER = Principal.ofUser("bench");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1_000;
    private static final int FEW = 6;
    private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\d.,])\\d{1,4}(?![\\p{L}\\d]|[.,]\\d)");

    private final DocumentChecks checks;
    private final boolean shows;

    private FactLint(DocumentChecks checks, boolean shows) {
        this.checks = checks;
        this.shows = shows;
    }

    public static void main(String[] args) throws IOException {
        String part = args.length > 0 ? args[0] : "test";
        try (Scratch scratch = Scratch.of("facts");
                OnnxEmbedder encoder = OnnxEmbedder.bundled(scratch.resolve("cache"))) {
            Home home = Home.at(scratch.resolve("home"));
            try (Ingestor ingestor = Ingestor.open(home, encoder)) {
                ingestor.ingest(
                        Request.of(
                                ASKER, "squad", List.of(BeirSuite.corpus(SQUAD).toString())),
                        _ -> {});
            }
            try (Catalog catalog = Catalog.read(home, ASKER.tenant());
                    CollectionIndex index =
                            CollectionIndex.read(home.index(ASKER.tenant(), "squad"), encoder.encoder())) {
                var searcher = Retriever.lexical((_, _) -> Optional.of(index), catalog);
                new FactLint(new DocumentChecks(ASKER, "squad", searcher), args.length > 1).run(part);
            }
        }
    }

    private void run(String part) throws IOException {
        Map<String, String> paragraphs = new HashMap<>();
        rows(
                "squad-v1.1-dev/corpus.jsonl.gz",
                row -> paragraphs.put(row.path("_id").asText(), row.path("text").asText()));
        Set<String> articles = AnswerSuite.articles(DATA.resolve("squad-split.tsv"), part);
        List<AnswerSuite.Case> cases =
                new ArrayList<>(AnswerSuite.read(SQUAD).ofArticles(articles).cases());
        var random = new Random(1);
        Collections.shuffle(cases, random);
        var answers = new ArrayList<Example>();
        var sentences = new ArrayList<Example>();
        var changed = new ArrayList<Example>();
        var others = new ArrayList<Example>();
        for (int i = 0; i < Math.min(MOST, cases.size()); i++) {
            AnswerSuite.Case each = cases.get(i);
            answers.add(example(each.question(), each.answers().getFirst(), answers.size()));
            // A longer one is a fact that stands in its document whatever was asked.
            String other = cases.get((i + 1) % cases.size()).answers().getFirst();
            if (other.split(" ", -1).length < FEW) {
                others.add(example(each.question(), other, others.size()));
            }
            String paragraph =
                    paragraphs.getOrDefault(each.documents().iterator().next(), "");
            String sentence = sentence(paragraph, each.answers().getFirst());
            sentences.add(example(each.question(), sentence, sentences.size()));
            Matcher number = NUMBER.matcher(sentence);
            if (number.find()) {
                int larger = Integer.parseInt(number.group()) + 1 + random.nextInt(9);
                changed.add(example(
                        each.question(),
                        sentence.substring(0, number.start()) + larger + sentence.substring(number.end()),
                        changed.size()));
            }
        }
        System.out.println(
                "| outputs | examples | stated in a document | denied by one | date, price or version | seconds |");
        System.out.println("|---|--:|---|---|---|--:|");
        report("questions with their answers", answers);
        report("with the sentences of the answers", sentences);
        report("with those, a number changed", changed);
        report("with short answers to other questions", others);
        report("e2e-nlg", read("e2e-nlg/dev.jsonl.gz", "mr", "ref"));
        report("gsm8k", read("gsm8k/train.jsonl.gz", "question", "answer"));
        report("mts-dialog", read("mts-dialog/train.jsonl.gz", "dialogue", "section_text"));
        report("banking77", read("banking77/train.jsonl.gz", "text", "label"));
    }

    private void report(String name, List<Example> examples) {
        long began = System.nanoTime();
        List<Finding> found = new ArrayList<>(checks.of(examples, _ -> {}));
        double seconds = (System.nanoTime() - began) / 1e9;
        found.addAll(Checks.of(examples));
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %.1f |%n",
                name,
                examples.size(),
                share(found, Finding.Kind.STATED_FACTS, examples),
                share(found, Finding.Kind.CONTRADICTED_FACTS, examples),
                share(found, Finding.Kind.CHANGING_FACTS, examples),
                seconds);
        if (shows) {
            for (Finding finding : found) {
                switch (finding.kind()) {
                    case STATED_FACTS, CONTRADICTED_FACTS, CHANGING_FACTS ->
                        finding.cases().stream()
                                .limit(6)
                                .forEach(each -> System.out.println(
                                        "    " + finding.kind() + ": " + each.text() + "\n        " + each.note()));
                    default -> {}
                }
            }
        }
    }

    private static String share(List<Finding> found, Finding.Kind kind, List<Example> examples) {
        int count = found.stream()
                .filter(each -> each.kind() == kind)
                .mapToInt(each -> each.cases().size())
                .sum();
        double[] cases = new double[examples.size()];
        Arrays.fill(cases, 0, count, 1);
        Interval share = Bootstrap.mean(cases);
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", share.value(), share.low(), share.high());
    }

    private static Example example(String input, String output, int line) {
        return new Example(input, output, "", Part.TRAIN, line + 1);
    }

    private static String sentence(String paragraph, String answer) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(paragraph);
        for (int from = breaks.first(), to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
            if (paragraph.substring(from, to).contains(answer)) {
                return paragraph.substring(from, to).strip();
            }
        }
        return paragraph;
    }

    private static List<Example> read(String name, String input, String output) throws IOException {
        var examples = new ArrayList<Example>();
        rows(name, row -> {
            if (!row.path(input).asText().isBlank()
                    && !row.path(output).asText().isBlank()) {
                examples.add(example(row.path(input).asText(), row.path(output).asText(), examples.size()));
            }
        });
        Collections.shuffle(examples, new Random(1));
        return examples.subList(0, Math.min(2 * MOST, examples.size()));
    }

    private static void rows(String name, Consumer<JsonNode> row) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DATA.resolve(name))), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                row.accept(JSON.readTree(line));
            }
        }
    }
}
