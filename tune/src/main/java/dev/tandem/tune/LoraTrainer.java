package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Tunes on libtorch, on this machine's processors. */
public final class LoraTrainer implements Trainer {

    /** As a service is made. */
    public LoraTrainer() {}

    @Override
    public Tuned classifier(
            BaseModel base,
            Head start,
            Labelled train,
            Labelled validation,
            TrainingSettings settings,
            Listener listener) {
        try (var _ = new PointerScope()) {
            var task = new Labels(start, train, validation, settings.smoothing());
            Run.Outcome outcome = run(base, task, settings, listener);
            return new Tuned(outcome.lora(), task.head(), outcome.epoch(), outcome.steps(), outcome.tokensPerSecond());
        }
    }

    @Override
    public TunedEncoder contrast(
            BaseModel base,
            Labelled train,
            Labelled validation,
            double temperature,
            TrainingSettings settings,
            Listener listener) {
        try (var _ = new PointerScope()) {
            var task = new Contrasting(train, validation, temperature);
            return tuned(run(base, task, settings, listener), Optional.empty());
        }
    }

    @Override
    public TunedEncoder retriever(
            BaseModel base,
            Ranked train,
            Ranked validation,
            double temperature,
            TrainingSettings settings,
            Listener listener) {
        try (var _ = new PointerScope()) {
            var task = new Ranking(train, validation, temperature);
            return tuned(run(base, task, settings, listener), Optional.empty());
        }
    }

    @Override
    public TunedEncoder reranker(
            BaseModel base, Judged train, Judged validation, TrainingSettings settings, Listener listener) {
        try (var _ = new PointerScope()) {
            var task = new Judging(train, validation, base.shape().hidden(), settings.seed());
            Run.Outcome outcome = run(base, task, settings, listener);
            return tuned(outcome, Optional.of(task.head().linear()));
        }
    }

    @Override
    public TunedEncoder reader(
            BaseModel base, Spans train, Spans validation, TrainingSettings settings, Listener listener) {
        try (var _ = new PointerScope()) {
            var task = new Reading(train, validation, base.shape().hidden(), settings.seed());
            Run.Outcome outcome = run(base, task, settings, listener);
            return tuned(outcome, Optional.of(task.head().linear()));
        }
    }

    private static Run.Outcome run(BaseModel base, Task task, TrainingSettings settings, Listener listener) {
        try (var run = new Run(base, task, settings, listener)) {
            return run.run();
        }
    }

    private static TunedEncoder tuned(Run.Outcome outcome, Optional<Linear> head) {
        return new TunedEncoder(outcome.lora(), head, outcome.epoch(), outcome.steps(), outcome.tokensPerSecond());
    }

    @Override
    public List<float[]> vectors(BaseModel base, Lora lora, List<int[]> texts, int threads) {
        return Computing.step(() -> computed(base, lora, texts, threads));
    }

    private static List<float[]> computed(BaseModel base, Lora lora, List<int[]> texts, int threads) {
        try (var _ = new PointerScope();
                var encoder = new Replicas(new Bert(base, lora, Numbers.FLOAT32), threads)) {
            Tensor sentences = encoder.sentences(texts, Order.all(texts.size()), false);
            float[] values = Numbers.floats(sentences);
            int dimensions = (int) sentences.size(1);
            return IntStream.range(0, texts.size())
                    .mapToObj(row -> Arrays.copyOfRange(values, row * dimensions, (row + 1) * dimensions))
                    .toList();
        }
    }

    @Override
    public List<float[]> states(BaseModel base, Lora lora, List<int[]> texts, List<Integer> seconds, int threads) {
        return Computing.step(() -> computed(base, lora, texts, seconds, threads));
    }

    private static List<float[]> computed(
            BaseModel base, Lora lora, List<int[]> texts, List<Integer> seconds, int threads) {
        try (var _ = new PointerScope();
                var encoder = new Replicas(new Bert(base, lora, Numbers.FLOAT32), threads)) {
            Tensor states = encoder.hidden(texts, seconds, Order.all(texts.size()), false);
            float[] values = Numbers.floats(states);
            int hidden = (int) states.size(2);
            int row = (int) states.size(1) * hidden;
            return IntStream.range(0, texts.size())
                    .mapToObj(text ->
                            Arrays.copyOfRange(values, text * row, text * row + texts.get(text).length * hidden))
                    .toList();
        }
    }
}
