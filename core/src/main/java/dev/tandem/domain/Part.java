package dev.tandem.domain;

import java.util.Locale;
import java.util.Optional;

/** What an example is there for: to learn from, to choose settings by, or to measure on. */
public enum Part {
    TRAIN,
    VALIDATION,
    TEST;

    /** As files, the catalog and the command line write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the words that files of examples use: {@code train}, {@code dev}, {@code eval}, … */
    public static Optional<Part> of(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "train", "training" -> Optional.of(TRAIN);
            case "validation", "valid", "val", "dev", "eval" -> Optional.of(VALIDATION);
            case "test", "testing" -> Optional.of(TEST);
            default -> Optional.empty();
        };
    }
}
