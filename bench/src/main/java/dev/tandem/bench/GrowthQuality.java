package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.Wiring;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.evidence.CorpusIds;
import dev.tandem.evidence.Part;
import dev.tandem.evidence.RetrievalEvaluation;
import dev.tandem.evidence.RetrievalReport;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.measure.Interval;
import dev.tandem.measure.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * What distractors cost: the documents that hold an answer to scifact's report queries alone, then with nine others for each,
 * then with all others, which are some thirty for each. The others are of the same field, and every text is embedded.
 */
final class GrowthQuality {

    private static final String COLLECTION = "growth";
    private static final List<Integer> TIMES = List.of(1, 10, 30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private GrowthQuality() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(System.getProperty("tandem.data", "../shared/data"), "scifact");
        BeirSuite suite = BeirSuite.read(folder).only(Part.of("report"));
        Set<String> gold = suite.cases().stream()
                .flatMap(each -> each.grades().entrySet().stream())
                .filter(grade -> grade.getValue() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        List<String> corpus = goldFirst(BeirSuite.corpus(folder), gold);
        Principal asker = Principal.ofUser("bench");
        try (var scratch = Scratch.of("growth-quality");
                var wiring = Wiring.of(scratch.resolve("home"), Map.of())) {
            // The same file each time, longer: what was there is left alone.
            Path file = scratch.resolve("corpus.jsonl");
            for (int times : TIMES) {
                int documents = times == TIMES.getLast() ? corpus.size() : gold.size() * times;
                Files.write(file, corpus.subList(0, documents));
                try (Ingestor ingestor = wiring.ingestor()) {
                    ingestor.ingest(Request.of(asker, COLLECTION, List.of(file.toString())), _ -> {});
                }
                var modes = new LinkedHashMap<String, Searcher>();
                modes.put("lexical", wiring.lexical(asker));
                modes.put("dense", wiring.dense(asker));
                modes.put("hybrid", wiring.searcher(asker));
                RetrievalReport report = new RetrievalEvaluation(asker, COLLECTION, CorpusIds.ofRecords())
                        .run(suite.over(documents), modes);
                report.modes()
                        .forEach((name, mode) -> System.out.printf(
                                Locale.ROOT,
                                "%,6d documents (%.0f for each with an answer), %-8s nDCG@10 %s, recall@10 %s%n",
                                documents,
                                (double) documents / gold.size(),
                                name,
                                text(mode.ndcgAt10()),
                                text(mode.recallAt10())));
            }
        }
    }

    private static List<String> goldFirst(Path corpus, Set<String> gold) throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(
                corpus.toString().endsWith(".gz")
                        ? new GZIPInputStream(Files.newInputStream(corpus))
                        : Files.newInputStream(corpus),
                StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().collect(Collectors.toList());
            Collections.shuffle(lines, Random.from(Seeds.stream(1, "distractors")));
            Map<Boolean, List<String>> isGold =
                    lines.stream().collect(Collectors.partitioningBy(line -> gold.contains(id(line))));
            return Stream.of(true, false)
                    .flatMap(each -> isGold.getOrDefault(each, List.of()).stream())
                    .toList();
        }
    }

    private static String id(String line) {
        try {
            JsonNode id = JSON.readTree(line).get("_id");
            return id == null ? "" : id.asText();
        } catch (IOException e) {
            throw new IllegalArgumentException("not a record: " + line, e);
        }
    }

    private static String text(Interval figure) {
        return String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", figure.value(), figure.low(), figure.high());
    }
}
