package dev.tandem.evidence.advice;

import java.util.Optional;

/**
 * One rule of the published guides, or one treatment of a disagreement between them.
 *
 * @param id {@code r1} to {@code r23}, {@code x1} to {@code x15}
 * @param source guide and lines
 */
record Rule(String id, String source, Check check) {

    @FunctionalInterface
    interface Check {
        /**
         * What follows in this case, or nothing where the rule does not apply.
         *
         * @param before findings of the rules heard earlier
         */
        Optional<Effect> on(Case given, Findings before);
    }

    static Optional<Effect> none() {
        return Optional.empty();
    }
}
