package dev.tandem.app.cli;

import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said of low-rank tuning; everything that is not said follows from the rank. */
final class LoraOptions {

    private static final int RANK = 8;

    @Option(names = "--rank", paramLabel = "N", description = "lora: width of what is learned beside each layer (8)")
    private @Nullable Integer rank;

    @Option(names = "--alpha", paramLabel = "X", description = "lora: its strength (twice the rank)")
    private @Nullable Double alpha;

    @Option(names = "--rslora", description = "lora: scale by alpha / √rank instead of alpha / rank")
    private boolean rankStabilised;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "lora: of what goes into it, left out at each step")
    private @Nullable Double dropout;

    @Option(names = "--lowest-layer", paramLabel = "N", description = "lora: layers below stay as they are (0)")
    private @Nullable Integer lowestLayer;

    @Option(names = "--epochs", paramLabel = "N", description = "lora: at most so many times over the examples")
    private @Nullable Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "lora: examples in a step")
    private @Nullable Integer batch;

    @Option(names = "--learning-rate", paramLabel = "X", description = "lora: at its highest")
    private @Nullable Double learningRate;

    @Option(names = "--head-learning-rate", paramLabel = "X", description = "lora: of the head")
    private @Nullable Double headLearningRate;

    @Option(names = "--weight-decay", paramLabel = "X", description = "lora: of what is learned beside the layers")
    private @Nullable Double weightDecay;

    @Option(names = "--smoothing", paramLabel = "SHARE", description = "lora: of certainty, spread over all labels")
    private @Nullable Double smoothing;

    @Option(names = "--patience", paramLabel = "N", description = "lora: epochs without a better one before it stops")
    private @Nullable Integer patience;

    @Option(names = "--threads", paramLabel = "N", description = "lora: to share the work (all cores)")
    private @Nullable Integer threads;

    @Option(names = "--resume", description = "lora: go on where the same command was stopped")
    private boolean resume;

    @Option(
            names = "--curve",
            paramLabel = "DIR",
            description = "lora: a folder for the loss of each step, as loss.jsonl and loss.svg")
    private @Nullable Path curve;

    /** Where the loss of each step goes; null for nowhere. */
    @Nullable
    Path curve() {
        return curve;
    }

    boolean resumes() {
        return resume;
    }

    /** @throws Failure INVALID where something is said of low-rank tuning and it is not asked for */
    void requireFor(boolean asked) {
        boolean said = rankStabilised || resume || curve != null;
        for (Object each : new @Nullable Object[] {
            rank,
            alpha,
            dropout,
            lowestLayer,
            epochs,
            batch,
            learningRate,
            headLearningRate,
            weightDecay,
            smoothing,
            patience,
            threads
        }) {
            said |= each != null;
        }
        if (said && !asked) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "--rank, --epochs and the like are of low-rank tuning.",
                    "Ask for it with --method lora, or leave them out.");
        }
    }

    /** What is said, and of the rest what is usual for that rank. */
    TrainingSettings settings(IntFunction<TrainingSettings> ofRank, @Nullable Path checkpoints) {
        int width = rank == null ? RANK : rank;
        TrainingSettings usual = ofRank.apply(width);
        LoraSettings lora = usual.lora();
        return new TrainingSettings(
                new LoraSettings(
                        width,
                        alpha == null ? lora.alpha() : alpha,
                        rankStabilised,
                        dropout == null ? lora.dropout() : dropout,
                        lora.targets(),
                        lowestLayer == null ? lora.lowestLayer() : lowestLayer),
                epochs == null ? usual.epochs() : epochs,
                batch == null ? usual.batch() : batch,
                learningRate == null ? usual.learningRate() : learningRate,
                headLearningRate == null ? usual.headLearningRate() : headLearningRate,
                usual.warmup(),
                weightDecay == null ? usual.weightDecay() : weightDecay,
                smoothing == null ? usual.smoothing() : smoothing,
                patience == null ? usual.patience() : patience,
                usual.seed(),
                threads == null ? usual.threads() : threads,
                checkpoints,
                usual.checkpointEvery());
    }
}
