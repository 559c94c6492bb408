package dev.tandem.measure;

import java.util.Arrays;

/**
 * Latencies as people plan with them, in the unit of the measurements; each was really observed (nearest rank, nothing
 * interpolated).
 */
public record Percentiles(double p50, double p95, double p99) {

    /** Of measurements in any order; at least one is needed. */
    public static Percentiles of(double[] measurements) {
        double[] sorted = measurements.clone();
        Arrays.sort(sorted);
        return new Percentiles(nearestRank(sorted, 50), nearestRank(sorted, 95), nearestRank(sorted, 99));
    }

    /** The smallest value that at least {@code percent} of the sorted values do not exceed. */
    static double nearestRank(double[] sorted, double percent) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no measurements");
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }
}
