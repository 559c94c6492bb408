package dev.tandem.behavior.tuning;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Multinomial logistic regression with an L2 penalty on the weights and none on the biases: mean negative log-likelihood
 * plus {@code l2 / 2 · |W|²}. What comes out is the same to the last bit on every number of cores: examples are cut into a
 * fixed number of shares, and the shares are added in their order.
 *
 * <p>Examples stand in memory twice, [example, feature] and in blocks of [feature, example]: both products of a step are
 * then sums of whole rows, which the JVM turns into vector instructions (only where all arrays of a loop have the same
 * index, hence arrays of arrays).
 */
final class SoftmaxRegression {

    private static final int BLOCK = 256;
    private static final int SHARES = 8;

    private final float[][] rows;
    private final int[] classOf;
    private final int classes;
    private final int features;
    private final float[][][] blocks;

    /**
     * @param rows [examples, features]
     * @param classOf of each example, from 0
     */
    SoftmaxRegression(float[][] rows, int[] classOf, int classes) {
        this.rows = rows;
        this.classOf = classOf;
        this.classes = classes;
        this.features = rows[0].length;
        this.blocks = new float[(rows.length + BLOCK - 1) / BLOCK][][];
        IntStream.range(0, blocks.length).parallel().forEach(block -> {
            int from = block * BLOCK;
            int size = Math.min(BLOCK, rows.length - from);
            var columns = new float[features][size];
            for (int i = 0; i < size; i++) {
                for (int d = 0; d < features; d++) {
                    columns[d][i] = rows[from + i][d];
                }
            }
            blocks[block] = columns;
        });
    }

    /** Weights [classes, features] and then biases [classes], all zero. */
    double[] start() {
        return new double[classes * features + classes];
    }

    /** Fits from {@code parameters}, as {@link #start} lays them out, which it changes; returns the steps taken. */
    int fit(double[] parameters, double l2, int mostSteps, double tolerance) {
        return Lbfgs.minimise((x, gradient) -> loss(x, gradient, l2), parameters, mostSteps, tolerance);
    }

    private double loss(double[] x, double[] gradient, double l2) {
        float[] weights = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            weights[i] = (float) x[i];
        }
        var slopes = new float[SHARES][];
        var losses = new double[SHARES];
        IntStream.range(0, SHARES).parallel().forEach(share -> {
            slopes[share] = new float[x.length];
            for (int block = share; block < blocks.length; block += SHARES) {
                losses[share] += loss(block, weights, slopes[share]);
            }
        });
        double loss = Arrays.stream(losses).sum() / rows.length;
        Arrays.fill(gradient, 0);
        for (float[] slope : slopes) {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += slope[i];
            }
        }
        double penalty = 0;
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= rows.length;
            if (i < classes * features) {
                penalty += x[i] * x[i];
                gradient[i] += l2 * x[i];
            }
        }
        return loss + l2 / 2 * penalty;
    }

    /** The summed loss of a block; adds its slope. */
    private double loss(int block, float[] weights, float[] slope) {
        int from = block * BLOCK;
        int size = Math.min(BLOCK, rows.length - from);
        float[][] scores = new float[classes][];
        for (int c = 0; c < classes; c++) {
            scores[c] = scores(blocks[block], size, weights, c);
        }
        double loss = toErrors(scores, from, size);
        for (int c = 0; c < classes; c++) {
            addSlope(scores[c], from, size, slope, c * features);
            double bias = 0;
            for (int i = 0; i < size; i++) {
                bias += scores[c][i];
            }
            slope[classes * features + c] += (float) bias;
        }
        return loss;
    }

    private float[] scores(float[][] columns, int size, float[] weights, int c) {
        var z = new float[size];
        Arrays.fill(z, weights[classes * features + c]);
        int d = 0;
        for (; d + 4 <= features; d += 4) {
            float w0 = weights[c * features + d];
            float w1 = weights[c * features + d + 1];
            float w2 = weights[c * features + d + 2];
            float w3 = weights[c * features + d + 3];
            float[] a = columns[d];
            float[] b = columns[d + 1];
            float[] e = columns[d + 2];
            float[] f = columns[d + 3];
            for (int i = 0; i < size; i++) {
                z[i] += w0 * a[i] + w1 * b[i] + w2 * e[i] + w3 * f[i];
            }
        }
        for (; d < features; d++) {
            float w = weights[c * features + d];
            float[] a = columns[d];
            for (int i = 0; i < size; i++) {
                z[i] += w * a[i];
            }
        }
        return z;
    }

    /** Turns scores into probabilities less one for the right class; returns the loss. */
    private double toErrors(float[][] scores, int from, int size) {
        var most = scores[0].clone();
        for (int c = 1; c < classes; c++) {
            for (int i = 0; i < size; i++) {
                most[i] = Math.max(most[i], scores[c][i]);
            }
        }
        double loss = 0;
        var all = new float[size];
        for (int i = 0; i < size; i++) {
            loss += most[i] - scores[classOf[from + i]][i];
        }
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < size; i++) {
                float e = (float) Math.exp(scores[c][i] - most[i]);
                scores[c][i] = e;
                all[i] += e;
            }
        }
        for (int i = 0; i < size; i++) {
            loss += Math.log(all[i]);
        }
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < size; i++) {
                scores[c][i] /= all[i];
            }
        }
        for (int i = 0; i < size; i++) {
            scores[classOf[from + i]][i] -= 1;
        }
        return loss;
    }

    private void addSlope(float[] errors, int from, int size, float[] slope, int at) {
        var sum = new float[features];
        int i = 0;
        for (; i + 4 <= size; i += 4) {
            float e0 = errors[i];
            float e1 = errors[i + 1];
            float e2 = errors[i + 2];
            float e3 = errors[i + 3];
            float[] a = rows[from + i];
            float[] b = rows[from + i + 1];
            float[] c = rows[from + i + 2];
            float[] d = rows[from + i + 3];
            for (int f = 0; f < features; f++) {
                sum[f] += e0 * a[f] + e1 * b[f] + e2 * c[f] + e3 * d[f];
            }
        }
        for (; i < size; i++) {
            float e = errors[i];
            float[] a = rows[from + i];
            for (int f = 0; f < features; f++) {
                sum[f] += e * a[f];
            }
        }
        for (int f = 0; f < features; f++) {
            slope[at + f] += sum[f];
        }
    }
}
