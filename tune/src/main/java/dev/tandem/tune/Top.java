package dev.tandem.tune;

import dev.tandem.behavior.tuning.Linear;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A linear layer on top of an encoder that begins as chance has it: normal, standard deviation .02, as BERT's own. */
final class Top {

    private static final double SPREAD = .02;

    private final Tensor weight;
    private final Tensor bias;

    Top(int outputs, int inputs, long seed) {
        var random = new SplittableRandom(seed);
        var values = new float[outputs * inputs];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0, SPREAD);
        }
        this.weight = Numbers.FLOAT32.of(values, List.of(outputs, inputs)).set_requires_grad(true);
        this.bias = Numbers.FLOAT32.of(new float[outputs], List.of(outputs)).set_requires_grad(true);
    }

    SortedMap<String, Tensor> tensors() {
        var tensors = new TreeMap<String, Tensor>();
        tensors.put("weight", weight);
        tensors.put("bias", bias);
        return tensors;
    }

    /** [..., inputs] to [..., outputs]. */
    Tensor of(Tensor states) {
        return torch.linear(states, weight, new TensorOptional(bias));
    }

    Linear linear() {
        return new Linear((int) weight.size(0), (int) weight.size(1), Numbers.floats(weight), Numbers.floats(bias));
    }
}
