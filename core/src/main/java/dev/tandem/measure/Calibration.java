package dev.tandem.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How far probabilities can be believed: expected calibration error over {@value #BINS} bins that hold equally many cases
 * each (Nguyen and O'Connor 2015; "adaptive" in Nixon et al. 2019), so that none is empty where all probabilities are high.
 */
public final class Calibration {

    private static final int BINS = 15;

    /** From the least likely on. */
    private final double[] probabilities;

    private final boolean[] right;
    /** Place in that order of each case. */
    private final int[] place;

    private Calibration(double[] probabilities, boolean[] right) {
        int n = probabilities.length;
        if (n == 0 || n != right.length) {
            throw new IllegalArgumentException(n + " probabilities, " + right.length + " cases");
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> probabilities[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.probabilities = new double[n];
        this.right = new boolean[n];
        this.place = new int[n];
        for (int i = 0; i < n; i++) {
            this.probabilities[i] = probabilities[order[i]];
            this.right[i] = right[order[i]];
            this.place[order[i]] = i;
        }
    }

    /**
     * The error, in [0, 1], with the basic bootstrap's interval: resamples hold cases twice, which makes their error larger
     * than that of the cases themselves, and the percentiles alone would lie too high.
     *
     * @param probabilities of the label that was given, in [0, 1]
     * @param right whether it was the right one
     */
    public static Interval error(double[] probabilities, boolean[] right) {
        var calibration = new Calibration(probabilities, right);
        var drawn = new double[Bootstrap.RESAMPLES];
        var random = new SplittableRandom(Bootstrap.SEED);
        var counts = new int[probabilities.length];
        for (int r = 0; r < drawn.length; r++) {
            draw(random, counts);
            drawn[r] = calibration.of(counts);
        }
        Arrays.sort(drawn);
        double figure = calibration.asItIs();
        double low = 2 * figure - Percentiles.nearestRank(drawn, 97.5);
        double high = 2 * figure - Percentiles.nearestRank(drawn, 2.5);
        return new Interval(figure, Math.clamp(low, 0, figure), Math.clamp(high, figure, 1));
    }

    /** The error on the left less that on the right, of the same cases, with the paired bootstrap's interval. */
    public static Interval difference(
            double[] leftProbabilities, boolean[] leftRight, double[] rightProbabilities, boolean[] rightRight) {
        var left = new Calibration(leftProbabilities, leftRight);
        var other = new Calibration(rightProbabilities, rightRight);
        if (leftRight.length != rightRight.length) {
            throw new IllegalArgumentException(
                    "paired cases differ in number: " + leftRight.length + " and " + rightRight.length);
        }
        var drawn = new double[Bootstrap.RESAMPLES];
        var random = new SplittableRandom(Bootstrap.SEED);
        var counts = new int[leftRight.length];
        for (int r = 0; r < drawn.length; r++) {
            draw(random, counts);
            drawn[r] = left.of(counts) - other.of(counts);
        }
        Arrays.sort(drawn);
        return new Interval(
                left.asItIs() - other.asItIs(),
                Percentiles.nearestRank(drawn, 2.5),
                Percentiles.nearestRank(drawn, 97.5));
    }

    /** How often each case was drawn. */
    private static void draw(SplittableRandom random, int[] counts) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < counts.length; i++) {
            counts[random.nextInt(counts.length)]++;
        }
    }

    private double asItIs() {
        var once = new int[place.length];
        Arrays.fill(once, 1);
        return of(once);
    }

    /** @param counts of each case, in their order, as many in all as there are cases */
    private double of(int[] counts) {
        var often = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            often[place[i]] = counts[i];
        }
        var gap = new double[BINS];
        long before = 0;
        for (int i = 0; i < often.length; i++) {
            for (int k = 0; k < often[i]; k++) {
                gap[(int) (before++ * BINS / counts.length)] += probabilities[i] - (right[i] ? 1 : 0);
            }
        }
        return Arrays.stream(gap).map(Math::abs).sum() / counts.length;
    }
}
