package dev.tandem.behavior.worth;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** A short list of common English words that stand for one another in nearly every text, written for this purpose. */
final class Synonyms {

    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    /** Of each word all that mean the same, itself among them. */
    private static final Map<String, List<String>> SETS = read();

    private Synonyms() {}

    private static Map<String, List<String>> read() {
        var sets = new HashMap<String, List<String>>();
        for (String line : Resource.lines("synonyms.tsv")) {
            List<String> words = List.of(line.split("\t"));
            for (String word : words) {
                if (sets.put(word, words) != null) {
                    throw new IllegalStateException("synonyms.tsv has '" + word + "' twice");
                }
            }
        }
        return Map.copyOf(sets);
    }

    static String in(String text, SplittableRandom random) {
        return WORD.matcher(text).replaceAll(match -> {
            String word = match.group();
            List<String> others = SETS.getOrDefault(word.toLowerCase(Locale.ROOT), List.of());
            if (others.isEmpty()) {
                return word;
            }
            int own = others.indexOf(word.toLowerCase(Locale.ROOT));
            String other = others.get((own + 1 + random.nextInt(others.size() - 1)) % others.size());
            return Character.isUpperCase(word.charAt(0))
                    ? Character.toUpperCase(other.charAt(0)) + other.substring(1)
                    : other;
        });
    }
}
