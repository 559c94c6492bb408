package dev.tandem.onnx;

import dev.tandem.behavior.tuning.Linear;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

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
            bytes(graph, 5, tensor(PREFIX + "zero", INT64, List.of(), new byte[Long.BYTES]));
            var axis = new ByteArrayOutputStream();
            text(axis, 1, "axis");
            number(axis, 3, 1);
            number(axis, 20, 2);
            bytes(graph, 1, node("Gather", List.of(states, PREFIX + "zero"), from, axis.toByteArray()));
        }
        bytes(graph, 5, tensor(PREFIX + "weight", FLOAT, List.of(top.inputs(), top.outputs()), floats(turned(top))));
        bytes(graph, 5, tensor(PREFIX + "bias", FLOAT, List.of(top.outputs()), floats(top.biases())));
        bytes(graph, 1, node("MatMul", List.of(from, PREFIX + "weight"), PREFIX + "product", new byte[0]));
        bytes(graph, 1, node("Add", List.of(PREFIX + "product", PREFIX + "bias"), OUTPUT, new byte[0]));
        bytes(graph, 12, output(top.outputs(), eachToken));
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

    private static byte[] floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5. */
    private static byte[] node(String operation, List<String> inputs, String output, byte[] attribute) {
        var node = new ByteArrayOutputStream();
        inputs.forEach(input -> text(node, 1, input));
        text(node, 2, output);
        text(node, 3, PREFIX + operation);
        text(node, 4, operation);
        if (attribute.length > 0) {
            bytes(node, 5, attribute);
        }
        return node.toByteArray();
    }

    /** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9. */
    private static byte[] tensor(String name, int type, List<Integer> shape, byte[] values) {
        var tensor = new ByteArrayOutputStream();
        shape.forEach(dimension -> number(tensor, 1, dimension));
        number(tensor, 2, type);
        text(tensor, 8, name);
        bytes(tensor, 9, values);
        return tensor.toByteArray();
    }

    /** ValueInfoProto: name = 1, type = 2; of a tensor: elem_type = 1, shape = 2. */
    private static byte[] output(int outputs, boolean eachToken) {
        var shape = new ByteArrayOutputStream();
        bytes(shape, 1, dimension("batch_size"));
        if (eachToken) {
            bytes(shape, 1, dimension("sequence_length"));
        }
        var last = new ByteArrayOutputStream();
        number(last, 1, outputs);
        bytes(shape, 1, last.toByteArray());
        var tensor = new ByteArrayOutputStream();
        number(tensor, 1, FLOAT);
        bytes(tensor, 2, shape.toByteArray());
        var type = new ByteArrayOutputStream();
        bytes(type, 1, tensor.toByteArray());
        var output = new ByteArrayOutputStream();
        text(output, 1, OUTPUT);
        bytes(output, 2, type.toByteArray());
        return output.toByteArray();
    }

    private static byte[] dimension(String name) {
        var dimension = new ByteArrayOutputStream();
        text(dimension, 2, name);
        return dimension.toByteArray();
    }

    // ---- protocol buffers

    /** Tag and length of a field that has a length. */
    static void field(ByteArrayOutputStream into, int number, int length) {
        varint(into, ((long) number << 3) | 2);
        varint(into, length);
    }

    private static void bytes(ByteArrayOutputStream into, int number, byte[] value) {
        field(into, number, value.length);
        into.write(value, 0, value.length);
    }

    private static void text(ByteArrayOutputStream into, int number, String value) {
        bytes(into, number, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void number(ByteArrayOutputStream into, int number, long value) {
        varint(into, (long) number << 3);
        varint(into, value);
    }

    private static void varint(ByteArrayOutputStream into, long value) {
        long left = value;
        while (left > 0x7f) {
            into.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        into.write((int) left);
    }
}
