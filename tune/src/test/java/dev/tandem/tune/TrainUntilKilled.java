package dev.tandem.tune;

import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import java.nio.file.Path;
import java.time.Duration;

/** A training in a process of its own, which tells each step's loss, bit by bit, and at its end the hash of what it learned. */
final class TrainUntilKilled {

    private TrainUntilKilled() {}

    /**
     * Trains.
     *
     * @param args the folder of its state
     */
    public static void main(String[] args) {
        var settings = new TrainingSettings(
                new LoraSettings(4, 8, false, .1, LoraSettings.ofRank(4).targets(), 0),
                4,
                16,
                1e-2,
                1e-2,
                .1,
                .01,
                .05,
                10,
                5,
                2,
                Path.of(args[0]),
                Duration.ZERO);
        Trainer.Tuned tuned = new LoraTrainer()
                .classifier(Tiny.model(1), Tiny.head(), Tiny.texts(200, 2), Tiny.texts(60, 3), settings, event -> {
                    if (event instanceof Trainer.Event.Step it) {
                        System.out.println("step " + it.step() + " " + Double.doubleToRawLongBits(it.loss()));
                        System.out.flush();
                    }
                });
        System.out.println("hash " + LoraFiles.hash(LoraFiles.write(tuned.lora(), Tiny.model(1))));
        System.out.flush();
    }
}
