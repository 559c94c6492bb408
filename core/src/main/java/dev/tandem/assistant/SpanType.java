package dev.tandem.assistant;

import java.util.List;
import java.util.Set;

/** What a stretch of words is, as far as its shapes tell. */
enum SpanType {
    DATE,
    YEAR,
    MONEY,
    PERCENT,
    MEASURE,
    NUMBER,
    NAME,
    NAMES,
    QUOTED,
    NOUNS,
    CLAUSE,
    OTHER;

    /** The type of {@code words[from, to)}. */
    static SpanType of(List<Words.Word> words, int from, int to) {
        int names = 0;
        boolean number = false;
        boolean year = false;
        boolean month = false;
        boolean unit = false;
        boolean verb = false;
        boolean money = false;
        boolean percent = false;
        int open = 0;
        for (int i = from; i < to; i++) {
            Words.Word word = words.get(i);
            switch (word.shape()) {
                case NAME, FIRST_NAME -> names++;
                case NUMBER, NUMBER_WORD -> number = true;
                case YEAR -> year = true;
                case MONTH -> month = true;
                case UNIT -> {
                    unit = true;
                    percent |= word.lower().startsWith("percent");
                    money |= number && isMoney(word.lower());
                }
                case VERB, AUXILIARY -> verb = true;
                case CURRENCY -> money = true;
                case PERCENT -> percent = true;
                case NOUN, OTHER_WORD, ADJECTIVE, ADVERB -> open++;
                default -> {}
            }
        }
        if (verb) {
            return CLAUSE;
        }
        if (month) {
            return DATE;
        }
        if (year && !number && names == 0 && open == 0) {
            return YEAR;
        }
        if (number || year) {
            return money ? MONEY : percent ? PERCENT : unit || open > 0 ? MEASURE : NUMBER;
        }
        boolean quoted = from > 0
                && to < words.size()
                && words.get(from - 1).shape() == Shape.QUOTE
                && words.get(to).shape() == Shape.QUOTE;
        if (quoted) {
            return QUOTED;
        }
        if (names > 0) {
            return names == 1 && to - from == 1 ? NAME : NAMES;
        }
        return open > 0 ? NOUNS : OTHER;
    }

    private static final Set<String> CAUSES =
            Set.of("because", "since", "due", "owing", "reason", "reasons", "cause", "caused", "result", "therefore");

    private static boolean isMoney(String unit) {
        return unit.equals("dollars") || unit.equals("euros") || unit.equals("pounds") || unit.equals("pence");
    }

    /** Whether this type is what such a question asks for. Kinds that any words can answer accept all. */
    boolean fits(Question.Kind kind) {
        return switch (kind) {
            case WHEN -> this == DATE || this == YEAR || this == MEASURE;
            case WHO, WHAT_PLACE, WHERE, WHAT_NAME -> this == NAME || this == NAMES;
            case HOW_MANY -> this == NUMBER || this == MEASURE;
            case HOW_MUCH, WHAT_NUMBER -> this == MONEY || this == PERCENT || this == NUMBER || this == MEASURE;
            case HOW_LONG -> this == NUMBER || this == MEASURE;
            case WHY, HOW, YES_NO -> this == CLAUSE || this == NOUNS;
            case WHAT_NOUN, WHAT_IS, WHAT, OTHER -> true;
        };
    }

    /** Whether a word of the kind asked for stands there that the question does not have itself. */
    static boolean anyFits(Question question, List<Words.Word> words) {
        for (Words.Word word : words) {
            boolean fits = !question.stems().contains(word.stem())
                    && switch (question.kind()) {
                        case WHEN ->
                            word.shape() == Shape.YEAR || word.shape() == Shape.MONTH || word.shape() == Shape.NUMBER;
                        case WHO, WHERE, WHAT_PLACE, WHAT_NAME -> word.shape().named();
                        case HOW_MANY, HOW_MUCH, HOW_LONG, WHAT_NUMBER ->
                            word.shape().numeric() || word.shape() == Shape.PERCENT || word.shape() == Shape.CURRENCY;
                        case WHY -> CAUSES.contains(word.lower());
                        case HOW, YES_NO, WHAT_NOUN, WHAT_IS, WHAT, OTHER -> word.content();
                    };
            if (fits) {
                return true;
            }
        }
        return false;
    }
}
