package dev.tandem.behavior.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Low-rank weights beside the linear layers of one base model.
 *
 * @param factors by name of the layer
 */
public record Lora(LoraSettings settings, SortedMap<String, Factors> factors) {

    /**
     * What runs beside a layer.
     *
     * @param a [rank, inputs]
     * @param b [outputs, rank]
     */
    public record Factors(FloatTensor a, FloatTensor b) {}

    public Lora {
        factors = Collections.unmodifiableSortedMap(new TreeMap<>(factors));
    }

    /** The weights of the tuned layers with what was learned added to them, by name: W + scale · B · A, summed in double. */
    public SortedMap<String, FloatTensor> merged(BaseModel base) {
        var merged = new TreeMap<String, FloatTensor>();
        factors.forEach((layer, factor) -> {
            String weight = layer + ".weight";
            merged.put(weight, merged(base.tensor(weight), factor));
        });
        return merged;
    }

    private FloatTensor merged(FloatTensor weight, Factors factor) {
        int outputs = weight.shape().get(0);
        int inputs = weight.shape().get(1);
        int rank = settings.rank();
        float[] a = factor.a().values();
        float[] b = factor.b().values();
        var sum = new float[weight.values().length];
        var row = new double[inputs];
        for (int output = 0; output < outputs; output++) {
            Arrays.fill(row, 0);
            for (int r = 0; r < rank; r++) {
                double share = settings.scale() * b[output * rank + r];
                for (int input = 0; input < inputs; input++) {
                    row[input] += share * a[r * inputs + input];
                }
            }
            for (int input = 0; input < inputs; input++) {
                int at = output * inputs + input;
                sum[at] = (float) (weight.values()[at] + row[input]);
            }
        }
        return FloatTensor.matrix(outputs, inputs, sum);
    }
}
