package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tensors of float32 in the safetensors format: eight bytes with the header's length, little endian, the header as JSON
 * ({@code {"name":{"dtype":"F32","shape":[…],"data_offsets":[from,to]}}}), then the values. Unlike a pickle it cannot run
 * anything; every length and offset is checked against the bytes that are there.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
final class Safetensors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;

    private Safetensors() {}

    /** A shape and its values, the last dimension running fastest. */
    static final class Tensor {
        private final List<Integer> shape;
        private final float[] values;

        Tensor(List<Integer> shape, float[] values) {
            this.shape = List.copyOf(shape);
            this.values = values;
        }

        List<Integer> shape() {
            return shape;
        }

        float[] values() {
            return values;
        }
    }

    /** The same bytes for the same tensors. */
    static byte[] write(SortedMap<String, Tensor> tensors) {
        ObjectNode header = JSON.createObjectNode();
        int length = 0;
        for (var tensor : tensors.entrySet()) {
            ObjectNode each = header.putObject(tensor.getKey());
            each.put("dtype", "F32");
            var shape = each.putArray("shape");
            tensor.getValue().shape().forEach(shape::add);
            int bytes = Float.BYTES * tensor.getValue().values().length;
            each.putArray("data_offsets").add(length).add(length + bytes);
            length += bytes;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] head = Arrays.copyOf(json, padded);
        Arrays.fill(head, json.length, padded, (byte) ' ');
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + padded + length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(head);
        tensors.values().forEach(tensor -> {
            for (float value : tensor.values()) {
                out.putFloat(value);
            }
        });
        return out.array();
    }

    /**
     * Tensors by name.
     *
     * @param name of the file, for the failure
     * @throws Failure BROKEN where the bytes are not such a file
     */
    static SortedMap<String, Tensor> read(byte[] file, String name) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long headerLength = file.length < Long.BYTES ? -1 : bytes.getLong(0);
        if (headerLength < 2 || headerLength > file.length - Long.BYTES) {
            throw broken(name, "its header would be " + headerLength + " bytes long", null);
        }
        int data = Long.BYTES + (int) headerLength;
        JsonNode header;
        try {
            header = JSON.readTree(new String(file, Long.BYTES, (int) headerLength, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw broken(name, "its header is no JSON", e);
        }
        var tensors = new TreeMap<String, Tensor>();
        header.properties().forEach(entry -> {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(bytes, data, entry.getKey(), entry.getValue(), name));
            }
        });
        return tensors;
    }

    private static Tensor tensor(ByteBuffer bytes, int data, String tensor, JsonNode entry, String name) {
        if (!entry.path("dtype").asText().equals("F32")) {
            throw broken(name, tensor + " is not of float32", null);
        }
        long count = 1;
        var shape = new ArrayList<Integer>();
        for (JsonNode dimension : entry.path("shape")) {
            if (!dimension.isInt() || dimension.asInt() < 0) {
                throw broken(name, tensor + " has the shape " + entry.path("shape"), null);
            }
            shape.add(dimension.asInt());
            count = Math.min(Integer.MAX_VALUE, count * dimension.asInt());
        }
        long from = entry.path("data_offsets").path(0).asLong(-1);
        long to = entry.path("data_offsets").path(1).asLong(-1);
        if (from < 0 || to < from || to > bytes.capacity() - data || to - from != count * Float.BYTES) {
            throw broken(name, tensor + " would stand at " + from + " to " + to, null);
        }
        var values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat(data + (int) from + Float.BYTES * i);
        }
        return new Tensor(shape, values);
    }

    private static Failure broken(String name, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                name + " is no safetensors file: " + why + ".",
                "Train the adapter again, or fetch the file again.",
                cause);
    }
}
