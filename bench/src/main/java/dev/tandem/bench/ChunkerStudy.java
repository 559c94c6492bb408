package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.Wiring;
import dev.tandem.domain.Principal;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.evidence.JsonLines;
import dev.tandem.evidence.tuning.Corpus;
import dev.tandem.evidence.tuning.RetrievalTuning;
import dev.tandem.evidence.tuning.TuningCases;
import dev.tandem.evidence.tuning.TuningReport;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ChunkStrategy;
import dev.tandem.knowledge.extract.Sentence;
import dev.tandem.knowledge.extract.Sentences;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.measure.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What {@code tandem tune-retrieval} finds on whole articles of squad and whole contracts of cuad: every way of cutting with the
 * share of gold spans that it parts, what it costs and what it reaches, then the choice on one half of the questions measured
 * on the other. An answer's sentence is the gold of a question of squad, the longest clause of a category that of one of cuad.
 *
 * <p>Arguments: {@code squad} or {@code cuad} and how many articles or contracts; none means both, 12 articles and 30 contracts.
 */
final class ChunkerStudy {

    private static final String COLLECTION = "study";
    private static final int MOST_QUESTIONS = 400;
    private static final int MOST_CHARACTERS = 15_000;
    private static final List<Integer> SIZES = List.of(110, 220, 330);
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChunkerStudy() {}

    /** Documents by name, and questions as tune-retrieval reads them. */
    private record Material(Map<String, String> documents, List<String> questions) {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"));
        if (args.length == 0 || args[0].equals("squad")) {
            study("squad", squad(data.resolve("squad-v1.1-dev"), args.length > 1 ? Integer.parseInt(args[1]) : 12));
        }
        if (args.length == 0 || args[0].equals("cuad")) {
            study("cuad", cuad(data.resolve("cuad"), args.length > 1 ? Integer.parseInt(args[1]) : 30));
        }
    }

    private static void study(String name, Material material) throws IOException {
        Principal asker = Principal.ofUser("bench");
        try (var scratch = Scratch.of("chunkers");
                var wiring = Wiring.of(scratch.resolve("home"), Map.of())) {
            Path docs = Files.createDirectories(scratch.resolve("docs"));
            for (Map.Entry<String, String> each : material.documents().entrySet()) {
                Files.writeString(docs.resolve(each.getKey()), each.getValue());
            }
            Path questions = Files.write(scratch.resolve("questions.jsonl"), material.questions());
            try (Ingestor ingestor = wiring.ingestor()) {
                ingestor.ingest(Request.of(asker, COLLECTION, List.of(docs.toString())), _ -> {});
            }
            var corpus = new Corpus(wiring.catalog(asker), asker, COLLECTION);
            List<ChunkSettings> ways = Arrays.stream(ChunkStrategy.values())
                    .flatMap(each -> SIZES.stream()
                            .map(size -> ChunkSettings.ofTarget(size).by(each)))
                    .toList();
            TuningReport report = new RetrievalTuning(
                            corpus,
                            wiring.embedder(asker, COLLECTION),
                            scratch.resolve("trials"),
                            folder -> wiring.reranker(Path.of(folder)))
                    .run(
                            TuningCases.read(questions, corpus),
                            new RetrievalSettings("structure:220", .45, 8),
                            ways,
                            Integer.MAX_VALUE,
                            "",
                            (number, of, way) -> System.err.printf("%s: %d of %d, %s%n", name, number, of, way));
            print(name, report);
        }
    }

    private static void print(String name, TuningReport report) {
        System.out.printf(
                Locale.ROOT,
                "%n%s: %,d documents, %,d questions to choose by, %,d to report on, %,d lost%n",
                name,
                report.documents(),
                report.dev(),
                report.report(),
                report.lost().size());
        report.cuts()
                .forEach(cut -> System.out.printf(
                        Locale.ROOT,
                        "  %-14s reach %.3f, %,6d chunks, %4.1f %% of spans parted, cut in %.1f s, embedded in %.1f s%n",
                        cut.chunks(),
                        cut.reach(),
                        cut.count(),
                        100 * cut.parted(),
                        cut.cutting(),
                        cut.embedding()));
        System.out.printf(
                Locale.ROOT,
                "  in use %.3f, best %.3f (%s): %+.3f [%+.3f, %+.3f]%n",
                report.current().reach().value(),
                report.best().reach().value(),
                report.best().settings(),
                report.difference().value(),
                report.difference().low(),
                report.difference().high());
        System.out.println(report.toJson());
    }

    private static Material squad(Path folder, int articles) {
        var byTitle = new LinkedHashMap<String, StringBuilder>();
        var contexts = new HashMap<String, JsonNode>();
        JsonLines.numbered(folder.resolve("corpus.jsonl.gz"), (_, row) -> {
            contexts.put(row.get("_id").asText(), row);
            byTitle.computeIfAbsent(row.get("title").asText(), _ -> new StringBuilder())
                    .append(row.get("text").asText())
                    .append("\n\n");
        });
        var documents = new LinkedHashMap<String, String>();
        drawn(byTitle.keySet(), articles)
                .forEach(title -> documents.put(
                        fileName(title),
                        byTitle.getOrDefault(title, new StringBuilder()).toString()));
        var questions = new ArrayList<String>();
        JsonLines.numbered(folder.resolve("answers.jsonl.gz"), (_, row) -> {
            JsonNode context = contexts.get(row.get("context_id").asText());
            if (context != null
                    && documents.containsKey(fileName(context.get("title").asText()))) {
                String answer = row.get("answers").get(0).asText();
                Sentences.of(context.get("text").asText()).stream()
                        .map(Sentence::text)
                        .filter(sentence -> sentence.contains(answer))
                        .findFirst()
                        .ifPresent(sentence -> questions.add(question(
                                row.get("_id").asText(),
                                row.get("question").asText(),
                                sentence,
                                fileName(context.get("title").asText()))));
            }
        });
        return new Material(documents, drawn(questions, MOST_QUESTIONS));
    }

    private static Material cuad(Path folder, int contracts) throws IOException {
        var asked = new HashMap<String, String>();
        for (String line : Files.readAllLines(folder.resolve("category_descriptions.csv"))) {
            String[] parts = line.split(",", 3);
            if (parts.length > 1 && parts[0].contains(": ")) {
                asked.put(
                        parts[0].substring(parts[0].indexOf(": ") + 2).strip(),
                        parts[1].replaceFirst("^\"?Description: ", "").replace("\"", ""));
            }
        }
        var texts = new LinkedHashMap<String, String>();
        Contracts.read(folder)
                .forEach((id, text) -> texts.put(id, text.substring(0, Math.min(text.length(), MOST_CHARACTERS))));
        var documents = new LinkedHashMap<String, String>();
        drawn(texts.keySet(), contracts).forEach(id -> documents.put(fileName(id), texts.getOrDefault(id, "")));
        var questions = new ArrayList<String>();
        JsonLines.numbered(folder.resolve("labels.jsonl.gz"), (_, row) -> {
            String id = row.get("_id").asText();
            String text = documents.get(fileName(id));
            if (text == null) {
                return;
            }
            row.get("categories").properties().forEach(category -> {
                String clause = "";
                for (JsonNode each : category.getValue().get("clauses")) {
                    clause = each.asText().length() > clause.length() && text.contains(each.asText())
                            ? each.asText()
                            : clause;
                }
                if (clause.length() >= 40) {
                    questions.add(question(
                            id + " " + category.getKey(),
                            asked.getOrDefault(category.getKey(), category.getKey()) + " "
                                    + id.replaceAll("[_\\d-]+", " "),
                            clause,
                            fileName(id)));
                }
            });
        });
        return new Material(documents, drawn(questions, MOST_QUESTIONS));
    }

    private static String question(String id, String query, String quote, String document) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("query", query)
                .put("quote", quote)
                .put("document", document)
                .toString();
    }

    private static String fileName(String title) {
        return title.replaceAll("[^\\p{L}\\p{N}]+", "-") + ".txt";
    }

    private static List<String> drawn(Collection<String> all, int most) {
        var order = new ArrayList<>(all);
        Collections.shuffle(order, Random.from(Seeds.stream(1, "chunker study")));
        return order.subList(0, Math.min(most, order.size()));
    }
}
