package dev.tandem.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Area under the receiver operating characteristic: how often a case of one kind scores higher than one of the other, equal
 * scores counted as half. 1 where a threshold tells them apart, .5 where the score knows nothing.
 */
public final class Separation {

    private Separation() {}

    /** In [0, 1], with the percentile bootstrap's interval, each kind drawn anew; at least one case of each is needed. */
    public static Interval auroc(double[] high, double[] low) {
        if (high.length == 0 || low.length == 0) {
            throw new IllegalArgumentException(high.length + " cases of one kind, " + low.length + " of the other");
        }
        double[] all = new double[high.length + low.length];
        System.arraycopy(high, 0, all, 0, high.length);
        System.arraycopy(low, 0, all, high.length, low.length);
        int[] order = IntStream.range(0, all.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> all[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        var counts = new int[all.length];
        Arrays.fill(counts, 1);
        double figure = area(all, order, counts, high.length);
        var random = new SplittableRandom(Bootstrap.SEED);
        var drawn = new double[Bootstrap.RESAMPLES];
        for (int r = 0; r < drawn.length; r++) {
            Arrays.fill(counts, 0);
            for (int i = 0; i < high.length; i++) {
                counts[random.nextInt(high.length)]++;
            }
            for (int i = 0; i < low.length; i++) {
                counts[high.length + random.nextInt(low.length)]++;
            }
            drawn[r] = area(all, order, counts, high.length);
        }
        Arrays.sort(drawn);
        return new Interval(figure, Percentiles.nearestRank(drawn, 2.5), Percentiles.nearestRank(drawn, 97.5));
    }

    /** @param of so many of the first are of the kind that should score high */
    private static double area(double[] scores, int[] order, int[] counts, int of) {
        double won = 0;
        long below = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            long highHere = 0;
            long lowHere = 0;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                if (order[to] < of) {
                    highHere += counts[order[to]];
                } else {
                    lowHere += counts[order[to]];
                }
                to++;
            }
            won += highHere * (below + lowHere / 2.0);
            below += lowHere;
            from = to;
        }
        return won / ((double) of * (scores.length - of));
    }
}
