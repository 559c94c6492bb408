package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How something is tuned.
 *
 * @param epochs at most so many times over all examples
 * @param batch texts in a step
 * @param learningRate of the low-rank weights, at its highest: it rises over the first steps and falls to zero at the last
 * @param headLearningRate of the head's
 * @param warmup share of the steps over which it rises
 * @param weightDecay of the low-rank weights
 * @param smoothing share of the certainty that is spread over all labels
 * @param patience epochs without a better one, after which it stops
 * @param seed of what is drawn: the first A, the order of examples, what is dropped
 * @param threads for each operation
 * @param checkpoints folder in which the state is kept while it runs; null for none
 * @param checkpointEvery how often
 */
public record TrainingSettings(
        LoraSettings lora,
        int epochs,
        int batch,
        double learningRate,
        double headLearningRate,
        double warmup,
        double weightDecay,
        double smoothing,
        int patience,
        long seed,
        int threads,
        @Nullable Path checkpoints,
        Duration checkpointEvery) {

    /** Begins with a rank; everything else follows from it. */
    public static TrainingSettings ofRank(int rank, long seed) {
        return new TrainingSettings(
                LoraSettings.ofRank(rank),
                8,
                32,
                1e-3,
                1e-3,
                .06,
                .01,
                .05,
                3,
                seed,
                Runtime.getRuntime().availableProcessors(),
                null,
                Duration.ofMinutes(1));
    }

    /** @throws Failure INVALID where a value is outside its range */
    public TrainingSettings {
        require(epochs >= 1 && epochs <= 1_000, "epochs", epochs, "from 1 to 1000");
        require(batch >= 1 && batch <= 4_096, "texts in a batch", batch, "from 1 to 4096");
        require(learningRate > 0 && learningRate <= 1, "learning rate", learningRate, "above 0, at most 1");
        require(headLearningRate >= 0 && headLearningRate <= 1, "head's learning rate", headLearningRate, "0 to 1");
        require(warmup >= 0 && warmup < 1, "share of warm-up", warmup, "from 0 to below 1");
        require(weightDecay >= 0 && weightDecay < 1, "weight decay", weightDecay, "from 0 to below 1");
        require(smoothing >= 0 && smoothing < 1, "label smoothing", smoothing, "from 0 to below 1");
        require(patience >= 1, "patience", patience, "1 or more epochs");
        require(threads >= 1 && threads <= 1_024, "threads", threads, "from 1 on");
    }

    private static void require(boolean fine, String what, Number value, String range) {
        if (!fine) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The " + what + " cannot be " + value + ".",
                    "Give a value " + range + ", or leave it out.");
        }
    }

    /** The same with its state kept in that folder, or nowhere. */
    public TrainingSettings keptIn(@Nullable Path folder) {
        return new TrainingSettings(
                lora,
                epochs,
                batch,
                learningRate,
                headLearningRate,
                warmup,
                weightDecay,
                smoothing,
                patience,
                seed,
                threads,
                folder,
                checkpointEvery);
    }
}
