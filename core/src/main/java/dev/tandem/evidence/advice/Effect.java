package dev.tandem.evidence.advice;

import java.util.Set;

/** What follows when a rule applies; the text says why, to the user. */
sealed interface Effect {

    String text();

    /**
     * These arms cannot be recommended, whatever was measured: a hard constraint.
     *
     * @param retrieval whether what asks for it can only come from documents at answer time
     */
    record Bars(String text, Set<Arm> arms, boolean retrieval) implements Effect {}

    /** Speaks for documents at answer time. */
    record Retrieval(String text) implements Effect {}

    /** Speaks for behaviour in weights. */
    record Tuning(String text) implements Effect {}

    /** The prompt alone is enough. */
    record Prompt(String text) implements Effect {}

    /**
     * These arms not yet, by the published priors; a measurement overrides it.
     *
     * @param retrieval whether the same rule speaks for documents at answer time
     */
    record Holds(String text, Set<Arm> arms, boolean retrieval) implements Effect {}

    /** These arms lie beyond a limit that the user set: no prior, so no measurement overrides it. */
    record Limits(String text, Set<Arm> arms) implements Effect {}

    /** Worth knowing, and moves nothing. */
    record Note(String text) implements Effect {}
}
