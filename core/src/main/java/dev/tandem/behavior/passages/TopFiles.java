package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.model.Safetensors;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.domain.Failure;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The linear layer on top as a file: {@code head.safetensors} with {@code weight} [outputs, inputs] and {@code bias}. */
public final class TopFiles {

    public static final String NAME = "head.safetensors";

    private TopFiles() {}

    public static byte[] write(Linear top) {
        var tensors = new TreeMap<String, FloatTensor>();
        tensors.put("weight", new FloatTensor(List.of(top.outputs(), top.inputs()), top.weights()));
        tensors.put("bias", new FloatTensor(List.of(top.outputs()), top.biases()));
        return Safetensors.write(tensors);
    }

    /** Of an adapter's files, low-rank weights and layer on top: another layer makes another model. */
    public static String hash(SortedMap<String, byte[]> files) {
        return LoraFiles.hash(files, NAME);
    }

    /**
     * Reads it back.
     *
     * @throws Failure BROKEN where there is no such layer
     */
    public static Linear read(SortedMap<String, byte[]> files, int outputs, int inputs) {
        byte[] bytes = files.get(NAME);
        if (bytes == null) {
            throw broken("there is no " + NAME);
        }
        SortedMap<String, FloatTensor> tensors = Safetensors.read(bytes, NAME);
        FloatTensor weight = tensors.get("weight");
        FloatTensor bias = tensors.get("bias");
        if (weight == null
                || bias == null
                || !weight.shape().equals(List.of(outputs, inputs))
                || !bias.shape().equals(List.of(outputs))) {
            throw broken(NAME + " does not hold " + outputs + " outputs of " + inputs + " inputs");
        }
        for (FloatTensor each : List.of(weight, bias)) {
            for (float value : each.values()) {
                if (!Float.isFinite(value)) {
                    throw broken(NAME + " holds " + value);
                }
            }
        }
        return new Linear(outputs, inputs, weight.values(), bias.values());
    }

    private static Failure broken(String why) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The adapter's files are no encoder with a layer on top: " + why + ".",
                "Train it again.");
    }
}
