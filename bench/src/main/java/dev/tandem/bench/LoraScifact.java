package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.HardNegatives;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.domain.Embedder;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Ranking;
import dev.tandem.measure.Seeds;
import dev.tandem.onnx.OnnxBase;
import dev.tandem.onnx.OnnxEmbedder;
import dev.tandem.tune.LoraTrainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * A retriever tuned on the training claims of {@code scifact} against the encoder as it is, by vectors alone, whole documents
 * of title and abstract; and what it costs on {@code multihop-hotpot-musique}, which it was not tuned for.
 *
 * <pre>bench/run LoraScifact test=yes
 * bench/run LoraScifact rate=2e-4 epochs=3 negatives=2</pre>
 *
 * <p>Without {@code test=yes} nothing is measured but a tenth of the training claims, which settings are chosen by.
 */
final class LoraScifact {

    private static final int TENTH = 10;
    private static final int RANKS = 10;

    private final Options options;
    private final OnnxBase base;
    private final Path data = Path.of(System.getProperty("tandem.data", "../shared/data"));

    private LoraScifact(Options options, OnnxBase base) {
        this.options = options;
        this.base = base;
    }

    public static void main(String[] args) throws IOException {
        var options = new Options(args);
        Path target = Path.of(System.getProperty("tandem.root", "."), "target");
        try (Scratch scratch = Scratch.of("lora-scifact")) {
            new LoraScifact(
                            options,
                            OnnxBase.bundled(
                                    target.resolve("encoder-cache"), name -> LoraScifact.class.getResource("/" + name)))
                    .run(scratch, target.resolve("lora-scifact.vectors"));
        }
    }

    /** A corpus and its vectors. */
    private record Corpus(List<String> ids, List<String> texts, Map<String, Integer> places) {
        static Corpus read(Path folder) throws IOException {
            var ids = new ArrayList<String>();
            var texts = new ArrayList<String>();
            var places = new HashMap<String, Integer>();
            var json = new ObjectMapper();
            Path file = BeirSuite.corpus(folder);
            try (InputStream bytes = Files.newInputStream(file);
                    InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                    var lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode node = json.readTree(line);
                    String id = node.get("_id").asText();
                    places.put(id, ids.size());
                    ids.add(id);
                    String title = node.path("title").asText("");
                    texts.add((title.isBlank() ? "" : title + "\n")
                            + node.get("text").asText());
                }
            }
            return new Corpus(ids, texts, places);
        }
    }

    private void run(Scratch scratch, Path cache) throws IOException {
        boolean tested = options.says("test");
        Corpus scifact = Corpus.read(data.resolve("scifact"));
        List<BeirSuite.Case> claims =
                BeirSuite.read(data.resolve("scifact"), "train").cases();
        List<BeirSuite.Case> held =
                claims.stream().filter(each -> isHeld(each.id())).toList();
        List<BeirSuite.Case> learned =
                claims.stream().filter(each -> !isHeld(each.id())).toList();
        try (OnnxEmbedder plain = base.embedder()) {
            var frozen = new VectorCache(plain, cache);
            List<float[]> vectors = frozen.embed(scifact.texts(), Embedder.Role.PASSAGE);
            double[] before = ndcg(frozen, scifact, vectors, held);
            say("%d claims to learn from, %d to stop by: nDCG@10 %s before", learned.size(), held.size(), mean(before));
            long began = System.nanoTime();
            Trainer.TunedEncoder tuned = tune(frozen, scifact, vectors, learned, held);
            say(
                    "best epoch %d of %d steps, %.0f tokens/s, %.0f s",
                    tuned.epoch(), tuned.steps(), tuned.tokensPerSecond(), (System.nanoTime() - began) / 1e9);
            try (OnnxEmbedder merged = base.embedder(tuned.lora().merged(base.model()), scratch.resolve("tuned"))) {
                List<float[]> moved = merged.embed(scifact.texts(), Embedder.Role.PASSAGE);
                double[] after = ndcg(merged, scifact, moved, held);
                say("stopped by: %s after, %s more", mean(after), Bootstrap.difference(after, before));
                if (tested) {
                    List<BeirSuite.Case> test =
                            BeirSuite.read(data.resolve("scifact")).cases();
                    compare("scifact test", frozen, vectors, merged, moved, scifact, test);
                    Corpus other = Corpus.read(data.resolve("multihop-hotpot-musique"));
                    compare(
                            "multihop-hotpot-musique, not tuned for",
                            frozen,
                            frozen.embed(other.texts(), Embedder.Role.PASSAGE),
                            merged,
                            merged.embed(other.texts(), Embedder.Role.PASSAGE),
                            other,
                            BeirSuite.read(data.resolve("multihop-hotpot-musique"))
                                    .cases());
                }
            }
        }
    }

    private static void compare(
            String name,
            Embedder frozen,
            List<float[]> vectors,
            Embedder merged,
            List<float[]> moved,
            Corpus corpus,
            List<BeirSuite.Case> cases) {
        double[] before = ndcg(frozen, corpus, vectors, cases);
        double[] after = ndcg(merged, corpus, moved, cases);
        say(
                "%s: nDCG@10 %s before, %s after, %s more",
                name, mean(before), mean(after), Bootstrap.difference(after, before));
    }

    private static boolean isHeld(String id) {
        return Seeds.stream(1, "held/" + id).nextInt(TENTH) == 0;
    }

    private Trainer.TunedEncoder tune(
            Embedder frozen,
            Corpus corpus,
            List<float[]> vectors,
            List<BeirSuite.Case> learned,
            List<BeirSuite.Case> held) {
        TrainingSettings standard =
                TrainingSettings.ofRank((int) options.number("rank", 8), (long) options.number("seed", 1));
        var settings = new TrainingSettings(
                new LoraSettings(
                        standard.lora().rank(),
                        options.number("alpha", standard.lora().alpha()),
                        false,
                        options.number("dropout", .05),
                        standard.lora().targets(),
                        (int) options.number("lowest", 0)),
                (int) options.number("epochs", 3),
                (int) options.number("batch", 24),
                options.number("rate", 2e-4),
                0,
                options.number("warmup", .1),
                options.number("decay", .01),
                0,
                (int) options.number("patience", 3),
                standard.seed(),
                standard.threads(),
                null,
                Duration.ofMinutes(1));
        BaseModel model = base.model();
        long began = System.nanoTime();
        return new LoraTrainer()
                .retriever(
                        model,
                        ranked(frozen, corpus, vectors, learned, (int) options.number("negatives", 1)),
                        ranked(frozen, corpus, vectors, held, TENTH),
                        options.number("temperature", .05),
                        settings,
                        event -> {
                            if (event instanceof Trainer.Event.Epoch it) {
                                say(
                                        "  epoch %d: loss %.4f, reciprocal rank %.4f, after %.0f s",
                                        it.epoch(), it.loss(), it.figure(), (System.nanoTime() - began) / 1e9);
                            }
                        });
    }

    private Trainer.Ranked ranked(
            Embedder frozen, Corpus corpus, List<float[]> vectors, List<BeirSuite.Case> cases, int negatives) {
        List<String> questions = cases.stream().map(BeirSuite.Case::text).toList();
        List<float[]> asked = frozen.embed(questions, Embedder.Role.QUERY);
        var numbers = new HashMap<Integer, Integer>();
        var texts = new ArrayList<String>();
        var pairs = new ArrayList<Trainer.Ranked.Match>();
        for (int query = 0; query < cases.size(); query++) {
            Set<Integer> answers = cases.get(query).grades().entrySet().stream()
                    .filter(each -> each.getValue() > 0)
                    .map(each -> corpus.places().get(each.getKey()))
                    .collect(Collectors.toSet());
            List<Integer> hard = HardNegatives.of(asked.get(query), vectors, answers, negatives);
            for (int answer : answers) {
                pairs.add(new Trainer.Ranked.Match(
                        query,
                        number(answer, corpus, numbers, texts),
                        hard.stream()
                                .map(each -> number(each, corpus, numbers, texts))
                                .toList()));
            }
        }
        int most = (int) options.number("tokens", 256);
        return new Trainer.Ranked(
                base.tokens(questions, Embedder.Role.QUERY, most),
                base.tokens(texts, Embedder.Role.PASSAGE, most),
                pairs);
    }

    private static int number(int place, Corpus corpus, Map<Integer, Integer> numbers, List<String> texts) {
        return numbers.computeIfAbsent(place, _ -> {
            texts.add(corpus.texts().get(place));
            return texts.size() - 1;
        });
    }

    private static double[] ndcg(Embedder embedder, Corpus corpus, List<float[]> vectors, List<BeirSuite.Case> cases) {
        List<float[]> asked =
                embedder.embed(cases.stream().map(BeirSuite.Case::text).toList(), Embedder.Role.QUERY);
        return IntStream.range(0, cases.size())
                .parallel()
                .mapToDouble(query -> Ranking.ndcg(
                        RetrievalSuite.nearest(asked.get(query), vectors, RANKS).stream()
                                .map(corpus.ids()::get)
                                .toList(),
                        cases.get(query).grades(),
                        RANKS))
                .toArray();
    }

    private static String mean(double[] values) {
        return Bootstrap.mean(values).toString();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
