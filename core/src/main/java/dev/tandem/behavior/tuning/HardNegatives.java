package dev.tandem.behavior.tuning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Passages that look as if they answered a question, and do not: the nearest ones that are not known to answer it. One that
 * lies nearly as near as a passage that does answer, or nearer, probably answers as well, and is left out.
 *
 * <p>Source: Moreira et al. 2024 (NV-Retriever), TopK-PercPos.
 */
public final class HardNegatives {

    /** Of the similarity of the answering passage: what lies nearer is left out. */
    private static final double SHARE = .95;

    private HardNegatives() {}

    /**
     * Numbers of passages, nearest first.
     *
     * @param query a unit vector
     * @param passages unit vectors
     * @param answers numbers of those that answer; at least one
     * @param most at most so many
     */
    public static List<Integer> of(float[] query, List<float[]> passages, Set<Integer> answers, int most) {
        var cosines = new double[passages.size()];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = cosine(query, passages.get(i));
        }
        double positive = answers.stream()
                .mapToDouble(answer -> cosines[answer])
                .min()
                .orElseThrow(() -> new IllegalArgumentException("no passage answers"));
        var near = new ArrayList<Integer>(IntStream.range(0, cosines.length)
                .filter(i -> cosines[i] <= SHARE * positive && !answers.contains(i))
                .boxed()
                .toList());
        near.sort(Comparator.comparingDouble((Integer i) -> cosines[i]).reversed());
        return List.copyOf(near.subList(0, Math.min(most, near.size())));
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
