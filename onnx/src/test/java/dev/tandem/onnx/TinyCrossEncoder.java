package dev.tandem.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes an ONNX file by hand (github.com/onnx/onnx, onnx.proto): each token has a weight, and the score of a pair is the sum of
 * the weights of its second text's tokens.
 */
final class TinyCrossEncoder {

    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private TinyCrossEncoder() {}

    /** @param weights by token id */
    static void write(Path file, float[] weights) throws IOException {
        var graph = new Message()
                .message(1, node("Gather", "ids", "weights", "input_ids"))
                .message(1, node("Cast", "second", "token_type_ids").message(5, attribute("to", FLOAT)))
                .message(1, node("Mul", "counted", "ids", "second"))
                .message(
                        1,
                        node("ReduceSum", "logits", "counted")
                                .message(5, axes())
                                .message(5, attribute("keepdims", 1)))
                .text(2, "tiny")
                .message(5, tensor(weights))
                .message(11, value("input_ids", INT64, 0))
                .message(11, value("token_type_ids", INT64, 0))
                .message(12, value("logits", FLOAT, 1));
        var model = new Message()
                .number(1, 7)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, 11));
        Files.write(file, model.bytes());
    }

    private static Message node(String type, String output, String... inputs) {
        var node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, type);
    }

    private static Message attribute(String name, int value) {
        return new Message().text(1, name).number(3, value).number(20, 2);
    }

    private static Message axes() {
        return new Message().text(1, "axes").number(8, 1).number(20, 7);
    }

    private static Message tensor(float[] values) {
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return new Message()
                .number(1, values.length)
                .number(2, FLOAT)
                .text(8, "weights")
                .bytes(9, raw.array());
    }

    /** @param columns 0 where they vary */
    private static Message value(String name, int type, int columns) {
        var second = columns == 0 ? new Message().text(2, "tokens") : new Message().number(1, columns);
        var shape = new Message().message(1, new Message().text(2, "batch")).message(1, second);
        return new Message()
                .text(1, name)
                .message(
                        2,
                        new Message().message(1, new Message().number(1, type).message(2, shape)));
    }

    /** A protocol buffer being written. */
    private static final class Message {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint(((long) field << 3) | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                out.write((int) ((left & 0x7F) | 0x80));
                left >>>= 7;
            }
            out.write((int) left);
        }
    }
}
