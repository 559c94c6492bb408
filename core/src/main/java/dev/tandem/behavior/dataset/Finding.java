package dev.tandem.behavior.dataset;

import dev.tandem.domain.Part;
import java.util.List;
import java.util.Locale;

/**
 * Something about a dataset that its owner should know.
 *
 * @param kind what it is
 * @param serious whether figures measured on it, or a model that learned from it, would mislead
 * @param message one sentence that counts
 * @param cases every one of them, in the order of lines, where single texts are meant
 */
public record Finding(Kind kind, boolean serious, String message, List<Case> cases) {

    public Finding {
        cases = List.copyOf(cases);
    }

    /**
     * Examples that share it.
     *
     * @param note what there is to say of these alone; empty for nothing
     */
    public record Case(String text, List<Place> places, String note) {
        public Case {
            places = List.copyOf(places);
        }

        public Case(String text, List<Place> places) {
            this(text, places, "");
        }
    }

    /** Where an example stands, and what its output is. */
    public record Place(Part part, int line, String output) {}

    public enum Kind {
        /** Nothing to learn from, or nothing to measure on. */
        EMPTY_PART,
        /** One label only: there is nothing to tell apart. */
        ONE_CLASS,
        /** The same text in training and test. */
        TRAIN_TEST_OVERLAP,
        /** Nearly the same text in training and test. */
        NEAR_TRAIN_TEST,
        /** The same text with different outputs. */
        CONFLICTING_LABELS,
        /** Labels that differ by case or blanks only. */
        LABEL_VARIANTS,
        /** A label that is measured but never learned. */
        LABEL_NOT_LEARNED,
        /** Personal data of one type, see {@link PersonalData}. */
        PERSONAL_DATA,
        /** An input that is measured on stands in a document that can be retrieved. */
        IN_DOCUMENTS,
        /** An output that states something else than a document. */
        CONTRADICTED_FACTS,
        /** An output that states what a document states. */
        STATED_FACTS,
        /** An output with a date, a price or a version. */
        CHANGING_FACTS,
        /** A label that the other examples speak against. */
        SUSPICIOUS_LABELS,
        /** The same text more than once in one part. */
        DUPLICATES,
        /** Nearly the same text more than once. */
        NEAR_DUPLICATES,
        /** Labels with fewer than ten examples to learn from. */
        SMALL_CLASSES,
        /** The largest label has many times the examples of the smallest. */
        IMBALANCE,
        /** Texts that an encoder or a model reads in part only. */
        LONG_TEXTS;

        /** As {@code --json} writes it: {@code train-test-overlap}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
