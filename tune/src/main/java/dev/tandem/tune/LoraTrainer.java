package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import java.util.Arrays;
import java.util.List;
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
            return new ClassifierRun(base, start, train, validation, settings, listener).run();
        }
    }

    @Override
    public List<float[]> vectors(BaseModel base, Lora lora, List<int[]> texts, int threads) {
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
}
