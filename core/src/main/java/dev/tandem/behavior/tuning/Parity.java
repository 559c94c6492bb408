package dev.tandem.behavior.tuning;

import java.util.List;

/** How far two ways to compute the same are apart. */
public final class Parity {

    private Parity() {}

    /** The largest difference of a component. */
    public static double furthest(List<float[]> vectors, List<float[]> others) {
        double furthest = 0;
        for (int i = 0; i < vectors.size(); i++) {
            for (int d = 0; d < vectors.get(i).length; d++) {
                furthest = Math.max(furthest, Math.abs(vectors.get(i)[d] - others.get(i)[d]));
            }
        }
        return furthest;
    }
}
