package dev.tandem.behavior.tuning;

import java.util.List;

/**
 * A linear layer over an encoder's vectors, with its calibration inside the weights: softmax of {@code W·v + b} is the
 * probability as it stands. Never changes.
 */
public final class Head implements Labelling {

    private final List<String> labels;
    private final int dimensions;
    private final float[] weights;
    private final float[] biases;
    private final double threshold;

    /**
     * @param labels sorted
     * @param weights [labels, dimensions], row after row; not copied
     * @param biases [labels]; not copied
     * @param threshold see {@link #threshold()}
     */
    public Head(List<String> labels, int dimensions, float[] weights, float[] biases, double threshold) {
        this.labels = List.copyOf(labels);
        this.dimensions = dimensions;
        this.weights = weights;
        this.biases = biases;
        this.threshold = threshold;
        if (weights.length != labels.size() * dimensions || biases.length != labels.size()) {
            throw new IllegalArgumentException("a head of " + labels.size() + " labels and " + dimensions
                    + " dimensions has not " + weights.length + " weights and " + biases.length + " biases");
        }
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    public int dimensions() {
        return dimensions;
    }

    /** [labels, dimensions], row after row. */
    public float[] weights() {
        return weights.clone();
    }

    /** [labels]. */
    public float[] biases() {
        return biases.clone();
    }

    /** Below this probability of the likeliest label the honest answer is "not sure"; in [0, 1]. */
    public double threshold() {
        return threshold;
    }

    @Override
    public float[] probabilities(float[] vector) {
        return Softmax.of(scores(vector), 1);
    }

    /** {@code W·v + b}, [labels]. */
    double[] scores(float[] vector) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(vector.length + " dimensions, not " + dimensions);
        }
        var scores = new double[labels.size()];
        for (int c = 0; c < scores.length; c++) {
            double sum = biases[c];
            for (int d = 0; d < dimensions; d++) {
                sum += weights[c * dimensions + d] * vector[d];
            }
            scores[c] = sum;
        }
        return scores;
    }

    /** With all scores divided by a temperature. */
    Head dividedBy(double temperature) {
        float[] cooled = weights.clone();
        for (int i = 0; i < cooled.length; i++) {
            cooled[i] = (float) (cooled[i] / temperature);
        }
        float[] bias = biases.clone();
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (bias[i] / temperature);
        }
        return new Head(labels, dimensions, cooled, bias, threshold);
    }

    Head withThreshold(double other) {
        return new Head(labels, dimensions, weights, biases, other);
    }
}
