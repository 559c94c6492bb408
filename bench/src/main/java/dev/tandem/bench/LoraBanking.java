package dev.tandem.bench;

import dev.tandem.behavior.dataset.Importer;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.HeadSettings;
import dev.tandem.behavior.tuning.HeadTraining;
import dev.tandem.behavior.tuning.LabelNames;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.measure.Bootstrap;
import dev.tandem.onnx.OnnxBase;
import dev.tandem.onnx.OnnxEmbedder;
import dev.tandem.tune.LoraTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank tuning on {@code banking77} against the head on the frozen encoder.
 *
 * <pre>bench/run LoraBanking seeds=3 test=yes
 * bench/run LoraBanking seeds=1 rank=16 rate=5e-4 epochs=6
 * bench/run LoraBanking seeds=1 method=contrast rate=5e-4 batch=128 epochs=4
 * bench/run LoraBanking few=10 seeds=5 test=yes
 * bench/run LoraBanking few=10 seeds=3 names=yes copies=2</pre>
 *
 * <p>With {@code few} so many examples of each label are drawn by the seed, the encoder learns from their pairs, and a head is
 * fitted on its vectors; what is not drawn is what settings are chosen by. With {@code names} nothing is tuned: the names of
 * the labels are examples, too.
 *
 * <p>Without {@code test=yes} nothing is measured but a tenth of the training examples, which settings are chosen by.
 */
final class LoraBanking {

    private static final int MOST_TOKENS = 128;
    private static final int TENTH = 10;

    /** Of the training examples that are not drawn, so many are what settings are chosen by. */
    private static final int OTHERS = 2_000;

    private final Options options;
    private final OnnxBase base;

    private LoraBanking(Options options, OnnxBase base) {
        this.options = options;
        this.base = base;
    }

    public static void main(String[] args) throws IOException {
        var options = new Options(args);
        Path cache = Path.of(System.getProperty("tandem.root", "."), "target", "encoder-cache");
        try (Scratch scratch = Scratch.of("lora-banking")) {
            new LoraBanking(options, OnnxBase.bundled(cache, name -> LoraBanking.class.getResource("/" + name)))
                    .run(scratch);
        }
    }

    private void run(Scratch scratch) {
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"), "banking77");
        List<Example> test =
                Importer.read(data.resolve("test.jsonl.gz")).in(Part.TEST).split(0, 0, 0);
        Set<String> seen = new HashSet<>();
        test.forEach(each -> seen.add(each.input()));
        List<Example> train =
                new ArrayList<>(Importer.read(data.resolve("train.jsonl.gz")).in(Part.TRAIN).split(0, 0, 0).stream()
                        .filter(each -> !seen.contains(each.input()))
                        .toList());
        boolean tested = options.says("test");
        int few = (int) options.number("few", 0);
        if (few > 0) {
            few(scratch, few, train, tested ? test : null);
            return;
        }
        try (OnnxEmbedder frozen = base.embedder()) {
            List<float[]> vectors = embed(frozen, train);
            List<float[]> testVectors = tested ? embed(frozen, test) : List.of();
            Head whole = head(vectors, train, IntStream.range(0, train.size()).toArray());
            double[] plain = tested ? right(whole, testVectors, test) : new double[0];
            if (tested) {
                say("frozen head: test accuracy %s", Bootstrap.mean(plain));
            }
            double sum = 0;
            int seeds = (int) options.number("seeds", 3);
            for (int seed = 1; seed <= seeds; seed++) {
                double[] tuned = tune(scratch, seed, train, vectors, tested ? test : null);
                if (tested) {
                    say(
                            "seed %d: test accuracy %s, over the frozen head %s",
                            seed, Bootstrap.mean(tuned), Bootstrap.difference(tuned, plain));
                }
                sum += Bootstrap.mean(tuned).value();
            }
            say("mean of %d seeds: %.4f", seeds, sum / seeds);
        }
    }

    private void few(Scratch scratch, int few, List<Example> train, @Nullable List<Example> test) {
        int seeds = (int) options.number("seeds", 5);
        var plain = new ArrayList<double[]>();
        var tuned = new ArrayList<double[]>();
        try (OnnxEmbedder frozen = base.embedder()) {
            for (int seed = 1; seed <= seeds; seed++) {
                long began = System.nanoTime();
                List<Example> shuffled = new ArrayList<>(train);
                Collections.shuffle(shuffled, new Random(seed));
                var drawn = new ArrayList<Example>();
                var others = new ArrayList<Example>();
                var counts = new HashMap<String, Integer>();
                for (Example each : shuffled) {
                    (counts.merge(each.output(), 1, Integer::sum) <= few ? drawn : others).add(each);
                }
                List<Example> cases = test == null ? others.subList(0, OTHERS) : test;
                Head head = head(
                        embed(frozen, drawn),
                        drawn,
                        IntStream.range(0, drawn.size()).toArray());
                List<float[]> caseVectors = embed(frozen, cases);
                plain.add(right(head, caseVectors, cases));
                if (options.says("names")) {
                    say(
                            "seed %d: frozen head %s, with names %s",
                            seed,
                            Bootstrap.mean(plain.getLast()),
                            Bootstrap.mean(right(named(frozen, drawn, head.labels()), caseVectors, cases)));
                    continue;
                }
                // One example of each label stops it.
                var held = new ArrayList<Integer>();
                var learned = new ArrayList<Integer>();
                var stopping = new HashSet<String>();
                for (int i = 0; i < drawn.size(); i++) {
                    (stopping.add(drawn.get(i).output()) ? held : learned).add(i);
                }
                TrainingSettings settings = settings(seed, options.number("rate", 5e-4));
                BaseModel model = base.model();
                boolean all = options.says("all");
                Trainer.TunedEncoder encoder = new LoraTrainer()
                        .contrast(
                                model,
                                all
                                        ? labelled(
                                                drawn,
                                                IntStream.range(0, drawn.size()).toArray(),
                                                head)
                                        : labelled(drawn, numbers(learned), head),
                                labelled(drawn, numbers(held), head),
                                options.number("temperature", .07),
                                settings,
                                event -> {
                                    if (event instanceof Trainer.Event.Epoch it) {
                                        say(
                                                "  epoch %d: loss %.4f, accuracy %.4f, after %.0f s",
                                                it.epoch(), it.loss(), it.figure(), (System.nanoTime() - began) / 1e9);
                                    }
                                });
                try (OnnxEmbedder merged =
                        base.embedder(encoder.lora().merged(model), scratch.resolve("few-" + seed))) {
                    Head onTop = head(
                            embed(merged, drawn),
                            drawn,
                            IntStream.range(0, drawn.size()).toArray());
                    tuned.add(right(onTop, embed(merged, cases), cases));
                }
                say(
                        "seed %d: frozen head %s, tuned %s, over it %s, %.0f s",
                        seed,
                        Bootstrap.mean(plain.getLast()),
                        Bootstrap.mean(tuned.getLast()),
                        Bootstrap.difference(tuned.getLast(), plain.getLast()),
                        (System.nanoTime() - began) / 1e9);
            }
        }
        say(
                "%d examples of each label, %d draws: frozen head %.4f, tuned %.4f",
                few,
                seeds,
                plain.stream()
                        .mapToDouble(each -> Bootstrap.mean(each).value())
                        .average()
                        .orElse(0),
                tuned.stream()
                        .mapToDouble(each -> Bootstrap.mean(each).value())
                        .average()
                        .orElse(0));
    }

    /** The frozen head where the name of each label is one more example of it, or several. */
    private Head named(OnnxEmbedder frozen, List<Example> drawn, List<String> labels) {
        var known = new ArrayList<>(drawn);
        for (int i = 0; i < (int) options.number("copies", 1); i++) {
            labels.forEach(label -> known.add(new Example(LabelNames.words(label), label, "", Part.TRAIN, 0)));
        }
        return head(
                embed(frozen, known), known, IntStream.range(0, known.size()).toArray());
    }

    private static int[] numbers(List<Integer> some) {
        return some.stream().mapToInt(i -> i).toArray();
    }

    /** Whether each case is right: of the test, or of the tenth that is not learned from. */
    private double[] tune(
            Scratch scratch, int seed, List<Example> train, List<float[]> vectors, @Nullable List<Example> test) {
        long began = System.nanoTime();
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, train.size()).forEach(order::add);
        Collections.shuffle(order, new Random(seed));
        int[] held = order.stream().limit(train.size() / TENTH).mapToInt(i -> i).toArray();
        int[] learned =
                order.stream().skip(train.size() / TENTH).mapToInt(i -> i).toArray();
        Head start = head(vectors, train, learned);
        say(
                "seed %d: head on nine tenths, %.4f on the other",
                seed,
                Bootstrap.mean(right(start, pick(vectors, held), pick(train, held)))
                        .value());
        TrainingSettings settings =
                settings(seed, TrainingSettings.ofRank(8, seed).learningRate());
        BaseModel model = base.model();
        if (options.text("method", "labels").equals("contrast")) {
            return contrast(scratch, seed, train, learned, held, test, start, settings, began);
        }
        Trainer.Tuned tuned = new LoraTrainer()
                .classifier(
                        model,
                        start,
                        labelled(train, learned, start),
                        labelled(train, held, start),
                        settings,
                        event -> {
                            if (event instanceof Trainer.Event.Epoch it) {
                                say(
                                        "  epoch %d: loss %.4f, accuracy %.4f, after %.0f s",
                                        it.epoch(), it.loss(), it.figure(), (System.nanoTime() - began) / 1e9);
                            }
                        });
        say(
                "  best epoch %d, %.0f tokens/s, %.0f s",
                tuned.epoch(), tuned.tokensPerSecond(), (System.nanoTime() - began) / 1e9);
        try (OnnxEmbedder merged = base.embedder(tuned.lora().merged(model), scratch.resolve("tuned-" + seed))) {
            List<Example> cases = test == null ? pick(train, held) : test;
            return right(tuned.head(), embed(merged, cases), cases);
        }
    }

    /** The encoder by which texts lie near each other, then a head on its vectors. */
    private double[] contrast(
            Scratch scratch,
            int seed,
            List<Example> train,
            int[] learned,
            int[] held,
            @Nullable List<Example> test,
            Head labels,
            TrainingSettings settings,
            long began) {
        BaseModel model = base.model();
        Trainer.TunedEncoder encoder = new LoraTrainer()
                .contrast(
                        model,
                        labelled(train, learned, labels),
                        labelled(train, held, labels),
                        options.number("temperature", .07),
                        settings,
                        event -> {
                            if (event instanceof Trainer.Event.Epoch it) {
                                say(
                                        "  epoch %d: loss %.4f, nearest %.4f, after %.0f s",
                                        it.epoch(), it.loss(), it.figure(), (System.nanoTime() - began) / 1e9);
                            }
                        });
        try (OnnxEmbedder merged = base.embedder(encoder.lora().merged(model), scratch.resolve("tuned-" + seed))) {
            List<float[]> vectors = embed(merged, train);
            int[] fitted =
                    test == null ? learned : IntStream.range(0, train.size()).toArray();
            Head head = head(vectors, train, fitted);
            say("  best epoch %d, %.0f s with the head", encoder.epoch(), (System.nanoTime() - began) / 1e9);
            return test == null
                    ? right(head, pick(vectors, held), pick(train, held))
                    : right(head, embed(merged, test), test);
        }
    }

    private TrainingSettings settings(int seed, double rate) {
        int rank = (int) options.number("rank", 8);
        LoraSettings lora = LoraSettings.ofRank(rank);
        lora = new LoraSettings(
                rank,
                options.number("alpha", lora.alpha()),
                options.says("rslora"),
                options.number("dropout", lora.dropout()),
                lora.targets(),
                (int) options.number("lowest", 0));
        TrainingSettings standard = TrainingSettings.ofRank(rank, seed);
        return new TrainingSettings(
                lora,
                (int) options.number("epochs", standard.epochs()),
                (int) options.number("batch", standard.batch()),
                options.number("rate", rate),
                options.number("head", standard.headLearningRate()),
                options.number("warmup", standard.warmup()),
                options.number("decay", standard.weightDecay()),
                options.number("smoothing", standard.smoothing()),
                (int) options.number("patience", standard.patience()),
                seed,
                standard.threads(),
                null,
                Duration.ofMinutes(1));
    }

    private Trainer.Labelled labelled(List<Example> examples, int[] which, Head head) {
        List<Example> some = pick(examples, which);
        return new Trainer.Labelled(
                base.tokens(some.stream().map(Example::input).toList(), Embedder.Role.PASSAGE, MOST_TOKENS),
                some.stream().map(each -> head.labels().indexOf(each.output())).toList());
    }

    private static Head head(List<float[]> vectors, List<Example> examples, int[] which) {
        return HeadTraining.train(
                        pick(vectors, which),
                        pick(examples, which).stream().map(Example::output).toList(),
                        IntStream.range(0, which.length).toArray(),
                        HeadSettings.STANDARD,
                        _ -> {})
                .head();
    }

    private static <T> List<T> pick(List<T> all, int[] which) {
        return IntStream.of(which).mapToObj(all::get).toList();
    }

    private static List<float[]> embed(Embedder embedder, List<Example> examples) {
        return embedder.embed(examples.stream().map(Example::input).toList(), Embedder.Role.PASSAGE);
    }

    private static double[] right(Head head, List<float[]> vectors, List<Example> examples) {
        return IntStream.range(0, examples.size())
                .mapToDouble(i -> {
                    float[] p = head.probabilities(vectors.get(i));
                    int best = 0;
                    for (int c = 1; c < p.length; c++) {
                        best = p[c] > p[best] ? c : best;
                    }
                    return head.labels().get(best).equals(examples.get(i).output()) ? 1 : 0;
                })
                .toArray();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
