package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /**
     * Questions, passages, and which passage answers which question.
     *
     * @param queries token ids of each
     * @param passages token ids of each
     * @param pairs to bring together
     */
    record Ranked(List<int[]> queries, List<int[]> passages, List<Match> pairs) {

        /**
         * A question and a passage that answers it.
         *
         * @param query its number
         * @param passage the number of one that answers it
         * @param negatives numbers of passages that look as if they did
         */
        public record Match(int query, int passage, List<Integer> negatives) {
            public Match {
                negatives = List.copyOf(negatives);
            }
        }

        public Ranked {
            queries = List.copyOf(queries);
            passages = List.copyOf(passages);
            pairs = List.copyOf(pairs);
        }
    }

    /**
     * A question and a passage in one sequence each, and whether the passage answers it.
     *
     * @param texts token ids: {@code [CLS] question [SEP] passage [SEP]}
     * @param seconds where the passage begins in each
     * @param relevant 1 where it answers, 0 where not
     */
    record Judged(List<int[]> texts, List<Integer> seconds, List<Integer> relevant) {
        public Judged {
            texts = List.copyOf(texts);
            seconds = List.copyOf(seconds);
            relevant = List.copyOf(relevant);
            if (texts.size() != seconds.size() || texts.size() != relevant.size()) {
                throw new IllegalArgumentException(
                        texts.size() + " texts, " + seconds.size() + " places and " + relevant.size() + " judgements");
            }
        }
    }

    /**
     * A question and a passage in one sequence each, and where in it the answer stands.
     *
     * @param texts token ids: {@code [CLS] question [SEP] passage [SEP]}
     * @param seconds where the passage begins in each
     * @param firsts the answer's first token; 0 where the passage has no answer
     * @param lasts its last one; 0 where the passage has no answer
     */
    record Spans(List<int[]> texts, List<Integer> seconds, List<Integer> firsts, List<Integer> lasts) {
        public Spans {
            texts = List.copyOf(texts);
            seconds = List.copyOf(seconds);
            firsts = List.copyOf(firsts);
            lasts = List.copyOf(lasts);
            if (texts.size() != seconds.size() || texts.size() != firsts.size() || texts.size() != lasts.size()) {
                throw new IllegalArgumentException(texts.size() + " texts, " + seconds.size() + " places, "
                        + firsts.size() + " and " + lasts.size() + " ends");
            }
        }
    }

    /** Told of how far it is. */
    sealed interface Event {
        /**
         * Before the first step.
         *
         * @param steps in all, unless it stops early
         * @param tokens that are learned from in an epoch
         * @param megabytes of memory that the longest batch takes, by estimate
         * @param took about how long all steps take on this machine, by estimate
         */
        record Planned(int steps, long tokens, long megabytes, Duration took) implements Event {}

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
         * @param figure on the same, the higher the better: accuracy, mean reciprocal rank or F1
         * @param best whether it is the best so far
         */
        record Epoch(int epoch, int epochs, double loss, double figure, boolean best) implements Event {}

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
     * What was learned of an encoder, as it was at its best on what was not learned from.
     *
     * @param head the linear layer on top, of one output or two; none where vectors are all that is asked for
     * @param epoch of the best
     * @param tokensPerSecond learned from, while it learned
     */
    record TunedEncoder(Lora lora, Optional<Linear> head, int epoch, int steps, double tokensPerSecond) {}

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

    /**
     * Tunes an encoder so that texts of one label lie near each other and far from those of other labels: it learns from every
     * pair of texts, so that few of them are enough. A head for its vectors is fitted afterwards.
     *
     * @param temperature cosines are divided by it
     * @throws dev.tandem.domain.Failure as {@link #classifier}
     */
    TunedEncoder contrast(
            BaseModel base,
            Labelled train,
            Labelled validation,
            double temperature,
            TrainingSettings settings,
            Listener listener);

    /**
     * Tunes an encoder so that questions lie near the passages that answer them: of each batch, every other passage is one
     * that does not, beside those that were looked out.
     *
     * @param temperature cosines are divided by it
     * @throws dev.tandem.domain.Failure as {@link #classifier}
     */
    TunedEncoder retriever(
            BaseModel base,
            Ranked train,
            Ranked validation,
            double temperature,
            TrainingSettings settings,
            Listener listener);

    /**
     * Tunes an encoder that reads question and passage together, to tell whether the one answers the other; its head has
     * one output.
     *
     * @throws dev.tandem.domain.Failure as {@link #classifier}
     */
    TunedEncoder reranker(
            BaseModel base, Judged train, Judged validation, TrainingSettings settings, Listener listener);

    /**
     * Tunes an encoder that reads question and passage together, to find the answer in it; its head has two outputs for a
     * token: whether the answer begins there, and whether it ends there. At the first token both say that there is none.
     *
     * @throws dev.tandem.domain.Failure as {@link #classifier}
     */
    TunedEncoder reader(BaseModel base, Spans train, Spans validation, TrainingSettings settings, Listener listener);

    /** The vectors of texts by the encoder with what was learned, as the trainer itself has them: [texts, dimensions]. */
    List<float[]> vectors(BaseModel base, Lora lora, List<int[]> texts, int threads);

    /**
     * The last layer's output for each token of texts of two parts, as the trainer itself has it: for each text
     * [tokens · hidden].
     *
     * @param seconds where the second part of each begins
     */
    List<float[]> states(BaseModel base, Lora lora, List<int[]> texts, List<Integer> seconds, int threads);
}
