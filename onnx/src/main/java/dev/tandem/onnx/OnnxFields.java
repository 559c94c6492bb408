package dev.tandem.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the messages of an ONNX graph that are needed.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the messages and their field numbers</a>
 */
final class OnnxFields {

    static final int FLOAT = 1;
    static final int INT64 = 7;

    private OnnxFields() {}

    static byte[] floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5. */
    static byte[] node(String name, String operation, List<String> inputs, String output, byte[] attribute) {
        var node = new ByteArrayOutputStream();
        inputs.forEach(input -> text(node, 1, input));
        text(node, 2, output);
        text(node, 3, name);
        text(node, 4, operation);
        if (attribute.length > 0) {
            bytes(node, 5, attribute);
        }
        return node.toByteArray();
    }

    /** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9. */
    static byte[] tensor(String name, int type, List<Integer> shape, byte[] values) {
        var tensor = new ByteArrayOutputStream();
        shape.forEach(dimension -> number(tensor, 1, dimension));
        number(tensor, 2, type);
        text(tensor, 8, name);
        bytes(tensor, 9, values);
        return tensor.toByteArray();
    }

    // ---- protocol buffers

    /** Tag and length of a field that has a length. */
    static void field(ByteArrayOutputStream into, int number, int length) {
        varint(into, ((long) number << 3) | 2);
        varint(into, length);
    }

    static void bytes(ByteArrayOutputStream into, int number, byte[] value) {
        field(into, number, value.length);
        into.write(value, 0, value.length);
    }

    static void text(ByteArrayOutputStream into, int number, String value) {
        bytes(into, number, value.getBytes(StandardCharsets.UTF_8));
    }

    static void number(ByteArrayOutputStream into, int number, long value) {
        varint(into, (long) number << 3);
        varint(into, value);
    }

    static void varint(ByteArrayOutputStream into, long value) {
        long left = value;
        while (left > 0x7f) {
            into.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        into.write((int) left);
    }
}
