package dev.tandem.assistant;

/** What is looked at to tell whether a sentence answers a question. All are in [-1, 1] or close to it. */
enum SentenceFeature {
    /** share of the question's content words in the sentence, rare ones counting more */
    COVERAGE,
    /** that, less the best of all sentences */
    COVERAGE_GAP,
    /** whether the rarest word of the question is there */
    RAREST,
    /** share of the question's names and figures that are there or in the headings above; 1 where it has none */
    MARKS,
    /** share of them that the whole passage has, headings included */
    PASSAGE_MARKS,
    /** share of the question's neighbouring content words that are neighbours here */
    PAIRS,
    /** share of the question's words that the title and the headings above have */
    HEADING,
    /** share of the question's words that only the sentence before has */
    BEFORE,
    /** share that it has together with the sentence before and the headings */
    CONTEXT,
    /** share of the question's words that the whole passage has, headings included */
    PASSAGE,
    /** cosine of question and sentence */
    COSINE,
    /** that, less the best of all sentences */
    COSINE_GAP,
    /** the passage's retrieval score */
    SCORE,
    /** that, less the best of all passages */
    SCORE_GAP,
    /** whether the passage was ranked first */
    FIRST_PASSAGE,
    /** whether something of the kind asked for is there that the question does not have */
    TYPED,
    /** whether the noun asked for is there */
    FOCUS,
    /** whether the question's verb is there */
    ACTION,
    /** whether it has fewer than six words */
    SHORT,
    /** logarithm of its words */
    LENGTH,
    /** whether it begins with a pronoun */
    PRONOUN,
    /** whether it opens the passage */
    OPENING;

    static final int COUNT = values().length;
}
