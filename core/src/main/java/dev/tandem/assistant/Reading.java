package dev.tandem.assistant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader found in the passages.
 *
 * @param quotes what answers, best first; empty where nothing bears on the question
 * @param key the shortest part of the first quote that answers; null where none was found
 * @param support how far the quotes carry an answer, in [0, 1]
 */
record Reading(List<Quote> quotes, @Nullable String key, double support) {

    /**
     * One to a few sentences that stand together.
     *
     * @param passage word for word
     * @param said the same for a reader's eye: on one line, and a table's row with the names of its columns
     */
    record Quote(Passage passage, String said) {}

    static final Reading NOTHING = new Reading(List.of(), null, 0);

    Reading {
        quotes = List.copyOf(quotes);
    }
}
