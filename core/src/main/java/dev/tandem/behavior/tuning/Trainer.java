package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tunes encoders by low-rank adaptation; an implementation is found as a service where libtorch is at hand.
 *
 * <p>The same arguments and the same number of threads give the same bits, also where a run was stopped in between and went
 * on from its checkpoint.
 */
public interface Trainer {

    /**
     * Texts with labels, to learn from and to stop by.
     *
     * @param texts token ids of each
     * @param labels number of each text's label
     */
    record Labelled(List<int[]> texts, List<Integer> labels) {
        public Labelled {
            texts = List.copyOf(texts);
            labels = List.copyOf(labels);
            if (texts.size() != labels.size()) {
                throw new IllegalArgumentException(texts.size() + " texts and " + labels.size() + " labels");
            }
        }
    }

    /** Told of how far it is. */
    sealed interface Event {
        /**
         * A step was made.
         *
         * @param steps in all, unless it stops early
         * @param loss of this batch
         * @param left as far as can be told by now; null in the beginning
         */
        record Step(
                int step,
                int steps,
                double loss,
                double tokensPerSecond,
                @Nullable Duration left) implements Event {}

        /**
         * All examples were learned from once more.
         *
         * @param loss mean over what is not learned from
         * @param accuracy on the same
         * @param best whether it is the best so far
         */
        record Epoch(int epoch, int epochs, double loss, double accuracy, boolean best) implements Event {}

        /** It goes on from a checkpoint. */
        record Resumed(int step) implements Event {}
    }

    /** Told of each event, on the training thread; what it throws ends the run, and its last checkpoint stays. */
    @FunctionalInterface
    interface Listener {
        void on(Event event);
    }

    /**
     * What was learned, as it was at its best on what was not learned from.
     *
     * @param head the linear layer on top, tuned as well; its threshold is that of the head that it began with
     * @param epoch of the best
     * @param tokensPerSecond learned from, while it learned
     */
    record Tuned(Lora lora, Head head, int epoch, int steps, double tokensPerSecond) {}

    /**
     * Tunes encoder and head together, beginning with a head that was fitted on the encoder as it is.
     *
     * @throws dev.tandem.domain.Failure INVALID where there is too little memory; BROKEN where the loss is no number any
     *     more, or a checkpoint cannot be written
     */
    Tuned classifier(
            BaseModel base,
            Head start,
            Labelled train,
            Labelled validation,
            TrainingSettings settings,
            Listener listener);

    /** The vectors of texts by the encoder with what was learned, as the trainer itself has them: [texts, dimensions]. */
    List<float[]> vectors(BaseModel base, Lora lora, List<int[]> texts, int threads);
}
