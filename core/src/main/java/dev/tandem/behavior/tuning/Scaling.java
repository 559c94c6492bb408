package dev.tandem.behavior.tuning;

import java.util.List;

/**
 * Moves vectors to their mean and stretches all dimensions alike, so that penalties mean the same for every encoder and
 * the search for weights has a short way. Folded into the head's weights afterwards: the head takes vectors as they are.
 */
final class Scaling {

    /** [dimensions]. */
    private final float[] mean;

    /** After which the mean squared deviation of a dimension is 1. */
    private final float factor;

    private Scaling(float[] mean, float factor) {
        this.mean = mean;
        this.factor = factor;
    }

    static Scaling of(List<float[]> vectors) {
        int dimensions = vectors.getFirst().length;
        var mean = new double[dimensions];
        for (float[] vector : vectors) {
            for (int d = 0; d < dimensions; d++) {
                mean[d] += vector[d];
            }
        }
        var rounded = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            rounded[d] = (float) (mean[d] / vectors.size());
        }
        double squares = 0;
        for (float[] vector : vectors) {
            for (int d = 0; d < dimensions; d++) {
                double deviation = vector[d] - rounded[d];
                squares += deviation * deviation;
            }
        }
        double variance = squares / vectors.size() / dimensions;
        return new Scaling(rounded, variance > 0 ? (float) (1 / Math.sqrt(variance)) : 1);
    }

    float[] apply(float[] vector) {
        var scaled = new float[vector.length];
        for (int d = 0; d < scaled.length; d++) {
            scaled[d] = (vector[d] - mean[d]) * factor;
        }
        return scaled;
    }

    /** The head that gives for vectors as they are what the parameters give for scaled ones, divided by the temperature. */
    Head head(double[] parameters, List<String> labels, double temperature) {
        int dimensions = mean.length;
        int classes = labels.size();
        var weights = new float[classes * dimensions];
        var biases = new float[classes];
        for (int c = 0; c < classes; c++) {
            double bias = parameters[classes * dimensions + c];
            for (int d = 0; d < dimensions; d++) {
                double weight = parameters[c * dimensions + d] * factor;
                bias -= weight * mean[d];
                weights[c * dimensions + d] = (float) (weight / temperature);
            }
            biases[c] = (float) (bias / temperature);
        }
        return new Head(labels, dimensions, weights, biases, 0);
    }
}
