package dev.tandem.measure;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * Exact match and token F1 of an answer's text as SQuAD defines them (Rajpurkar et al. 2016 and 2018, the official
 * {@code evaluate-v2.0.py}): both texts are lower-cased, stripped of ASCII punctuation and of the words a, an and the,
 * and split at white space; of several right answers the best counts. The empty text stands for "no answer" and matches
 * only the empty text.
 */
public final class AnswerText {

    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private AnswerText() {}

    /** 1 where the prediction equals one of the right answers, else 0; no right answer at all stands for "no answer". */
    public static double exactMatch(String prediction, Collection<String> right) {
        return best(right, gold -> tokens(prediction).equals(tokens(gold)) ? 1 : 0);
    }

    /** Harmonic mean of token precision and recall against the nearest right answer, in [0, 1]. */
    public static double f1(String prediction, Collection<String> right) {
        return best(right, gold -> f1(tokens(prediction), tokens(gold)));
    }

    /** The words that count, in order: {@code "The 3rd U.S. fleet!"} gives 3rd, us, fleet. */
    public static List<String> tokens(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return Arrays.stream(SPACE.split(ARTICLES.matcher(bare).replaceAll(" ")))
                .filter(token -> !token.isEmpty())
                .toList();
    }

    private static double best(Collection<String> right, ToDoubleFunction<String> score) {
        // The official program drops right answers of which nothing is left after normalisation.
        var usable = right.stream().filter(gold -> !tokens(gold).isEmpty()).toList();
        return usable.isEmpty()
                ? score.applyAsDouble("")
                : usable.stream().mapToDouble(score).max().orElse(0);
    }

    private static double f1(List<String> prediction, List<String> gold) {
        if (prediction.isEmpty() || gold.isEmpty()) {
            return prediction.equals(gold) ? 1 : 0;
        }
        var left = new HashMap<String, Integer>();
        gold.forEach(token -> left.merge(token, 1, Integer::sum));
        int common = 0;
        for (String token : prediction) {
            int count = left.getOrDefault(token, 0);
            if (count > 0) {
                left.put(token, count - 1);
                common++;
            }
        }
        if (common == 0) {
            return 0;
        }
        double precision = (double) common / prediction.size();
        double recall = (double) common / gold.size();
        return 2 * precision * recall / (precision + recall);
    }
}
