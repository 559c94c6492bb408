package dev.tandem.measure;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Fisher's randomisation test of paired cases: were the two arms alike, each case's difference could as well have come
 * out with the other sign. Two-sided mid-p (Lancaster 1961): how often signs drawn at random give a sum farther from zero
 * than the one that was seen, and half of how often they give one as far.
 *
 * <p>Where all differences other than zero are of one size, as right-or-wrong scores give, p is computed exactly and is
 * McNemar's mid-p (Fagerland, Lydersen and Laake 2013, who found that it keeps its level where the exact test wastes most
 * of it); else {@value #FLIPS} draws estimate it, with one added to both counts.
 */
final class SignFlip {

    static final int FLIPS = 9_999;

    private SignFlip() {}

    static double pValue(double[] differences, RandomGenerator random) {
        double[] moved = Arrays.stream(differences).filter(each -> each != 0).toArray();
        if (moved.length == 0) {
            return 1;
        }
        double size = Math.abs(moved[0]);
        return Arrays.stream(moved).allMatch(each -> Math.abs(each) == size) ? exact(moved) : drawn(moved, random);
    }

    /** Twice the binomial tail less the point that was seen. */
    private static double exact(double[] moved) {
        int cases = moved.length;
        int up = (int) Arrays.stream(moved).filter(each -> each > 0).count();
        double logChoose = 0;
        double tail = 0;
        double seen = 0;
        for (int k = 0; k <= Math.min(up, cases - up); k++) {
            seen = Math.exp(logChoose - cases * Math.log(2));
            tail += seen;
            logChoose += Math.log(cases - k) - Math.log(k + 1);
        }
        return Math.min(1, 2 * tail - seen);
    }

    private static double drawn(double[] moved, RandomGenerator random) {
        double seen = Math.abs(Arrays.stream(moved).sum());
        // Sums that are equal on paper may differ in their last digits.
        double nothing = 1e-12 * Arrays.stream(moved).map(Math::abs).sum();
        double farther = 0;
        for (int flip = 0; flip < FLIPS; flip++) {
            double sum = 0;
            long signs = 0;
            for (int i = 0; i < moved.length; i++) {
                signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
                sum += (signs & 1) == 0 ? moved[i] : -moved[i];
            }
            double beyond = Math.abs(sum) - seen;
            farther += beyond > nothing ? 1 : beyond >= -nothing ? 0.5 : 0;
        }
        return Math.min(1, (farther + 1) / (FLIPS + 1));
    }
}
