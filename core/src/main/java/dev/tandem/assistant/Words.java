package dev.tandem.assistant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tartarus.snowball.ext.EnglishStemmer;

/** Text as words: where each stands, its stem, and whether it carries meaning. */
final class Words {

    /**
     * One word.
     *
     * @param from first UTF-16 offset in its text
     * @param to one past its last
     * @param lower lower case
     * @param stem equal for inflections of one word
     * @param shape by its looks in a text that is one sentence
     */
    record Word(int from, int to, String lower, String stem, Shape shape, boolean capital, boolean number) {

        /** Whether it says what a text is about; the rest is grammar. */
        boolean content() {
            return !shape.punctuation() && !FUNCTION.contains(lower);
        }
    }

    /** English words of grammar: determiners, pronouns, prepositions, conjunctions, auxiliaries and question words. */
    static final Set<String> FUNCTION = Set.of("""
            a an the this that these those some any each every either neither no such both all another other own same
            i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
            myself yourself himself herself itself ourselves themselves one
            of in on at by for with about against between into through during before after above below to from up down
            out off over under again further than as upon within without toward towards among across along around
            behind beside beyond near onto per since until via
            and or but nor so yet if because while although though unless whether
            am is are was were be been being have has had having do does did doing done can could may might must shall
            should will would ought
            what which who whom whose when where why how there here then once also just only very too not
            s t d ll re ve m don doesn didn isn aren wasn weren won hasn haven hadn can't
            """.strip().split("\\s+"));

    private Words() {}

    /** The words of a text in order. A number keeps its points, commas and colons; hyphens part words; a possessive is dropped. */
    static List<Word> of(String text) {
        return read(text, false);
    }

    /** The words as {@link #of}, and between them every other visible character as a word of its own. */
    static List<Word> withPunctuation(String text) {
        return read(text, true);
    }

    private static List<Word> read(String text, boolean punctuation) {
        var stemmer = new EnglishStemmer();
        var words = new ArrayList<Word>();
        boolean first = true;
        int at = 0;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            int next = at + Character.charCount(code);
            if (Character.isLetterOrDigit(code)) {
                int end = end(text, at);
                words.add(word(text, at, end, first, stemmer));
                first = false;
                next = possessive(text, end) ? end + 2 : end;
            } else if (punctuation && !Character.isWhitespace(code) && !Character.isSpaceChar(code)) {
                String mark = text.substring(at, next);
                words.add(new Word(at, next, mark, mark, Shape.of(code), false, false));
            }
            at = next;
        }
        return words;
    }

    /** The stems of the words that carry meaning. */
    static Set<String> contentStems(String text) {
        var stems = new HashSet<String>();
        for (Word word : of(text)) {
            if (word.content()) {
                stems.add(word.stem());
            }
        }
        return stems;
    }

    private static int end(String text, int start) {
        int at = start;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            int next = at + Character.charCount(code);
            boolean inside = Character.isLetterOrDigit(code) || Character.getType(code) == Character.NON_SPACING_MARK;
            boolean joins = (code == '.' || code == ',' || code == ':')
                    && at > start
                    && Character.isDigit(text.codePointBefore(at))
                    && next < text.length()
                    && Character.isDigit(text.codePointAt(next));
            if (!inside && !joins) {
                break;
            }
            at = next;
        }
        return at;
    }

    private static boolean possessive(String text, int end) {
        return end + 1 < text.length()
                && (text.charAt(end) == '\'' || text.charAt(end) == '’')
                && Character.toLowerCase(text.charAt(end + 1)) == 's'
                && (end + 2 == text.length() || !Character.isLetterOrDigit(text.codePointAt(end + 2)));
    }

    private static Word word(String text, int from, int to, boolean first, EnglishStemmer stemmer) {
        String lower = text.substring(from, to).toLowerCase(Locale.ROOT);
        stemmer.setCurrent(lower);
        stemmer.stem();
        return new Word(
                from,
                to,
                lower,
                stemmer.getCurrent(),
                Shape.of(text.substring(from, to), first),
                Character.isUpperCase(text.codePointAt(from)),
                lower.codePoints().anyMatch(Character::isDigit));
    }
}
