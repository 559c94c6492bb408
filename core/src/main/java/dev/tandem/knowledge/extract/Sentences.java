package dev.tandem.knowledge.extract;

import dev.tandem.domain.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Splits text into sentences by rules, in one pass.
 *
 * <p>A full stop is the hard case: it ends a sentence unless the word before it is an abbreviation, an initial or a list
 * number, or what follows shows that the sentence goes on. {@link java.text.BreakIterator} knows no abbreviations and
 * cuts after "Dr.", "U.S." and "J. K."; on the answers of SQuAD it separates what belongs together several times as
 * often (SentencesTest holds the comparison). Lines count as well: a blank line, a list marker, a table row and a short
 * line each end a sentence, a wrapped line does not.
 */
public final class Sentences {

    /** Never the last word of a sentence. */
    private static final Set<String> GOES_ON = words(
            "mr mrs ms mx dr drs prof gen sen rep gov lt col capt cpt sgt maj cmdr adm rev hon pres messrs mme mlle supt"
                    + " insp e.g eg i.e ie cf ca viz vs v approx op");

    /** Abbreviations only before a number: "no. 5", "Fig. 2", "Jan. 3". */
    private static final Set<String> BEFORE_NUMBER = words(
            "no nos nr fig figs vol vols pp p pg ch chap sec sect art arts eq ref para par item ver v jan feb mar apr jun"
                    + " jul aug sep sept oct nov dec c");

    /** May end a sentence; then the next one has to start like one. */
    private static final Set<String> MAY_END = words(
            "inc ltd co corp llc plc jr sr esq bros dept est assn ave blvd rd st mt ft univ al ed eds trans dist div gmbh"
                    + " tel ext min max avg hr hrs sq lb lbs oz mi km cm mm");

    private static final Set<String> STARTERS = words(
            "the a an in it he she they we you this that these those there his her its their our your my on at by for from"
                    + " with as after before when while although though however but and or if during since because to not no"
                    + " some many most both each all one two three other another also such what who how why where which"
                    + " according despite under over then thus therefore meanwhile until upon within without today later"
                    + " here once only even so yet still instead finally additionally furthermore moreover nevertheless"
                    + " several through between among following about against like unlike whether any every few first"
                    + " second third next please see use note");

    private static final int LONGEST_WORD = 40;
    private static final int SHORT_LINE = 40;

    private Sentences() {}

    /** The sentences of the text in order; between and around them stands nothing but white space. */
    public static List<Sentence> of(String text) {
        var sentences = new ArrayList<Sentence>();
        var cursor = new Object() {
            int unit = 0;
            int point = 0;
        };
        ends(text, 0, text.length(), end -> {
            int from = cursor.unit;
            int to = end;
            while (from < to && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
                to--;
            }
            if (from < to) {
                int start = cursor.point + text.codePointCount(cursor.unit, from);
                int length = text.codePointCount(from, to);
                sentences.add(new Sentence(new Span(start, start + length), text.substring(from, to)));
                cursor.unit = to;
                cursor.point = start + length;
            }
        });
        return sentences;
    }

    /**
     * Tells where each sentence of {@code text[start, end)} ends, as UTF-16 indices; the white space after a sentence
     * belongs to it, so that the last end is {@code end} and nothing stands between.
     */
    static void ends(String text, int start, int end, IntConsumer sink) {
        int sentence = start;
        int line = start;
        boolean bar = false;
        int i = start;
        while (i < end) {
            char c = text.charAt(i);
            int next = -1;
            if (c == '\n') {
                int after = skipSpace(text, i, end);
                if (lineEndsSentence(text, line, i, after, end, bar)) {
                    next = after;
                }
                line = i + 1;
                bar = false;
            } else if (c == '|') {
                bar |= i > start && text.charAt(i - 1) == ' ';
            } else if (isTerminator(c)) {
                int run = i + 1;
                while (run < end && isTerminator(text.charAt(run))) {
                    run++;
                }
                int close = skipClosers(text, run, end);
                if (isWide(text.charAt(run - 1))) {
                    next = skipBlanks(text, close, end);
                } else if (close < end && Character.isWhitespace(text.charAt(close))) {
                    int after = skipSpace(text, close, end);
                    if (after < end && stops(text, sentence, line, i, run, after, end)) {
                        next = after;
                    }
                }
                if (next < 0) {
                    i = run - 1;
                }
            }
            if (next > sentence) {
                if (next < end) {
                    sink.accept(next);
                }
                if (hasLineEnd(text, i, next)) {
                    line = next;
                    bar = false;
                }
                sentence = next;
                i = next;
            } else {
                i++;
            }
        }
        if (end > start) {
            sink.accept(end);
        }
    }

    /** Whether the terminators {@code text[dot, run)}, followed by white space up to {@code after}, end the sentence. */
    private static boolean stops(String text, int sentence, int line, int dot, int run, int after, int end) {
        int first = skipOpeners(text, after, end);
        int next = text.codePointAt(first);
        if (Character.isLowerCase(next) || ",;:)".indexOf(next) >= 0 || (next < 128 && isTerminator((char) next))) {
            return false;
        }
        if (run > dot + 1 || text.charAt(dot) != '.') {
            return true;
        }
        int from = wordStart(text, Math.max(sentence, line), dot);
        String word = text.substring(from, dot);
        if (word.isEmpty()) {
            return true;
        }
        if (startsLine(text, Math.max(sentence, line), from) && isListNumber(word)) {
            return false;
        }
        String lower = word.toLowerCase(Locale.ROOT);
        if (GOES_ON.contains(lower)) {
            return false;
        }
        if (BEFORE_NUMBER.contains(lower)) {
            return !Character.isDigit(next) && (word.length() > 1 || startsLikeSentence(text, first, end));
        }
        if (MAY_END.contains(lower) || isInitials(word)) {
            return startsLikeSentence(text, first, end);
        }
        return true;
    }

    /** A line end ends the sentence before a blank line, before a list item, after a table row and after a short line. */
    private static boolean lineEndsSentence(String text, int line, int lineEnd, int after, int end, boolean bar) {
        if (after >= end) {
            return true;
        }
        if (hasLineEnd(text, lineEnd + 1, after) || bar || startsItem(text, after, end)) {
            return true;
        }
        char last = lineEnd > line ? text.charAt(lineEnd - 1) : '\n';
        return lineEnd - line < SHORT_LINE && last != ',' && !Character.isLowerCase(text.codePointAt(after));
    }

    private static boolean hasLineEnd(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '\n') {
                return true;
            }
        }
        return false;
    }

    /** Whether a list item begins here: {@code -}, {@code *}, {@code +}, a bullet, {@code 1.} or {@code 1)}, then a space. */
    static boolean startsItem(CharSequence text, int at, int end) {
        int i = at;
        if (i < end && "-*+•◦▪–".indexOf(text.charAt(i)) >= 0) {
            i++;
        } else {
            while (i < end && i < at + 4 && Character.isDigit(text.charAt(i))) {
                i++;
            }
            if (i == at || i >= end || (text.charAt(i) != '.' && text.charAt(i) != ')')) {
                return false;
            }
            i++;
        }
        return i < end && text.charAt(i) == ' ';
    }

    private static boolean startsLikeSentence(String text, int first, int end) {
        int i = first;
        while (i < end && i < first + LONGEST_WORD && Character.isLetter(text.charAt(i))) {
            i++;
        }
        boolean initial = i < end && text.charAt(i) == '.' && i == first + 1;
        return !initial && STARTERS.contains(text.substring(first, i).toLowerCase(Locale.ROOT));
    }

    private static int wordStart(String text, int floor, int dot) {
        int from = dot;
        int limit = Math.max(floor, dot - LONGEST_WORD);
        while (from > limit && isWordPart(text.charAt(from - 1))) {
            from--;
        }
        return from;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || Character.isSurrogate(c);
    }

    private static boolean startsLine(String text, int line, int from) {
        for (int i = from - 1; i >= line && from - i < 16; i--) {
            if (!Character.isWhitespace(text.charAt(i)) && "([".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return from - line < 16;
    }

    /** {@code 12}, {@code 1.2.3}, {@code b}, {@code iv} or {@code IV} at the start of a line number what follows. */
    private static boolean isListNumber(String word) {
        if (word.length() == 1) {
            return Character.isLetterOrDigit(word.charAt(0));
        }
        boolean digits = word.chars().allMatch(c -> Character.isDigit(c) || c == '.')
                && word.chars().filter(Character::isDigit).count() < 4;
        boolean roman = word.chars().allMatch(c -> "ivxIVX".indexOf(c) >= 0);
        return word.length() <= 8 && (digits || roman);
    }

    /** {@code J}, {@code U.S}, {@code Ph.D}, {@code a.m}: letters, each part at most two long. */
    private static boolean isInitials(String word) {
        int part = 0;
        boolean dotted = word.indexOf('.') >= 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '.') {
                part = 0;
            } else if (!Character.isLetter(c) || ++part > 2) {
                return false;
            }
        }
        return dotted || (word.length() == 1 && Character.isUpperCase(word.charAt(0)));
    }

    private static boolean isTerminator(char c) {
        return c == '.' || c == '!' || c == '?' || c == '…' || isWide(c);
    }

    /** Full stops of scripts that put no space after them. */
    private static boolean isWide(char c) {
        return c == '。' || c == '！' || c == '？' || c == '｡';
    }

    static int skipSpace(String text, int from, int end) {
        int i = from;
        while (i < end && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int skipBlanks(String text, int from, int end) {
        int i = from;
        while (i < end && text.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    /** Past closing quotes and brackets and past reference marks such as {@code [12]}. */
    private static int skipClosers(String text, int from, int end) {
        int i = from;
        while (i < end) {
            char c = text.charAt(i);
            if (")]}\"'”’»」』）".indexOf(c) >= 0) {
                i++;
            } else if (c == '[') {
                int j = i + 1;
                while (j < end && j < i + 6 && Character.isLetterOrDigit(text.charAt(j))) {
                    j++;
                }
                if (j == i + 1 || j >= end || text.charAt(j) != ']') {
                    return i;
                }
                i = j + 1;
            } else {
                return i;
            }
        }
        return i;
    }

    private static int skipOpeners(String text, int from, int end) {
        int i = from;
        while (i < end - 1 && i < from + 3 && "\"'“‘«([{¿¡".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private static Set<String> words(String words) {
        return Set.copyOf(Arrays.asList(words.split(" ", -1)));
    }
}
