package dev.tandem.evidence.tuning;

import dev.tandem.domain.Span;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A question, and where its answer stands.
 *
 * @param id says in which half of the questions it is
 * @param gold by document id the span of the quoted words; null for a document as a whole
 */
record TuningCase(String id, String question, SortedMap<String, @Nullable Span> gold) {

    TuningCase(String id, String question, Map<String, @Nullable Span> gold) {
        this(id, question, (SortedMap<String, @Nullable Span>) new TreeMap<>(gold));
    }

    TuningCase {
        gold = Collections.unmodifiableSortedMap(new TreeMap<>(gold));
    }

    /** Whether words are quoted, not only a document named. */
    boolean isQuoted() {
        return gold.values().stream().anyMatch(span -> span != null);
    }
}
