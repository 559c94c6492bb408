package dev.tandem.bench;

import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Embedder;
import dev.tandem.onnx.OnnxBase;
import dev.tandem.tune.LoraTrainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many texts a second are learned from: low-rank weights of rank 8 beside all linear layers, batches of 32 texts of 64
 * tokens, the whole step of forward pass, gradients and optimizer. Given a Python that has sentence-transformers and PEFT, the
 * same is measured with them in turns with ours.
 *
 * <pre>bench/run LoraSpeed steps=20 rounds=3 python=/path/to/venv/bin/python</pre>
 */
final class LoraSpeed {

    private static final int LENGTH = 64;
    private static final int BATCH = 32;
    /** What comes first is slower: memory is asked for, and code is compiled. */
    private static final int WARM = 5;

    private final Options options;
    private final Path root;
    private final OnnxBase base;

    private LoraSpeed(Options options, Path root) {
        this.options = options;
        this.root = root;
        this.base =
                OnnxBase.bundled(root.resolve("target/encoder-cache"), name -> LoraSpeed.class.getResource("/" + name));
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new LoraSpeed(new Options(args), Path.of(System.getProperty("tandem.root", "."))).run();
    }

    private void run() throws IOException, InterruptedException {
        int steps = (int) options.number("steps", 20);
        int threads = (int) options.number("threads", Runtime.getRuntime().availableProcessors());
        String python = options.text("python", "");
        var ours = new ArrayList<Double>();
        var theirs = new ArrayList<Double>();
        for (int round = 1; round <= (int) options.number("rounds", 3); round++) {
            ours.add(ours(steps, threads));
            say("round %d: tandem %.1f texts/s", round, ours.getLast());
            if (!python.isEmpty()) {
                theirs.add(theirs(python, steps, threads));
                say("round %d: sentence-transformers with PEFT %.1f texts/s", round, theirs.getLast());
            }
        }
        say("tandem, median of %d: %.1f texts/s (%.0f tokens/s)", ours.size(), median(ours), median(ours) * LENGTH);
        if (!theirs.isEmpty()) {
            say("sentence-transformers with PEFT, median: %.1f texts/s", median(theirs));
        }
    }

    private double ours(int steps, int threads) {
        // Words of every kind, so that there is no padding and every text is as long as it may be.
        List<int[]> texts = base.tokens(
                IntStream.range(0, BATCH * (WARM + steps))
                        .mapToObj(i -> IntStream.range(0, 3 * LENGTH)
                                .mapToObj(word -> Integer.toString(i * 31 + word * 7, 36))
                                .collect(Collectors.joining(" ")))
                        .toList(),
                Embedder.Role.PASSAGE,
                LENGTH);
        if (texts.stream().anyMatch(text -> text.length != LENGTH)) {
            throw new IllegalStateException("a text has not " + LENGTH + " tokens");
        }
        List<Integer> labels =
                IntStream.range(0, texts.size()).map(i -> i % 2).boxed().toList();
        int dimensions = base.model().shape().hidden();
        var weights = new float[2 * dimensions];
        var head = new Head(List.of("even", "odd"), dimensions, weights, new float[2], 0);
        TrainingSettings usual = TrainingSettings.ofRank(8, 1);
        var settings = new TrainingSettings(
                LoraSettings.ofRank(8),
                1,
                BATCH,
                1e-4,
                1e-4,
                usual.warmup(),
                usual.weightDecay(),
                0,
                1,
                1,
                threads,
                null,
                Duration.ofHours(1));
        var at = new ArrayList<Long>();
        new LoraTrainer()
                .classifier(
                        base.model(),
                        head,
                        new Trainer.Labelled(texts, labels),
                        new Trainer.Labelled(texts.subList(0, 2), labels.subList(0, 2)),
                        settings,
                        event -> {
                            if (event instanceof Trainer.Event.Step) {
                                at.add(System.nanoTime());
                            }
                        });
        return BATCH * (at.size() - WARM) / ((at.getLast() - at.get(WARM - 1)) / 1e9);
    }

    private double theirs(String python, int steps, int threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        python,
                        root.resolve("tune/reference/speed.py").toString(),
                        String.valueOf(WARM),
                        String.valueOf(steps),
                        String.valueOf(threads),
                        String.valueOf(BATCH),
                        String.valueOf(LENGTH))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("speed.py failed: " + said);
        }
        return Double.parseDouble(said.lines().toList().getLast());
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
