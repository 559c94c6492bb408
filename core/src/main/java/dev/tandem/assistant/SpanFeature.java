package dev.tandem.assistant;

/** What is looked at to tell whether a stretch of a sentence is the key: the shortest part that answers. */
enum SpanFeature {
    /** its sentence's score less the best sentence's */
    SENTENCE_GAP,
    /** whether its sentence has the best score */
    SENTENCE_BEST,
    /** logarithm of its words */
    LENGTH,
    /** share of its content words that the question has itself */
    ASKED,
    /** whether the question has any of them */
    ASKED_ANY,
    /** whether it is of the type that such a question asks for */
    FITS,
    /** whether neither neighbour could belong to it: a whole name, a whole figure */
    WHOLE,
    /** whether a neighbour is a name or figure like its own end */
    CUT,
    /** nearness of a word of the question on the left, 1 is next to it */
    NEAR_LEFT,
    NEAR_RIGHT,
    /** share of the question within three words on either side */
    AROUND_3,
    /** within eight */
    AROUND_8,
    /** share of the question left of it, each word divided by its distance */
    PROXIMITY_LEFT,
    PROXIMITY_RIGHT,
    /** share of the question in the same clause: between commas, brackets and the like */
    CLAUSE,
    /** nearness of the noun asked for, 1 is next to it; 0 where the sentence does not have it */
    FOCUS_NEAR,
    /** share of the question that stands left of it in the sentence */
    LEFT,
    RIGHT,
    /** the question's verb stands right behind it, auxiliaries aside */
    BEFORE_ACTION,
    /** the question's verb stands right before it, prepositions and articles aside */
    AFTER_ACTION,
    /** "matched word + is + span" */
    AFTER_BEING,
    /** "span + is + matched word" */
    BEFORE_BEING,
    /** "matched word, span" */
    APPOSED_LEFT,
    /** "span, matched word" */
    APPOSED_RIGHT,
    /** the noun asked for is its last word */
    FOCUS_LAST,
    /** the noun asked for is in it, but not last */
    FOCUS_INSIDE,
    FOCUS_NEXT,
    FOCUS_BEFORE,
    /** the preposition before it is one of the question's */
    PREPOSITION,
    AT_START,
    AT_END,
    COMMAS,
    VERBS,
    CONJUNCTIONS,
    /** holds a full stop or colon */
    STOPS,
    /** opens a bracket or quotation that it does not close, or the other way round */
    UNBALANCED,
    /** whether it stands in brackets or quotation marks of its own */
    ENCLOSED,
    /** whether it is a whole cell of a table */
    CELL,
    /** share of the question that the heading of its column has */
    COLUMN,
    /** whether another of the sentences has the same words */
    REPEATED,
    /** nothing but words of grammar */
    EMPTY;

    static final int COUNT = values().length;
}
