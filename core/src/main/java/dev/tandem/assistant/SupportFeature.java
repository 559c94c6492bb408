package dev.tandem.assistant;

/** What is looked at to tell whether the best span, in the best sentence, is an answer at all. */
enum SupportFeature {
    ALWAYS,
    /** the sentence's score */
    LINE,
    /** that, less the next sentence's */
    LINE_MARGIN,
    /** the span's probability among all spans */
    SPAN,
    /** the probability of the span's whole sentence */
    SPAN_LINE,
    COVERAGE,
    /** share of the question that the sentence, the one before it and the headings above have together */
    CONTEXT,
    /** share that passage and headings have */
    PASSAGE,
    /** names and figures of the question that the sentence and its headings lack */
    MARKS_MISSING,
    /** those that the whole passage lacks too */
    PASSAGE_MARKS_MISSING,
    /** share of the question that no sentence at hand has */
    UNKNOWN,
    COSINE,
    SCORE,
    RAREST,
    FITS,
    FOCUS;

    static final int COUNT = values().length;
}
