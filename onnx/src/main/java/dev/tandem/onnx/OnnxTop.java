package dev.tandem.onnx;

import dev.tandem.behavior.tuning.Linear;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * A linear layer as fields of an ONNX graph, to be appended to one: nodes, weights and one more output. Fields of protocol
 * buffers that may come several times may come anywhere.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the messages and their field numbers</a>
 */
final class OnnxTop {

    static final String OUTPUT = "logits";

    private static final String PREFIX = "tandem_top_";

    private OnnxTop() {}

    /**
     * The fields.
     *
     * @param states output of the graph, [batch, tokens, inputs]
     */
    static byte[] of(String states, Linear top, boolean eachToken) {
        var graph = new ByteArrayOutputStream();
        String from = states;
        if (!eachToken) {
            from = PREFIX + "first";
            OnnxFields.bytes(
                    graph, 5, OnnxFields.tensor(PREFIX + "zero", OnnxFields.INT64, List.of(), new byte[Long.BYTES]));
            var axis = new ByteArrayOutputStream();
            OnnxFields.text(axis, 1, "axis");
            OnnxFields.number(axis, 3, 1);
            OnnxFields.number(axis, 20, 2);
            OnnxFields.bytes(
                    graph,
                    1,
                    OnnxFields.node(
                            PREFIX + "Gather", "Gather", List.of(states, PREFIX + "zero"), from, axis.toByteArray()));
        }
        OnnxFields.bytes(
                graph,
                5,
                OnnxFields.tensor(
                        PREFIX + "weight",
                        OnnxFields.FLOAT,
                        List.of(top.inputs(), top.outputs()),
                        OnnxFields.floats(turned(top))));
        OnnxFields.bytes(
                graph,
                5,
                OnnxFields.tensor(
                        PREFIX + "bias", OnnxFields.FLOAT, List.of(top.outputs()), OnnxFields.floats(top.biases())));
        OnnxFields.bytes(
                graph,
                1,
                OnnxFields.node(
                        PREFIX + "MatMul",
                        "MatMul",
                        List.of(from, PREFIX + "weight"),
                        PREFIX + "product",
                        new byte[0]));
        OnnxFields.bytes(
                graph,
                1,
                OnnxFields.node(
                        PREFIX + "Add", "Add", List.of(PREFIX + "product", PREFIX + "bias"), OUTPUT, new byte[0]));
        OnnxFields.bytes(graph, 12, output(top.outputs(), eachToken));
        return graph.toByteArray();
    }

    /** [inputs, outputs]. */
    private static float[] turned(Linear top) {
        float[] weights = top.weights();
        var turned = new float[weights.length];
        for (int output = 0; output < top.outputs(); output++) {
            for (int input = 0; input < top.inputs(); input++) {
                turned[input * top.outputs() + output] = weights[output * top.inputs() + input];
            }
        }
        return turned;
    }

    /** ValueInfoProto: name = 1, type = 2; of a tensor: elem_type = 1, shape = 2. */
    private static byte[] output(int outputs, boolean eachToken) {
        var shape = new ByteArrayOutputStream();
        OnnxFields.bytes(shape, 1, dimension("batch_size"));
        if (eachToken) {
            OnnxFields.bytes(shape, 1, dimension("sequence_length"));
        }
        var last = new ByteArrayOutputStream();
        OnnxFields.number(last, 1, outputs);
        OnnxFields.bytes(shape, 1, last.toByteArray());
        var tensor = new ByteArrayOutputStream();
        OnnxFields.number(tensor, 1, OnnxFields.FLOAT);
        OnnxFields.bytes(tensor, 2, shape.toByteArray());
        var type = new ByteArrayOutputStream();
        OnnxFields.bytes(type, 1, tensor.toByteArray());
        var output = new ByteArrayOutputStream();
        OnnxFields.text(output, 1, OUTPUT);
        OnnxFields.bytes(output, 2, type.toByteArray());
        return output.toByteArray();
    }

    private static byte[] dimension(String name) {
        var dimension = new ByteArrayOutputStream();
        OnnxFields.text(dimension, 2, name);
        return dimension.toByteArray();
    }
}
