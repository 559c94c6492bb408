package dev.tandem.behavior.tuning;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Limited-memory BFGS with a backtracking line search (Nocedal and Wright 2006, algorithms 7.4 and 7.5), for smooth
 * convex functions.
 */
final class Lbfgs {

    private static final int MEMORY = 10;
    private static final int STEPS_BACK = 20;
    private static final double SUFFICIENT = 1e-4;

    /** A function with its slope. */
    interface Objective {
        /** The value at {@code x}; writes the slope there into {@code gradient}. */
        double at(double[] x, double[] gradient);
    }

    /** A step and how the slope changed along it; {@code inverse} is one over their product. */
    private static final class Pair {
        final double[] step;
        final double[] change;
        final double inverse;

        Pair(double[] step, double[] change, double inverse) {
            this.step = step;
            this.change = change;
            this.inverse = inverse;
        }
    }

    private Lbfgs() {}

    /**
     * Goes downhill from {@code x}, which it changes.
     *
     * @param tolerance ends where a step lowers the value by less than this share of it
     * @return steps taken
     */
    static int minimise(Objective objective, double[] x, int mostSteps, double tolerance) {
        int n = x.length;
        var pairs = new ArrayDeque<Pair>();
        var gradient = new double[n];
        var next = new double[n];
        var nextGradient = new double[n];
        double value = objective.at(x, gradient);
        for (int step = 0; step < mostSteps; step++) {
            double[] direction = direction(gradient, pairs);
            double slope = dot(direction, gradient);
            if (slope > -1e-300) {
                return step;
            }
            double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
            double nextValue = Double.POSITIVE_INFINITY;
            for (int back = 0; back < STEPS_BACK; back++, length /= 2) {
                for (int i = 0; i < n; i++) {
                    next[i] = x[i] + length * direction[i];
                }
                nextValue = objective.at(next, nextGradient);
                if (nextValue <= value + SUFFICIENT * length * slope) {
                    break;
                }
            }
            if (!(nextValue < value)) {
                return step;
            }
            remember(pairs, x, next, gradient, nextGradient);
            System.arraycopy(next, 0, x, 0, n);
            System.arraycopy(nextGradient, 0, gradient, 0, n);
            double gained = value - nextValue;
            value = nextValue;
            if (gained <= tolerance * Math.max(1e-12, Math.abs(value))) {
                return step + 1;
            }
        }
        return mostSteps;
    }

    private static void remember(
            ArrayDeque<Pair> pairs, double[] x, double[] next, double[] gradient, double[] nextGradient) {
        var step = new double[x.length];
        var change = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            step[i] = next[i] - x[i];
            change[i] = nextGradient[i] - gradient[i];
        }
        double curvature = dot(step, change);
        if (curvature > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change))) {
            if (pairs.size() == MEMORY) {
                pairs.removeFirst();
            }
            pairs.addLast(new Pair(step, change, 1 / curvature));
        }
    }

    /** The gradient, turned by what earlier steps told of the curvature. */
    private static double[] direction(double[] gradient, ArrayDeque<Pair> pairs) {
        double[] q = gradient.clone();
        var alphas = new double[pairs.size()];
        int k = pairs.size();
        for (Iterator<Pair> newestFirst = pairs.descendingIterator(); newestFirst.hasNext(); ) {
            Pair pair = newestFirst.next();
            alphas[--k] = pair.inverse * dot(pair.step, q);
            add(q, -alphas[k], pair.change);
        }
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            scale(q, 1 / (last.inverse * dot(last.change, last.change)));
        }
        for (Pair pair : pairs) {
            double beta = pair.inverse * dot(pair.change, q);
            add(q, alphas[k++] - beta, pair.step);
        }
        scale(q, -1);
        return q;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    private static void scale(double[] x, double factor) {
        Arrays.setAll(x, i -> x[i] * factor);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
