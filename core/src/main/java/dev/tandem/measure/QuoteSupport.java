package dev.tandem.measure;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How much of a statement stands in what it quotes, by words alone. It is no entailment: a quote that has all the words of a
 * statement may still say something else, and one that says the same in other words has few of them.
 *
 * @param aligned share of the words that carry meaning (four letters and more, or with a digit) which the quote has as well,
 *     in whatever ending; 1 where there are none
 * @param numbers whether every number of the statement stands in the quote
 * @param negation whether the statement denies where that sentence of the quote denies that has most of its words, and only
 *     there; known are English and German words
 */
public record QuoteSupport(double aligned, boolean numbers, boolean negation) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}]+(?:['’][\\p{L}]+)?");
    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+(?:[.,:]\\p{Nd}+)*");
    private static final Pattern THOUSANDS = Pattern.compile("(?<=\\p{Nd}),(?=\\p{Nd}{3}(?!\\p{Nd}))");
    private static final Set<String> DENIALS = Set.of(
            "no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without", "nicht", "kein",
            "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "niemand", "nichts", "ohne", "weder");
    private static final int MEANING = 4;

    /** Compares a statement with all that it quotes. */
    public static QuoteSupport of(String statement, Collection<String> quotes) {
        List<String> words = meaning(statement);
        Set<String> there = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        double most = -1;
        boolean denied = false;
        for (String quote : quotes) {
            there.addAll(words(quote));
            numbers.addAll(numbers(quote));
            for (String sentence : sentences(quote)) {
                double aligned = aligned(words, new HashSet<>(words(sentence)));
                if (aligned > most) {
                    most = aligned;
                    denied = denies(sentence);
                }
            }
        }
        return new QuoteSupport(
                aligned(words, there), numbers.containsAll(numbers(statement)), denies(statement) == denied);
    }

    private static double aligned(List<String> words, Set<String> there) {
        long found = words.stream()
                .filter(word -> there.contains(word) || there.stream().anyMatch(other -> isTheSame(word, other)))
                .count();
        return words.isEmpty() ? 1 : (double) found / words.size();
    }

    /** But for its ending: they begin with the same letters, four at least, three of four of the longer one. */
    private static boolean isTheSame(String one, String other) {
        int same = 0;
        int shorter = Math.min(one.length(), other.length());
        while (same < shorter && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same >= MEANING
                && 4 * same >= 3 * Math.max(one.length(), other.length())
                && one.chars().noneMatch(Character::isDigit);
    }

    private static List<String> meaning(String text) {
        return words(text).stream()
                .filter(word -> word.length() >= MEANING || word.chars().anyMatch(Character::isDigit))
                .filter(word -> !isDenial(word))
                .toList();
    }

    private static List<String> words(String text) {
        return WORD.matcher(THOUSANDS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(""))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static Set<String> numbers(String text) {
        Set<String> numbers = new HashSet<>();
        NUMBER.matcher(THOUSANDS.matcher(text).replaceAll("")).results().forEach(found -> numbers.add(found.group()));
        return numbers;
    }

    private static boolean denies(String text) {
        return words(text).stream().anyMatch(QuoteSupport::isDenial);
    }

    private static boolean isDenial(String word) {
        return DENIALS.contains(word) || word.endsWith("n't") || word.endsWith("n’t");
    }

    private static List<String> sentences(String text) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        var sentences = new ArrayList<String>();
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
            sentences.add(text.substring(from, to));
            from = to;
        }
        return sentences;
    }
}
