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
import org.bytedeco.pytorch.NoGradGuard;
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
        Numbers.threads(settings.threads());
        try (var _ = new PointerScope()) {
            var task = new Labels(start, train, validation, settings.smoothing());
            Run.Outcome outcome = new Run(base, task, settings, listener).run();
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
        Numbers.threads(settings.threads());
        try (var _ = new PointerScope()) {
            var task = new Contrasting(train, validation, temperature);
            return tuned(new Run(base, task, settings, listener).run(), Optional.empty());
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
        Numbers.threads(settings.threads());
        try (var _ = new PointerScope()) {
            var task = new Ranking(train, validation, temperature);
            return tuned(new Run(base, task, settings, listener).run(), Optional.empty());
        }
    }

    @Override
    public TunedEncoder reranker(
            BaseModel base, Judged train, Judged validation, TrainingSettings settings, Listener listener) {
        Numbers.threads(settings.threads());
        try (var _ = new PointerScope()) {
            var task = new Judging(train, validation, base.shape().hidden(), settings.seed());
            Run.Outcome outcome = new Run(base, task, settings, listener).run();
            return tuned(outcome, Optional.of(task.head().linear()));
        }
    }

    @Override
    public TunedEncoder reader(
            BaseModel base, Spans train, Spans validation, TrainingSettings settings, Listener listener) {
        Numbers.threads(settings.threads());
        try (var _ = new PointerScope()) {
            var task = new Reading(train, validation, base.shape().hidden(), settings.seed());
            Run.Outcome outcome = new Run(base, task, settings, listener).run();
            return tuned(outcome, Optional.of(task.head().linear()));
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
        Numbers.threads(threads);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor sentences = new Bert(base, lora, Numbers.FLOAT32).sentence(Batch.of(texts), false);
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
        Numbers.threads(threads);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            var bert = new Bert(base, lora, Numbers.FLOAT32);
            return IntStream.range(0, texts.size())
                    .mapToObj(text -> Numbers.floats(bert.hidden(Batch.of(texts, seconds, List.of(text)), false)))
                    .toList();
        }
    }
}
