package dev.tandem.evidence.compare;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An arm that takes part in a comparison, or would have. */
public sealed interface Contender {

    String arm();

    /** What an answer costs in US dollars; a function of the case and the answer alone, never of the time it took. */
    @FunctionalInterface
    interface Cost {
        Cost NOTHING = (asked, answer) -> 0;

        double usd(Case asked, Answer answer);
    }

    /**
     * One that can be measured here.
     *
     * @param timed gives the same answers without anything worked out beforehand, as one who asks would wait for them;
     *     null where {@code answerer} does
     * @param made all that its answers depend on, by name: hashes of models, adapters and training examples, settings, the
     *     last ledger line of the collection it reads. Outcomes measured before are used again exactly where this is equal.
     */
    record Runs(String arm, Answerer answerer, @Nullable Answerer timed, Cost cost, SortedMap<String, String> made)
            implements Contender {
        public Runs {
            made = Collections.unmodifiableSortedMap(new TreeMap<>(made));
        }

        /** One whose answers are timed as they are given. */
        public Runs(String arm, Answerer answerer, Cost cost, SortedMap<String, String> made) {
            this(arm, answerer, null, cost, made);
        }

        public static Runs free(String arm, Answerer answerer, Map<String, String> made) {
            return new Runs(arm, answerer, null, Cost.NOTHING, new TreeMap<>(made));
        }
    }

    /**
     * One that cannot.
     *
     * @param reason why, in words
     * @param command what to run so that it can be measured next time
     */
    record NotRun(String arm, String reason, String command) implements Contender {}
}
