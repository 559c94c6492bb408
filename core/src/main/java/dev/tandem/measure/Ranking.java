package dev.tandem.measure;

import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What a ranking of documents is worth, given graded judgements, with the definitions of trec_eval: a document without a
 * judgement or with a grade of zero or below is not relevant; gain is the grade itself (not 2^grade − 1) and the discount
 * of rank r is log2(r + 1); the cut k is the divisor of precision even where fewer documents came back.
 *
 * <p>Rankings hold each document once, best first. Every figure is in [0, 1], and 0 where nothing is relevant.
 */
public final class Ranking {

    private Ranking() {}

    /** Discounted gain of the first k over that of the best possible ranking of all judged documents, cut at k. */
    public static double ndcg(List<String> ranked, Map<String, Integer> grades, int k) {
        requireSound(ranked, k);
        double gain = 0;
        for (int i = 0; i < Math.min(k, ranked.size()); i++) {
            gain += Math.max(0, grades.getOrDefault(ranked.get(i), 0)) / discount(i + 1);
        }
        int[] best = grades.values().stream()
                .mapToInt(grade -> Math.max(0, grade))
                .sorted()
                .toArray();
        double ideal = 0;
        for (int i = 0; i < Math.min(k, best.length); i++) {
            ideal += best[best.length - 1 - i] / discount(i + 1);
        }
        return ideal == 0 ? 0 : gain / ideal;
    }

    /** Relevant ones among the first k, over k. */
    public static double precision(List<String> ranked, Map<String, Integer> grades, int k) {
        return (double) found(ranked, grades, k) / k;
    }

    /** Relevant ones among the first k, over all that are relevant. */
    public static double recall(List<String> ranked, Map<String, Integer> grades, int k) {
        int found = found(ranked, grades, k);
        long relevant = grades.values().stream().filter(grade -> grade > 0).count();
        return relevant == 0 ? 0 : (double) found / relevant;
    }

    /** One over the rank of the first relevant one; 0 where none stands among the first k. Its mean is MRR@k. */
    public static double reciprocalRank(List<String> ranked, Map<String, Integer> grades, int k) {
        requireSound(ranked, k);
        for (int i = 0; i < Math.min(k, ranked.size()); i++) {
            if (grades.getOrDefault(ranked.get(i), 0) > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    private static int found(List<String> ranked, Map<String, Integer> grades, int k) {
        requireSound(ranked, k);
        return (int) ranked.stream()
                .limit(k)
                .filter(id -> grades.getOrDefault(id, 0) > 0)
                .count();
    }

    private static double discount(int rank) {
        return Math.log(rank + 1.0) / Math.log(2);
    }

    /** A document that stands twice in a ranking would be paid twice. */
    private static void requireSound(List<String> ranked, int k) {
        if (k < 1) {
            throw new IllegalArgumentException("the cut must be at least 1, not " + k);
        }
        if (new HashSet<>(ranked).size() != ranked.size()) {
            throw new IllegalArgumentException("a document stands twice in the ranking");
        }
    }
}
