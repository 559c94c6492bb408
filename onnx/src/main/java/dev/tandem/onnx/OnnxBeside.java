package dev.tandem.onnx;

import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Lora;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A linear layer's low-rank product as fields of an ONNX graph, to stand in the place of the node that adds its bias: what that
 * gives gets another name, and its old name is the sum of both. So the runtime may still join product and bias into one
 * operation.
 */
final class OnnxBeside {

    private static final String PREFIX = "tandem_beside_";

    /** A number of a field, shifted, with its kind: 2, which has a length. */
    private static final int OUTPUT = (2 << 3) | 2;

    private OnnxBeside() {}

    /**
     * The fields.
     *
     * @param sum the node that adds the bias, as it stands in the file
     * @param output of that node
     * @param given what the layer is given, [batch, tokens, inputs]
     */
    static byte[] of(String layer, Lora.Factors factors, double scale, byte[] sum, String output, String given) {
        FloatTensor first = factors.a().transposed();
        FloatTensor second = factors.b().transposed();
        var scaled = new float[second.values().length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (scale * second.values()[i]);
        }
        String name = PREFIX + layer;
        var graph = new ByteArrayOutputStream();
        OnnxFields.bytes(graph, 1, renamed(sum, output, name + ".plain"));
        OnnxFields.bytes(
                graph,
                5,
                OnnxFields.tensor(name + ".a", OnnxFields.FLOAT, first.shape(), OnnxFields.floats(first.values())));
        OnnxFields.bytes(
                graph, 5, OnnxFields.tensor(name + ".b", OnnxFields.FLOAT, second.shape(), OnnxFields.floats(scaled)));
        OnnxFields.bytes(
                graph,
                1,
                OnnxFields.node(name + ".down", "MatMul", List.of(given, name + ".a"), name + ".low", new byte[0]));
        OnnxFields.bytes(
                graph,
                1,
                OnnxFields.node(
                        name + ".up", "MatMul", List.of(name + ".low", name + ".b"), name + ".product", new byte[0]));
        OnnxFields.bytes(
                graph,
                1,
                OnnxFields.node(
                        name + ".sum", "Add", List.of(name + ".plain", name + ".product"), output, new byte[0]));
        return graph.toByteArray();
    }

    /** The node with another name for its output. */
    private static byte[] renamed(byte[] node, String output, String name) {
        byte[] old = output.getBytes(StandardCharsets.UTF_8);
        var field = new ByteArrayOutputStream();
        field.write(OUTPUT);
        OnnxFields.varint(field, old.length);
        field.write(old, 0, old.length);
        byte[] wanted = field.toByteArray();
        for (int from = 0; from + wanted.length <= node.length; from++) {
            if (Arrays.equals(node, from, from + wanted.length, wanted, 0, wanted.length)) {
                var renamed = new ByteArrayOutputStream();
                renamed.write(node, 0, from);
                OnnxFields.text(renamed, 2, name);
                renamed.write(node, from + wanted.length, node.length - from - wanted.length);
                return renamed.toByteArray();
            }
        }
        throw new IllegalArgumentException("the node has no output " + output);
    }
}
