package dev.tandem.behavior.worth;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Slips of fingers, inside of words: people seldom mistype a first letter. */
final class Typos {

    /** One in so many of the words that can be mistyped. */
    private static final int ONE_IN = 5;

    private static final Pattern WORD = Pattern.compile("\\p{L}{4,}");

    private static final List<String> ROWS = List.of("qwertyuiop", "asdfghjkl", "zxcvbnm");

    private Typos() {}

    static String in(String text, SplittableRandom random) {
        List<MatchResult> words = WORD.matcher(text).results().toList();
        if (words.isEmpty()) {
            return text;
        }
        int wanted = Math.max(1, Math.round(words.size() / (float) ONE_IN));
        Set<Integer> chosen = new HashSet<>();
        while (chosen.size() < wanted) {
            chosen.add(random.nextInt(words.size()));
        }
        var out = new StringBuilder();
        int end = 0;
        for (int i = 0; i < words.size(); i++) {
            MatchResult word = words.get(i);
            out.append(text, end, word.start());
            out.append(chosen.contains(i) ? mistyped(word.group(), random) : word.group());
            end = word.end();
        }
        return out.append(text, end, text.length()).toString();
    }

    private static String mistyped(String word, SplittableRandom random) {
        var letters = new StringBuilder(word);
        int at = 1 + random.nextInt(word.length() - 2);
        switch (random.nextInt(4)) {
            case 0 -> {
                if (letters.charAt(at) != letters.charAt(at + 1)) {
                    char first = letters.charAt(at);
                    letters.setCharAt(at, letters.charAt(at + 1));
                    letters.setCharAt(at + 1, first);
                } else {
                    letters.deleteCharAt(at);
                }
            }
            case 1 -> letters.deleteCharAt(at);
            case 2 -> letters.insert(at, letters.charAt(at));
            default -> letters.setCharAt(at, neighbour(letters.charAt(at), random));
        }
        return letters.toString();
    }

    /** A key beside it; of a letter that is on no such keyboard the letter doubled would do, and it becomes an x. */
    private static char neighbour(char letter, SplittableRandom random) {
        char small = Character.toLowerCase(letter);
        for (String row : ROWS) {
            int at = row.indexOf(small);
            if (at >= 0) {
                var beside = new ArrayList<Character>();
                if (at > 0) {
                    beside.add(row.charAt(at - 1));
                }
                if (at + 1 < row.length()) {
                    beside.add(row.charAt(at + 1));
                }
                char typed = beside.get(random.nextInt(beside.size()));
                return Character.isUpperCase(letter)
                        ? String.valueOf(typed).toUpperCase(Locale.ROOT).charAt(0)
                        : typed;
            }
        }
        return 'x';
    }
}
