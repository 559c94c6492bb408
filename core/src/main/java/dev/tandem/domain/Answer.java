package dev.tandem.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes of a question. All are expected outcomes, none is an error. */
public sealed interface Answer {

    /**
     * Text that stands on citations.
     *
     * @param text with citation marks {@code [1]}; every mark has its citation
     * @param key the shortest span that answers (a name, a date, a figure), inside the first citation's quote; null where
     *     the reader found none
     * @param support how well the citations carry the answer, in [0, 1]; what abstention is calibrated on
     * @param by what wrote the text: {@code reader} or the language model's name
     * @param unverified what was said without a quote that stands up: shown as such, never as cited
     */
    record Grounded(
            String text,
            @Nullable String key,
            List<Citation> citations,
            double support,
            String by,
            List<String> unverified)
            implements Answer {
        public Grounded {
            if (citations.isEmpty()) {
                throw new IllegalArgumentException("a grounded answer cites something");
            }
            citations = List.copyOf(citations);
            unverified = List.copyOf(unverified);
        }
    }

    /**
     * One of a fixed set of labels.
     *
     * @param label the one that is most likely
     * @param probability of the label, calibrated where the arm was calibrated, in [0, 1]
     * @param ranked the likeliest labels, best first, {@code label} among them
     * @param neighbours the labelled examples that were looked at, most similar first; may be empty
     * @param by what chose the label
     */
    record Labelled(String label, double probability, List<LabelScore> ranked, List<Neighbour> neighbours, String by)
            implements Answer {
        public Labelled {
            ranked = List.copyOf(ranked);
            neighbours = List.copyOf(neighbours);
        }
    }

    /**
     * A language model's own words, from what it was trained on: they stand on no document, and nothing was checked.
     *
     * @param by the language model's name
     */
    record Unbacked(String text, String by) implements Answer {}

    /** A label and how likely it is, in [0, 1]. */
    record LabelScore(String label, double probability) {}

    /**
     * A labelled example near a text.
     *
     * @param similarity cosine, in [-1, 1]
     */
    record Neighbour(String text, String label, double similarity) {}

    /**
     * The knowledge does not carry an answer.
     *
     * @param reason in words for the asker
     * @param support of the best that was found, in [0, 1]
     * @param nearest what came nearest, best first; may be empty
     */
    record Abstained(String reason, double support, List<Hit> nearest) implements Answer {
        public Abstained {
            nearest = List.copyOf(nearest);
        }
    }

    /**
     * A rule forbids an answer.
     *
     * @param rule which one, in words
     */
    record Refused(String rule) implements Answer {}
}
