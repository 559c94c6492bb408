package dev.tandem.measure;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How far a mean over cases could have come out otherwise, had other cases been drawn (Efron's percentile bootstrap):
 * cases are drawn with replacement {@value #RESAMPLES} times, and the 2.5th and 97.5th percentile of the means bound the
 * interval. The seed makes a figure reproducible to the last digit.
 */
public final class Bootstrap {

    public static final int RESAMPLES = 2_000;
    public static final long SEED = 20_261_121;

    private Bootstrap() {}

    /**
     * Mean of the cases with its interval; at least one case is needed. Where several cases all came out at 1, or all at 0,
     * drawing them again shows nothing: then the interval ends where so many successes in a row would have had a chance of
     * 2.5% (Clopper and Pearson 1934).
     */
    public static Interval mean(double[] cases, long seed) {
        boolean alike = cases.length > 1 && Arrays.stream(cases).allMatch(each -> each == cases[0]);
        if (!alike || (cases[0] != 0 && cases[0] != 1)) {
            return resampled(cases, seed);
        }
        double surely = Math.pow(.025, 1.0 / cases.length);
        return cases[0] == 1 ? new Interval(1, surely, 1) : new Interval(0, 0, 1 - surely);
    }

    private static Interval resampled(double[] cases, long seed) {
        double[] means = means(cases, seed);
        return new Interval(average(cases), Percentiles.nearestRank(means, 2.5), Percentiles.nearestRank(means, 97.5));
    }

    public static Interval mean(double[] cases) {
        return mean(cases, SEED);
    }

    /** Mean of {@code left[i] − right[i]} with its interval: the same cases answered in two ways. */
    public static Interval difference(double[] left, double[] right, long seed) {
        return resampled(differences(left, right), seed);
    }

    public static Interval difference(double[] left, double[] right) {
        return difference(left, right, SEED);
    }

    /**
     * Two-sided p of "there is no difference": twice the share of resampled mean differences on the far side of zero,
     * with one added to both counts so that no finite number of resamples claims certainty. Where few cases differ it
     * trusts them too much; {@link PairedComparison} says what to do about that.
     */
    public static double pValue(double[] left, double[] right, long seed) {
        double[] means = means(differences(left, right), seed);
        long atMost = Arrays.stream(means).filter(mean -> mean <= 0).count();
        long atLeast = Arrays.stream(means).filter(mean -> mean >= 0).count();
        return Math.min(1, 2.0 * (Math.min(atMost, atLeast) + 1) / (means.length + 1));
    }

    /** Sorted means of the resamples. */
    private static double[] means(double[] cases, long seed) {
        if (cases.length == 0) {
            throw new IllegalArgumentException("no cases to resample");
        }
        var random = new SplittableRandom(seed);
        var means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < cases.length; i++) {
                sum += cases[random.nextInt(cases.length)];
            }
            means[r] = sum / cases.length;
        }
        Arrays.sort(means);
        return means;
    }

    /** {@code left[i] − right[i]}. */
    static double[] differences(double[] left, double[] right) {
        if (left.length != right.length) {
            throw new IllegalArgumentException(
                    "paired cases differ in number: " + left.length + " and " + right.length);
        }
        var differences = new double[left.length];
        for (int i = 0; i < left.length; i++) {
            differences[i] = left[i] - right[i];
        }
        return differences;
    }

    private static double average(double[] cases) {
        return Arrays.stream(cases).sum() / cases.length;
    }
}
