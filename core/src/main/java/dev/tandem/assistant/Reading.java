package dev.tandem.assistant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader found in the passages.
 *
 * @param quotes sentences that answer, best first; empty where nothing bears on the question
 * @param key the shortest part of the first quote that answers; null where none was found
 * @param support how far the quotes carry an answer, in [0, 1]
 */
record Reading(List<Passage> quotes, @Nullable String key, double support) {

    static final Reading NOTHING = new Reading(List.of(), null, 0);

    Reading {
        quotes = List.copyOf(quotes);
    }
}
