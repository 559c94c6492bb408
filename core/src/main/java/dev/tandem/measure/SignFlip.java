package dev.tandem.measure;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Fisher's randomisation test of paired cases: were the two arms alike, each case's difference could as well have come
 * out with the other sign. Two-sided p: how often signs drawn at random give a sum at least as far from zero as the one
 * that was seen. Its promise holds for any number of cases, however rare or lumpy the differences are.
 *
 * <p>Where all differences other than zero are of one size, as right-or-wrong scores give, p is computed exactly and is that
 * of McNemar's exact test; else {@value #FLIPS} draws estimate it, with one added to both counts.
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

    /** Twice the binomial tail, at most 1. */
    private static double exact(double[] moved) {
        int cases = moved.length;
        int up = (int) Arrays.stream(moved).filter(each -> each > 0).count();
        double logChoose = 0;
        double tail = 0;
        for (int k = 0; k <= Math.min(up, cases - up); k++) {
            tail += Math.exp(logChoose - cases * Math.log(2));
            logChoose += Math.log(cases - k) - Math.log(k + 1);
        }
        return Math.min(1, 2 * tail);
    }

    private static double drawn(double[] moved, RandomGenerator random) {
        double scale = Arrays.stream(moved).map(Math::abs).sum();
        // Sums that are equal on paper may differ in their last digits.
        double seen = Math.abs(Arrays.stream(moved).sum()) - 1e-12 * scale;
        int asFar = 0;
        for (int flip = 0; flip < FLIPS; flip++) {
            double sum = 0;
            long signs = 0;
            for (int i = 0; i < moved.length; i++) {
                signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
                sum += (signs & 1) == 0 ? moved[i] : -moved[i];
            }
            asFar += Math.abs(sum) >= seen ? 1 : 0;
        }
        return (asFar + 1.0) / (FLIPS + 1);
    }
}
