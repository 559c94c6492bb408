package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.tandem.domain.Embedder.Role;
import dev.tandem.measure.Seeds;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/**
 * Embedding throughput against LangChain4j's in-process model: the same weights, the same texts, the same process, rounds
 * in turn. Texts are paragraphs of squad-v1.1-dev drawn by a fixed seed. Besides the clock, processor time is told, which
 * does not suffer from what else the machine is doing.
 *
 * <p>Arguments: texts (default 200), rounds (default 7, after one to warm up). Ends with 1 when the ratio of the medians
 * is below 1.3.
 */
final class EmbeddingThroughput {

    private static final double BAR = 1.3;

    /** One measured round. */
    private record Round(double seconds, double processorSeconds, List<float[]> vectors) {}

    private EmbeddingThroughput() {}

    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        // Otherwise LangChain4j's tokenizer library would call a server while it is timed.
        System.setProperty("ai.djl.offline", "true");
        List<String> texts = texts(count);
        List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
        Path cache = Path.of(System.getProperty("tandem.root", "."), "target", "encoder-cache");
        try (var ours = OnnxEmbedder.bundled(cache)) {
            // After ours has opened ONNX Runtime: whoever comes first sets how much it logs.
            ours.embed(texts.subList(0, 1), Role.PASSAGE);
            var theirs = new BgeSmallEnV15QuantizedEmbeddingModel();
            long tokens = texts.stream().mapToLong(ours::countTokens).sum();
            System.out.printf(
                    Locale.ROOT,
                    "%d paragraphs, %d tokens, %d cores, %d rounds in turn%n",
                    count,
                    tokens,
                    Runtime.getRuntime().availableProcessors(),
                    rounds);
            var tandem = new ArrayList<Round>();
            var langchain4j = new ArrayList<Round>();
            for (int round = 0; round <= rounds; round++) {
                tandem.add(measure(() -> ours.embed(texts, Role.PASSAGE)));
                langchain4j.add(measure(() -> theirs.embedAll(segments).content().stream()
                        .map(embedding -> embedding.vector())
                        .toList()));
            }
            double ratio = report("LangChain4j", langchain4j, tokens, count) / report("Tandem", tandem, tokens, count);
            System.out.printf(
                    Locale.ROOT,
                    "Tandem over LangChain4j: %.2f times; least cosine between the two vectors of a text %.5f%n",
                    ratio,
                    leastCosine(
                            tandem.getFirst().vectors(), langchain4j.getFirst().vectors()));
            System.exit(ratio >= BAR ? 0 : 1);
        }
    }

    private static Round measure(Supplier<List<float[]>> work) {
        long processor = ProcessorTime.nanos();
        long start = System.nanoTime();
        List<float[]> vectors = work.get();
        return new Round((System.nanoTime() - start) / 1e9, (ProcessorTime.nanos() - processor) / 1e9, vectors);
    }

    /** Prints what the rounds after the first came to; the median's seconds. */
    private static double report(String name, List<Round> all, long tokens, int texts) {
        List<Round> rounds = all.subList(1, all.size());
        double seconds = median(rounds.stream().map(Round::seconds).toList());
        double processor = median(rounds.stream().map(Round::processorSeconds).toList());
        double best = Collections.min(rounds.stream().map(Round::seconds).toList());
        System.out.printf(
                Locale.ROOT,
                "%-12s median %,6.0f tokens/s, %5.1f segments/s; best round %,6.0f tokens/s; %,6.0f tokens per"
                        + " processor second%n",
                name,
                tokens / seconds,
                texts / seconds,
                tokens / best,
                tokens / processor);
        return seconds;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    private static double leastCosine(List<float[]> one, List<float[]> other) {
        double least = 1;
        for (int text = 0; text < one.size(); text++) {
            double dot = 0;
            for (int d = 0; d < one.get(text).length; d++) {
                dot += one.get(text)[d] * other.get(text)[d];
            }
            least = Math.min(least, dot);
        }
        return least;
    }

    private static List<String> texts(int count) throws IOException {
        Path corpus =
                Path.of(System.getProperty("tandem.data", "../shared/data")).resolve("squad-v1.1-dev/corpus.jsonl.gz");
        var mapper = new ObjectMapper();
        var texts = new ArrayList<String>();
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(corpus)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode record = mapper.readTree(line);
                texts.add(record.get("text").textValue());
            }
        }
        Collections.shuffle(texts, Random.from(Seeds.stream(1, "embedding throughput")));
        return texts.subList(0, count);
    }
}
