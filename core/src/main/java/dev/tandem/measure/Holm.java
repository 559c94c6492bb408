package dev.tandem.measure;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Several comparisons at once: Holm's step-down adjustment (Holm 1979). Calling significant what stays below .05 here
 * makes even one false call among all of them happen at most one time in twenty.
 */
public final class Holm {

    private Holm() {}

    /** Adjusted p values in the order given, each at least its own and at most 1. */
    public static double[] adjust(double[] p) {
        int[] ascending = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(i -> i)
                .toArray();
        var adjusted = new double[p.length];
        double floor = 0;
        for (int k = 0; k < ascending.length; k++) {
            floor = Math.max(floor, Math.min(1, (p.length - k) * p[ascending[k]]));
            adjusted[ascending[k]] = floor;
        }
        return adjusted;
    }
}
