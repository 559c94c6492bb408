package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * One run that tunes an encoder and the head on top of it. Reads top to bottom: each epoch is a walk over all batches and a
 * look at what is not learned from; the best epoch is what comes of it.
 */
final class ClassifierRun {

    /** Texts looked at together where nothing is learned. */
    private static final int LOOKED_AT = 64;

    private static final int IGNORED = -100;
    private static final int MEAN = 1;

    private final Trainer.Labelled train;
    private final Trainer.Labelled validation;
    private final TrainingSettings settings;
    private final Trainer.Listener listener;
    private final Head start;
    private final Bert bert;
    private final Tensor weight;
    private final Tensor bias;
    private final AdamW optimizer;
    /** What was best so far, in the order of what is learned. */
    private final SortedMap<String, Tensor> best = new TreeMap<>();

    private final Optional<Checkpoint> checkpoint;
    private final int[] lengths;
    private final int stepsPerEpoch;

    private int step;
    private int bestEpoch;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int worse;

    ClassifierRun(
            BaseModel base,
            Head start,
            Trainer.Labelled train,
            Trainer.Labelled validation,
            TrainingSettings settings,
            Trainer.Listener listener) {
        this.train = train;
        this.validation = validation;
        this.settings = settings;
        this.listener = listener;
        this.start = start;
        this.bert = new Bert(base, settings.lora(), Numbers.FLOAT32, settings.seed());
        int classes = start.labels().size();
        this.weight = Numbers.FLOAT32
                .of(start.weights(), List.of(classes, start.dimensions()))
                .set_requires_grad(true);
        this.bias = Numbers.FLOAT32.of(start.biases(), List.of(classes)).set_requires_grad(true);
        this.optimizer = new AdamW(List.of(
                new AdamW.Group(bert.learned(), settings.learningRate(), settings.weightDecay()),
                new AdamW.Group(List.of(weight, bias), settings.headLearningRate(), 0)));
        learned()
                .forEach((name, tensor) ->
                        best.put("best." + name, tensor.detach().clone()));
        this.lengths = train.texts().stream().mapToInt(text -> text.length).toArray();
        this.stepsPerEpoch = (lengths.length + settings.batch() - 1) / settings.batch();
        Path folder = settings.checkpoints();
        this.checkpoint = folder == null
                ? Optional.empty()
                : Optional.of(new Checkpoint(folder, Fingerprint.of(base, start, train, validation, settings)));
    }

    private SortedMap<String, Tensor> learned() {
        var learned = new TreeMap<String, Tensor>();
        List<Tensor> beside = bert.learned();
        for (int i = 0; i < beside.size(); i++) {
            learned.put("lora.%04d".formatted(i), beside.get(i));
        }
        learned.put("head.weight", weight);
        learned.put("head.bias", bias);
        return learned;
    }

    Trainer.Tuned run() {
        resume();
        long began = System.nanoTime();
        long saved = began;
        int first = step;
        long tokens = 0;
        int epoch = step / stepsPerEpoch;
        while (epoch < settings.epochs() && worse < settings.patience()) {
            List<List<Integer>> order = Order.of(lengths, settings.batch(), settings.seed(), epoch);
            for (List<Integer> batch : order.subList(step - epoch * stepsPerEpoch, order.size())) {
                double loss = learn(batch);
                step++;
                tokens += batch.stream().mapToLong(i -> lengths[i]).sum();
                double seconds = (System.nanoTime() - began) / 1e9;
                listener.on(new Trainer.Event.Step(
                        step,
                        settings.epochs() * stepsPerEpoch,
                        loss,
                        tokens / seconds,
                        step - first < 5
                                ? null
                                : Duration.ofMillis((long) (1_000
                                        * seconds
                                        / (step - first)
                                        * (settings.epochs() * stepsPerEpoch - step)))));
                if (System.nanoTime() - saved > settings.checkpointEvery().toNanos()) {
                    save();
                    saved = System.nanoTime();
                }
            }
            epoch++;
            look(epoch);
            save();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Trainer.Tuned tuned = tuned(seconds > 0 ? tokens / seconds : 0);
        checkpoint.ifPresent(Checkpoint::delete);
        return tuned;
    }

    private double learn(List<Integer> examples) {
        try (var _ = new PointerScope()) {
            // What is dropped follows from seed and step alone.
            torch.manual_seed(settings.seed() * 31 + step);
            Tensor loss = loss(
                    Batch.of(examples.stream().map(train.texts()::get).toList()),
                    examples.stream().mapToLong(i -> train.labels().get(i)).toArray(),
                    true);
            double value = loss.item_double();
            if (!Double.isFinite(value)) {
                throw diverged(examples, value);
            }
            loss.backward();
            double norm = optimizer.step(share());
            if (!Double.isFinite(norm)) {
                throw diverged(examples, norm);
            }
            return value;
        }
    }

    private Tensor loss(Batch batch, long[] wanted, boolean training) {
        Tensor scores = scores(batch, training);
        return torch.cross_entropy_loss(
                scores,
                Tensor.create(wanted, wanted.length),
                new TensorOptional(),
                MEAN,
                IGNORED,
                training ? settings.smoothing() : 0);
    }

    private Tensor scores(Batch batch, boolean training) {
        return torch.linear(bert.sentence(batch, training), weight, new TensorOptional(bias));
    }

    /** Of the highest rate: it rises in a line, and falls in a line to nothing at the last step. */
    private double share() {
        double steps = (double) settings.epochs() * stepsPerEpoch;
        double rising = Math.max(1, settings.warmup() * steps);
        return step < rising ? (step + 1) / rising : Math.max(0, (steps - step) / Math.max(1, steps - rising));
    }

    /** At what is not learned from. */
    private void look(int epoch) {
        double loss = 0;
        int right = 0;
        List<List<Integer>> batches = Order.of(
                validation.texts().stream().mapToInt(text -> text.length).toArray(), LOOKED_AT, 0, 0);
        for (List<Integer> batch : batches) {
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                Tensor scores = scores(
                        Batch.of(batch.stream().map(validation.texts()::get).toList()), false);
                float[] likely = Numbers.floats(torch.log_softmax(scores, 1));
                int classes = start.labels().size();
                for (int row = 0; row < batch.size(); row++) {
                    int wanted = validation.labels().get(batch.get(row));
                    loss -= likely[row * classes + wanted];
                    right += likeliest(likely, row * classes, classes) == wanted ? 1 : 0;
                }
            }
        }
        loss /= validation.labels().size();
        boolean isBest = loss < bestLoss;
        worse = isBest ? 0 : worse + 1;
        if (isBest) {
            bestLoss = loss;
            bestEpoch = epoch;
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                learned().forEach((name, tensor) -> best("best." + name).copy_(tensor));
            }
        }
        listener.on(new Trainer.Event.Epoch(
                epoch,
                settings.epochs(),
                loss,
                (double) right / validation.labels().size(),
                isBest));
    }

    private Tensor best(String name) {
        Tensor tensor = best.get(name);
        if (tensor == null) {
            throw new IllegalStateException(name);
        }
        return tensor;
    }

    private static int likeliest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }

    private Trainer.Tuned tuned(double tokensPerSecond) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            learned().forEach((name, tensor) -> tensor.copy_(best("best." + name)));
            Lora lora = bert.lora();
            var head = new Head(
                    start.labels(),
                    start.dimensions(),
                    Numbers.floats(weight),
                    Numbers.floats(bias),
                    start.threshold());
            return new Trainer.Tuned(lora, head, bestEpoch, step, tokensPerSecond);
        }
    }

    private Failure diverged(List<Integer> examples, double value) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The training went astray at step " + (step + 1) + ": the loss or its gradient is " + value
                        + ". The examples of that step begin with number " + (examples.getFirst() + 1) + ".",
                "Train with a lower --learning-rate; where it happens at the first step, look at that example.");
    }

    // ---- going on after an interruption

    private SortedMap<String, Tensor> state() {
        var state = new TreeMap<>(learned());
        optimizer.save(state);
        state.putAll(best);
        return state;
    }

    private void save() {
        checkpoint.ifPresent(it -> it.write(
                state(),
                new Checkpoint.Where(
                        List.of((long) step, (long) bestEpoch, Double.doubleToRawLongBits(bestLoss), (long) worse))));
    }

    private void resume() {
        checkpoint.flatMap(it -> it.read(state())).ifPresent(where -> {
            step = where.numbers().get(0).intValue();
            bestEpoch = where.numbers().get(1).intValue();
            bestLoss = Double.longBitsToDouble(where.numbers().get(2));
            worse = where.numbers().get(3).intValue();
            optimizer.steps(step);
            listener.on(new Trainer.Event.Resumed(step));
        });
    }
}
