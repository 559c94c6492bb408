package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** By what a document is cut; the size aimed at is the same for all. */
public enum ChunkStrategy {
    /** By headings, blocks and sentences, each cut as dear as what it parts belongs together. */
    STRUCTURE,
    /** After sentences, whatever stands around them. */
    SENTENCE,
    /** Between paragraphs, lists, tables and headings; inside one only where it is too large. */
    PARAGRAPH,
    /** Between any two words, at the same size everywhere. */
    FIXED,
    /** After sentences, where the next one's meaning is furthest from the one before. */
    SEMANTIC;

    /** As settings write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ChunkStrategy named(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "'" + Printable.of(word) + "' is no way to cut documents.",
                        "Choose one of "
                                + Arrays.stream(values())
                                        .map(ChunkStrategy::word)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
