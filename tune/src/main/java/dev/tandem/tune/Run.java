package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * One run that tunes an encoder and what stands on top of it. Reads top to bottom: each epoch is a walk over all batches and
 * a look at what is not learned from; the best epoch is what comes of it.
 */
final class Run implements AutoCloseable {

    private final Task task;
    private final TrainingSettings settings;
    private final Trainer.Listener listener;
    private final Replicas encoder;
    private final AdamW optimizer;
    /** What was best so far, in the order of what is learned. */
    private final SortedMap<String, Tensor> best = new TreeMap<>();

    private final Optional<Checkpoint> checkpoint;
    private final int[] lengths;
    /** How many steps are made after each epoch. */
    private final int[] ends;

    private final BaseModel base;

    private int step;
    private int bestEpoch;
    private Task.Look bestLook = new Task.Look(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    private int worse;

    Run(BaseModel base, Task task, TrainingSettings settings, Trainer.Listener listener) {
        this.base = base;
        this.task = task;
        this.settings = settings;
        this.listener = listener;
        var bert = new Bert(base, settings.lora(), Numbers.FLOAT32, settings.seed());
        if (bert.learned().isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Nothing would be tuned from layer " + settings.lora().lowestLayer() + " on: the encoder has "
                            + base.shape().layers() + " layers, the first one 0.",
                    "Give a --lowest-layer below " + base.shape().layers() + ".");
        }
        this.encoder = new Replicas(bert, settings.threads());
        var groups = new ArrayList<AdamW.Group>();
        groups.add(new AdamW.Group(bert.learned(), settings.learningRate(), settings.weightDecay()));
        groups.add(new AdamW.Group(List.copyOf(task.heads().values()), settings.headLearningRate(), 0));
        this.optimizer = new AdamW(groups);
        learned()
                .forEach((name, tensor) ->
                        best.put("best." + name, tensor.detach().clone()));
        this.lengths = task.lengths();
        this.ends = new int[settings.epochs()];
        for (int epoch = 0; epoch < ends.length; epoch++) {
            ends[epoch] = (epoch == 0 ? 0 : ends[epoch - 1])
                    + task.order(settings.batch(), settings.seed(), epoch).size();
        }
        Path folder = settings.checkpoints();
        this.checkpoint = folder == null
                ? Optional.empty()
                : Optional.of(new Checkpoint(folder, Fingerprint.of(base, task, settings)));
    }

    private SortedMap<String, Tensor> learned() {
        var learned = new TreeMap<String, Tensor>();
        List<Tensor> beside = encoder.first().learned();
        for (int i = 0; i < beside.size(); i++) {
            learned.put("lora.%04d".formatted(i), beside.get(i));
        }
        task.heads().forEach((name, tensor) -> learned.put("head." + name, tensor));
        return learned;
    }

    /**
     * What came of it; the task's heads stand as they were at their best.
     *
     * @param epoch of the best
     */
    record Outcome(Lora lora, int epoch, int steps, double tokensPerSecond) {}

    Outcome run() {
        plan();
        resume();
        long began = System.nanoTime();
        long saved = began;
        int first = step;
        long tokens = 0;
        int all = ends[ends.length - 1];
        int epoch = 0;
        while (epoch < ends.length && ends[epoch] <= step) {
            epoch++;
        }
        while (epoch < settings.epochs() && worse < settings.patience()) {
            List<List<Integer>> order = task.order(settings.batch(), settings.seed(), epoch);
            for (List<Integer> batch : order.subList(order.size() - (ends[epoch] - step), order.size())) {
                double loss = Computing.step(() -> learn(batch));
                step++;
                tokens += batch.stream().mapToLong(i -> lengths[i]).sum();
                double seconds = (System.nanoTime() - began) / 1e9;
                listener.on(new Trainer.Event.Step(
                        step,
                        all,
                        loss,
                        tokens / seconds,
                        step - first < 5
                                ? null
                                : Duration.ofMillis((long) (1_000 * seconds / (step - first) * (all - step)))));
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
        Outcome outcome = outcome(seconds > 0 ? tokens / seconds : 0);
        checkpoint.ifPresent(Checkpoint::delete);
        return outcome;
    }

    private void plan() {
        List<List<Integer>> batches = task.order(settings.batch(), settings.seed(), 0);
        long megabytes = Plan.megabytes(base, settings, batches, lengths);
        Plan.require(megabytes);
        long tokens = 0;
        for (int length : lengths) {
            tokens += length;
        }
        listener.on(new Trainer.Event.Planned(
                ends[ends.length - 1],
                tokens,
                megabytes,
                Plan.took(base, settings, (double) tokens * settings.epochs())));
    }

    private double learn(List<Integer> some) {
        try (var _ = new PointerScope()) {
            // What is dropped follows from seed and step alone.
            encoder.seed(settings.seed() * 31 + step);
            Tensor loss = task.loss(encoder, some);
            double value = loss.item_double();
            if (!Double.isFinite(value)) {
                throw diverged(some, value);
            }
            loss.backward();
            encoder.back();
            double norm = optimizer.step(share());
            if (!Double.isFinite(norm)) {
                throw diverged(some, norm);
            }
            return value;
        }
    }

    /** Of the highest rate: it rises in a line, and falls in a line to nothing at the last step. */
    private double share() {
        double steps = ends[ends.length - 1];
        double rising = Math.max(1, settings.warmup() * steps);
        return step < rising ? (step + 1) / rising : Math.max(0, (steps - step) / Math.max(1, steps - rising));
    }

    /** At what is not learned from. */
    private void look(int epoch) {
        Task.Look look = Computing.step(() -> looked(epoch));
        listener.on(new Trainer.Event.Epoch(epoch, settings.epochs(), look.loss(), look.figure(), bestEpoch == epoch));
    }

    private Task.Look looked(int epoch) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Task.Look look = task.look(encoder);
            boolean isBest = look.isBetterThan(bestLook);
            worse = isBest ? 0 : worse + 1;
            if (isBest) {
                bestLook = look;
                bestEpoch = epoch;
                learned().forEach((name, tensor) -> best("best." + name).copy_(tensor));
            }
            return look;
        }
    }

    private Tensor best(String name) {
        Tensor tensor = best.get(name);
        if (tensor == null) {
            throw new IllegalStateException(name);
        }
        return tensor;
    }

    private Outcome outcome(double tokensPerSecond) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            learned().forEach((name, tensor) -> tensor.copy_(best("best." + name)));
            return new Outcome(encoder.first().lora(), bestEpoch, step, tokensPerSecond);
        }
    }

    private Failure diverged(List<Integer> some, double value) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The training went astray at step " + (step + 1) + ": the loss or its gradient is " + value
                        + ". The examples of that step are number "
                        + some.stream().map(i -> String.valueOf(i + 1)).collect(Collectors.joining(", ")) + ".",
                "Train with a lower --learning-rate; where it happens at the first step, look at those examples.");
    }

    // ---- going on after an interruption

    private SortedMap<String, Tensor> state() {
        var state = new TreeMap<>(learned());
        optimizer.save(state);
        state.putAll(best);
        return state;
    }

    private void save() {
        Computing.step(() -> checkpoint.ifPresent(it -> it.write(
                state(),
                new Checkpoint.Where(List.of(
                        (long) step,
                        (long) bestEpoch,
                        Double.doubleToRawLongBits(bestLook.loss()),
                        Double.doubleToRawLongBits(bestLook.figure()),
                        (long) worse)))));
    }

    private void resume() {
        checkpoint.flatMap(it -> it.read(state())).ifPresent(where -> {
            List<Long> numbers = where.numbers();
            step = numbers.get(0).intValue();
            bestEpoch = numbers.get(1).intValue();
            bestLook = new Task.Look(Double.longBitsToDouble(numbers.get(2)), Double.longBitsToDouble(numbers.get(3)));
            worse = numbers.get(4).intValue();
            optimizer.steps(step);
            listener.on(new Trainer.Event.Resumed(step));
        });
    }

    @Override
    public void close() {
        encoder.close();
    }
}
