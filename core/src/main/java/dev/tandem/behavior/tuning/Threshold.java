package dev.tandem.behavior.tuning;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Below which probability to abstain. */
final class Threshold {

    private Threshold() {}

    /**
     * The lowest probability from which on the likeliest labels are right at least {@code precision} of the time; 0 where
     * they all are, taken together. It keeps half of the examples at least, as one that is hardly ever reached helps nobody:
     * where none of those reaches the precision, the one that comes nearest.
     */
    static double of(List<float[]> probabilities, int[] classOf, double precision) {
        int[] best = new int[classOf.length];
        for (int i = 0; i < best.length; i++) {
            best[i] = HeadTraining.argmax(probabilities.get(i));
        }
        int[] surestFirst = IntStream.range(0, best.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -probabilities.get(i)[best[i]]))
                .mapToInt(i -> i)
                .toArray();
        double threshold = -1;
        double nearest = 0;
        double nearestThreshold = 0;
        int right = 0;
        for (int kept = 1; kept <= surestFirst.length; kept++) {
            int i = surestFirst[kept - 1];
            right += best[i] == classOf[i] ? 1 : 0;
            double share = (double) right / kept;
            double at = kept == surestFirst.length ? 0 : probabilities.get(i)[best[i]];
            if (kept * 2 < surestFirst.length) {
                continue;
            }
            if (share >= precision) {
                threshold = at;
            }
            if (share > nearest) {
                nearest = share;
                nearestThreshold = at;
            }
        }
        return threshold >= 0 ? threshold : nearestThreshold;
    }
}
