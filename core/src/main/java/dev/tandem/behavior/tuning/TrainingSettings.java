package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * @param threads that the texts of a step are shared out among
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

    /** Of a classifier; see {@link Objective}. */
    public static TrainingSettings of(Objective objective, int rank, long seed) {
        return objective == Objective.LABELS ? ofRank(rank, seed) : usual(rank, seed, .05, 6, 64, 2e-4);
    }

    /** Of a retriever: few epochs at a low rate, for it knows much that is to stay. */
    public static TrainingSettings ofRetriever(int rank, long seed) {
        return usual(rank, seed, .05, 3, 24, 2e-4);
    }

    /** Of a reranker, which has to learn what it does from the beginning. */
    public static TrainingSettings ofReranker(int rank, long seed) {
        return usual(rank, seed, 0, 4, 32, 5e-4);
    }

    /** Of a reader, the same. */
    public static TrainingSettings ofReader(int rank, long seed) {
        return usual(rank, seed, 0, 4, 32, 6e-4);
    }

    private static TrainingSettings usual(
            int rank, long seed, double dropout, int epochs, int batch, double learningRate) {
        TrainingSettings classifier = ofRank(rank, seed);
        LoraSettings lora = classifier.lora();
        return new TrainingSettings(
                new LoraSettings(
                        rank, lora.alpha(), lora.rankStabilised(), dropout, lora.targets(), lora.lowestLayer()),
                epochs,
                batch,
                learningRate,
                classifier.headLearningRate(),
                .1,
                classifier.weightDecay(),
                0,
                classifier.patience(),
                seed,
                classifier.threads(),
                null,
                classifier.checkpointEvery());
    }

    /** All of it that numbers follow from. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("rank", lora.rank());
        json.put("alpha", lora.alpha());
        json.put("rank_stabilised", lora.rankStabilised());
        json.put("dropout", lora.dropout());
        var targets = json.putArray("targets");
        lora.targets().forEach(targets::add);
        json.put("lowest_layer", lora.lowestLayer());
        json.put("epochs", epochs);
        json.put("batch", batch);
        json.put("learning_rate", learningRate);
        json.put("head_learning_rate", headLearningRate);
        json.put("warmup", warmup);
        json.put("weight_decay", weightDecay);
        json.put("smoothing", smoothing);
        json.put("patience", patience);
        json.put("seed", seed);
        json.put("threads", threads);
        return json;
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
