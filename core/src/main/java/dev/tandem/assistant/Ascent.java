package dev.tandem.assistant;

import java.util.List;

/** AdaGrad on the log-likelihood of choices: one of several candidates is made, and some of them are right. */
final class Ascent {

    static final double RATE = 0.1;

    private final double decay;
    private final float[] weights;
    private final float[] squares;
    private final float[] gradient;
    private final boolean[] touched;
    private final int[] touchedIds;

    Ascent(int features, double decay) {
        this.decay = decay;
        this.weights = new float[features];
        this.squares = new float[features];
        this.gradient = new float[features];
        this.touched = new boolean[features];
        this.touchedIds = new int[features];
    }

    /** As they are; every step changes them. */
    float[] weights() {
        return weights;
    }

    /** One step towards the right candidates, at least one; returns the loss before it. */
    double step(List<Features> candidates, List<Boolean> right) {
        double most = Double.NEGATIVE_INFINITY;
        double[] p = new double[candidates.size()];
        for (int i = 0; i < p.length; i++) {
            p[i] = candidates.get(i).dot(weights);
            most = Math.max(most, p[i]);
        }
        double all = 0;
        double good = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(p[i] - most);
            all += p[i];
            good += right.get(i) ? p[i] : 0;
        }
        int count = 0;
        for (int i = 0; i < p.length; i++) {
            float push = (float) ((right.get(i) ? p[i] / good : 0) - p[i] / all);
            if (Math.abs(push) >= 1e-5f) {
                count = add(candidates.get(i), push, count);
            }
        }
        for (int i = 0; i < count; i++) {
            int id = touchedIds[i];
            double g = gradient[id] - decay * weights[id];
            squares[id] += (float) (g * g);
            weights[id] += (float) (RATE * g / Math.sqrt(squares[id] + 1e-8));
            gradient[id] = 0;
            touched[id] = false;
        }
        return -Math.log(good / all);
    }

    private int add(Features candidate, float push, int count) {
        int ids = count;
        for (int i = 0; i < candidate.size(); i++) {
            int id = candidate.id(i);
            if (!touched[id]) {
                touched[id] = true;
                touchedIds[ids++] = id;
            }
            gradient[id] += push * candidate.value(i);
        }
        return ids;
    }
}
