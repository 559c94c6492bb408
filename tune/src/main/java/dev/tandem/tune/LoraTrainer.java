package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import org.bytedeco.javacpp.PointerScope;

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
}
