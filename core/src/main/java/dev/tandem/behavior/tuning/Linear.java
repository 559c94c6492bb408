package dev.tandem.behavior.tuning;

/**
 * A linear layer on top of an encoder that reads question and passage together. Never changes.
 *
 * <p>Source: Devlin et al. 2019, section 4.
 */
public final class Linear {

    private final int outputs;
    private final int inputs;
    private final float[] weights;
    private final float[] biases;

    /**
     * @param weights [outputs, inputs], row after row; not copied
     * @param biases [outputs]; not copied
     */
    public Linear(int outputs, int inputs, float[] weights, float[] biases) {
        if (weights.length != outputs * inputs || biases.length != outputs) {
            throw new IllegalArgumentException("a layer of " + outputs + " outputs and " + inputs + " inputs has not "
                    + weights.length + " weights and " + biases.length + " biases");
        }
        this.outputs = outputs;
        this.inputs = inputs;
        this.weights = weights;
        this.biases = biases;
    }

    public int outputs() {
        return outputs;
    }

    public int inputs() {
        return inputs;
    }

    /** [outputs, inputs], row after row. */
    public float[] weights() {
        return weights.clone();
    }

    /** [outputs]. */
    public float[] biases() {
        return biases.clone();
    }

    /**
     * One output for one row of states.
     *
     * @param states [rows · inputs]
     */
    public double at(int output, float[] states, int row) {
        double sum = biases[output];
        for (int i = 0; i < inputs; i++) {
            sum += (double) weights[output * inputs + i] * states[row * inputs + i];
        }
        return sum;
    }
}
