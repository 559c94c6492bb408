package dev.tandem.behavior.dataset;

import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When two texts are the same, and the words by which they are compared where they are not. */
final class Texts {

    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\p{Cf}]+");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private Texts() {}

    /** Two texts with the same form are the same text: compatibility forms, case and blanks make no difference. */
    static String form(String text) {
        return BLANKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
    }

    /** Of a {@link #form}, without punctuation. */
    static List<String> words(String form) {
        var words = new ArrayList<String>();
        for (Matcher word = WORD.matcher(form); word.find(); ) {
            words.add(word.group());
        }
        return words;
    }

    /** As they stand in the text, with what follows each. */
    static List<String> sentences(String text) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        var sentences = new ArrayList<String>();
        for (int from = breaks.first(), to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
            sentences.add(text.substring(from, to));
        }
        return sentences;
    }
}
