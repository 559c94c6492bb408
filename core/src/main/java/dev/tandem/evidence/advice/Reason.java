package dev.tandem.evidence.advice;

/**
 * Why.
 *
 * @param name of the rule ({@code r2}) or of the figure ({@code accuracy})
 * @param source guide and line, a run, or the user
 */
public record Reason(Kind kind, String name, String text, String source) {

    /** How much it weighs, heaviest first. */
    public enum Kind {
        /** A hard constraint: nothing lifts it. */
        HARD,
        /** A limit that the user set: no measurement lifts it either, but it gives way where it would leave nothing. */
        LIMIT,
        /** A figure measured on the user's own cases. */
        MEASURED,
        /** A published rule that moved the recommendation. */
        PRIOR,
        /** A published rule worth knowing, which moved nothing. */
        NOTE;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    static Reason measured(String figure, String text, String run) {
        return new Reason(Kind.MEASURED, figure, text, "run " + run);
    }

    /** Rules have a number, figures a name. */
    boolean isRule() {
        return kind != Kind.MEASURED;
    }
}
