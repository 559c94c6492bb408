package dev.tandem.assistant;

import java.util.Locale;
import java.util.Set;

/**
 * What kind of token it is, by looks alone: closed classes of English by list, the open ones by ending. Coarse on
 * purpose; a tagger would know better and cost a model.
 */
enum Shape {
    EDGE,
    DETERMINER,
    PREPOSITION,
    CONJUNCTION,
    PRONOUN,
    AUXILIARY,
    QUESTION_WORD,
    YEAR,
    NUMBER,
    NUMBER_WORD,
    MONTH,
    UNIT,
    NAME,
    FIRST_NAME,
    VERB,
    ADVERB,
    ADJECTIVE,
    NOUN,
    OTHER_WORD,
    COMMA,
    STOP,
    QUOTE,
    OPEN,
    CLOSE,
    DASH,
    CURRENCY,
    PERCENT,
    BAR,
    SYMBOL;

    private static final Set<String> DETERMINERS = words(
            "a an the this that these those some any each every either neither no such both all another my your his her its"
                    + " our their whose");
    private static final Set<String> PREPOSITIONS = words(
            "of in on at by for from with about against between into through during before after above below to under over"
                    + " as upon within without toward towards among across along around behind beside beyond near onto per"
                    + " since until via out off up down than like despite throughout except including because");
    private static final Set<String> CONJUNCTIONS =
            words("and or but nor so yet if while although though whereas unless whether");
    private static final Set<String> PRONOUNS = words(
            "i me we us you he him she they them it itself himself herself themselves one ones there here mine ours");
    private static final Set<String> AUXILIARIES = words(
            "am is are was were be been being have has had having do does did can could may might must shall should will"
                    + " would cannot not ought don didn doesn isn aren wasn weren won hasn haven hadn couldn wouldn shouldn");
    private static final Set<String> QUESTION_WORDS = words("what which who whom when where why how");
    private static final Set<String> NUMBER_WORDS = words(
            "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
                    + " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million"
                    + " billion trillion dozen half third quarter once twice first second fourth fifth sixth seventh eighth"
                    + " ninth tenth hundreds thousands millions several few");
    private static final Set<String> MONTHS = words(
            "january february march april june july august september october november december jan feb mar apr jun jul aug"
                    + " sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays tuesdays"
                    + " wednesdays thursdays fridays saturdays sundays");
    private static final Set<String> UNITS = words(
            "year years month months week weeks day days hour hours minute minutes second seconds century centuries decade"
                    + " decades quarter quarters percent percentage km kilometres kilometers metres meters m cm mm miles mile"
                    + " feet ft foot inches yards acres hectares kg g grams tonnes tons pounds lb degrees dollars euros"
                    + " cents pence people times mw kw gb mb tb bc ad bce ce am pm");
    private static final Set<String> VERBS = words(
            "became become becomes began begin begins broke brought bring built build builds bought came come comes chose"
                    + " died die drew drove fell felt found find finds flew forgot fought gave give gives go goes gone went"
                    + " got get gets grew grow held hold holds include includes keep keeps kept knew know known knows lead"
                    + " leads led left leave leaves lie lies lost made make makes mean means meant met pay pays paid put"
                    + " ran run runs said say says saw seen see sees sent send sends set sets showed shown show shows sold"
                    + " spent spoke stood stand stands start starts stop stops take takes taken took teach taught tell told"
                    + " think thought use uses won win wins wore write writes written wrote contain contains cover covers"
                    + " allow allows apply applies cause causes remain remains serve serves provide provides require"
                    + " requires need needs call calls cost costs last lasts ask asks press expire lapse lapses close closes"
                    + " open opens");

    private static final Set<String> NOT_FIRST_NAMES =
            words("many most other however also when although during today later"
                    + " despite according unlike please see while only more because even following using");

    private static Set<String> words(String list) {
        return Set.of(list.strip().split("\\s+")); // every list is free of repetitions, or this fails at once
    }

    /** Words of grammar and punctuation: what an answer does not consist of alone. */
    boolean grammar() {
        return switch (this) {
            case EDGE, DETERMINER, PREPOSITION, CONJUNCTION, PRONOUN, AUXILIARY, QUESTION_WORD -> true;
            default -> punctuation();
        };
    }

    boolean punctuation() {
        return compareTo(COMMA) >= 0 && this != CURRENCY && this != PERCENT;
    }

    boolean numeric() {
        return this == YEAR || this == NUMBER || this == NUMBER_WORD;
    }

    boolean named() {
        return this == NAME || this == FIRST_NAME;
    }

    /**
     * The shape of a word.
     *
     * @param word as written
     * @param first whether it is the first word of its sentence, where a capital says little
     */
    static Shape of(String word, boolean first) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (Character.isDigit(word.codePointAt(0))) {
            return word.matches("1[0-9]{3}s?|20[0-9]{2}s?") ? YEAR : NUMBER;
        }
        boolean capital = Character.isUpperCase(word.codePointAt(0));
        if (MONTHS.contains(lower) || (capital && lower.equals("may") && !first)) {
            return MONTH;
        }
        if (capital && !first && word.length() > 1 && !grammatical(lower)) {
            return NAME;
        }
        if (DETERMINERS.contains(lower)) {
            return DETERMINER;
        }
        if (PREPOSITIONS.contains(lower)) {
            return PREPOSITION;
        }
        if (CONJUNCTIONS.contains(lower)) {
            return CONJUNCTION;
        }
        if (PRONOUNS.contains(lower)) {
            return PRONOUN;
        }
        if (AUXILIARIES.contains(lower)) {
            return AUXILIARY;
        }
        if (QUESTION_WORDS.contains(lower)) {
            return QUESTION_WORD;
        }
        if (NUMBER_WORDS.contains(lower)) {
            return NUMBER_WORD;
        }
        if (UNITS.contains(lower)) {
            return UNIT;
        }
        if (capital) {
            return first && NOT_FIRST_NAMES.contains(lower) ? OTHER_WORD : first ? FIRST_NAME : NAME;
        }
        if (VERBS.contains(lower) || ends(lower, 5, "ed", "ing", "ize", "izes", "ise", "ises")) {
            return VERB;
        }
        if (ends(lower, 4, "ly")) {
            return ADVERB;
        }
        if (ends(
                lower, 5, "ous", "ive", "ful", "ical", "able", "ible", "ic", "ary", "less", "ish", "al", "ant",
                "ent")) {
            return ADJECTIVE;
        }
        return ends(
                        lower, 5, "tion", "sion", "ment", "ness", "ity", "ism", "ist", "er", "or", "ship", "ance",
                        "ence", "s")
                ? NOUN
                : OTHER_WORD;
    }

    /** The shape of a single character that is no part of a word. */
    static Shape of(int code) {
        return switch (code) {
            case ',', ';' -> COMMA;
            case '.', '!', '?', ':', '…' -> STOP;
            case '"', '“', '”', '\'', '‘', '’', '«', '»', '`', '*', '_' -> QUOTE;
            case '(', '[', '{' -> OPEN;
            case ')', ']', '}' -> CLOSE;
            case '-', '–', '—', '−', '/' -> DASH;
            case '%', '‰' -> PERCENT;
            case '|' -> BAR;
            default -> Character.getType(code) == Character.CURRENCY_SYMBOL ? CURRENCY : SYMBOL;
        };
    }

    private static boolean grammatical(String lower) {
        return DETERMINERS.contains(lower)
                || PREPOSITIONS.contains(lower)
                || CONJUNCTIONS.contains(lower)
                || PRONOUNS.contains(lower)
                || AUXILIARIES.contains(lower)
                || QUESTION_WORDS.contains(lower);
    }

    private static boolean ends(String lower, int shortest, String... endings) {
        if (lower.length() < shortest) {
            return false;
        }
        for (String ending : endings) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}
