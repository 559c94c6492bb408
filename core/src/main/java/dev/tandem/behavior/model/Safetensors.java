package dev.tandem.behavior.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tensors in the safetensors format: eight bytes with the header's length, little endian, the header as JSON
 * ({@code {"name":{"dtype":"F32","shape":[…],"data_offsets":[from,to]}}}), then the values. Unlike a pickle it cannot run
 * anything; every length and offset is checked against the bytes that are there, before any memory is taken for it.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int ALIGNMENT = 8;
    /** As the format's own reader has it. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final String METADATA = "__metadata__";

    private Safetensors() {}

    /** The same bytes for the same tensors. */
    public static byte[] write(SortedMap<String, FloatTensor> tensors) {
        return write(tensors, new TreeMap<>());
    }

    /** The same with words about them in the header. */
    public static byte[] write(SortedMap<String, FloatTensor> tensors, SortedMap<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode words = header.putObject(METADATA);
            metadata.forEach(words::put);
        }
        int length = 0;
        for (var tensor : tensors.entrySet()) {
            ObjectNode each = header.putObject(tensor.getKey());
            each.put("dtype", "F32");
            var shape = each.putArray("shape");
            tensor.getValue().shape().forEach(shape::add);
            int bytes = Math.multiplyExact(Float.BYTES, tensor.getValue().values().length);
            each.putArray("data_offsets").add(length).add(length + bytes);
            length = Math.addExact(length, bytes);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] head = Arrays.copyOf(json, padded);
        Arrays.fill(head, json.length, padded, (byte) ' ');
        ByteBuffer out =
                ByteBuffer.allocate(Math.addExact(Long.BYTES + padded, length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(head);
        tensors.values().forEach(tensor -> {
            out.asFloatBuffer().put(tensor.values());
            out.position(out.position() + Float.BYTES * tensor.values().length);
        });
        return out.array();
    }

    /**
     * Tensors by name.
     *
     * @param name of the file, for the failure
     * @throws Failure BROKEN where the bytes are not such a file, or hold anything but float32
     */
    public static SortedMap<String, FloatTensor> read(byte[] file, String name) {
        var reader =
                new Reader(name, file.length, (at, length) -> Arrays.copyOfRange(file, (int) at, (int) at + length));
        try {
            return reader.tensors(_ -> true, false);
        } catch (IOException e) {
            throw new IllegalStateException("it is in memory", e);
        }
    }

    /**
     * The words about them in the header.
     *
     * @throws Failure BROKEN where the bytes are not such a file
     */
    public static SortedMap<String, String> words(byte[] file, String name) {
        read(file, name);
        var words = new TreeMap<String, String>();
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        try {
            JSON.readTree(new String(file, Long.BYTES, length, StandardCharsets.UTF_8))
                    .path(METADATA)
                    .properties()
                    .forEach(word -> words.put(word.getKey(), word.getValue().asText()));
        } catch (JsonProcessingException e) {
            throw broken(name, "its header is no JSON", e);
        }
        return words;
    }

    /**
     * Those tensors of a base model that are wanted, from float32, float16 or bfloat16. The file may be of any size, each
     * tensor of at most 2 GB.
     *
     * @throws Failure BROKEN where it is no such file, or a wanted tensor is of another type
     */
    public static SortedMap<String, FloatTensor> read(Path file, Predicate<String> wanted) {
        try (FileChannel channel = FileChannel.open(file)) {
            return new Reader(file.toString(), channel.size(), (at, length) -> read(channel, at, length))
                    .tensors(wanted, true);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    file + " cannot be read: " + e + ".",
                    "Check that it is there, and that you may read it.",
                    e);
        }
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        var bytes = new byte[length];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes;
    }

    /** Bytes from a place on, of which the caller knows that they are there. */
    @FunctionalInterface
    private interface Bytes {
        byte[] read(long at, int length) throws IOException;
    }

    /** How values are written. */
    private enum Type {
        F32(4),
        F16(2),
        BF16(2);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        float[] values(ByteBuffer from, int count) {
            var values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = switch (this) {
                    case F32 -> from.getFloat(4 * i);
                    case F16 -> Float.float16ToFloat(from.getShort(2 * i));
                    case BF16 -> Float.intBitsToFloat(from.getShort(2 * i) << 16);
                };
            }
            return values;
        }
    }

    /** Where a tensor says that it stands, within the values. */
    private record Place(String tensor, List<Integer> shape, String type, long from, long to) {}

    private record Reader(String name, long size, Bytes bytes) {

        SortedMap<String, FloatTensor> tensors(Predicate<String> wanted, boolean halves) throws IOException {
            long headerLength = size < Long.BYTES ? -1 : read(0, Long.BYTES).getLong(0);
            if (headerLength < 2 || headerLength > Math.min(size - Long.BYTES, LONGEST_HEADER)) {
                throw broken(name, "its header would be " + headerLength + " bytes long", null);
            }
            long data = Long.BYTES + headerLength;
            List<Place> places = places(bytes.read(Long.BYTES, (int) headerLength), size - data);
            var tensors = new TreeMap<String, FloatTensor>();
            for (Place place : places) {
                if (wanted.test(place.tensor)) {
                    Type type = type(place, halves);
                    int count = (int) ((place.to - place.from) / type.bytes);
                    tensors.put(
                            place.tensor,
                            new FloatTensor(
                                    place.shape,
                                    type.values(read(data + place.from, (int) (place.to - place.from)), count)));
                }
            }
            return tensors;
        }

        private ByteBuffer read(long at, int length) throws IOException {
            return ByteBuffer.wrap(bytes.read(at, length)).order(ByteOrder.LITTLE_ENDIAN);
        }

        private List<Place> places(byte[] header, long room) {
            JsonNode json;
            try {
                json = JSON.readTree(new String(header, StandardCharsets.UTF_8));
            } catch (JsonProcessingException e) {
                throw broken(name, "its header is no JSON", e);
            }
            if (!json.isObject()) {
                throw broken(name, "its header is no JSON object", null);
            }
            var places = new ArrayList<Place>();
            for (Map.Entry<String, JsonNode> entry : json.properties()) {
                if (!entry.getKey().equals(METADATA)) {
                    places.add(place(entry.getKey(), entry.getValue(), room));
                }
            }
            requireNoOverlap(places, room);
            return places;
        }

        private Place place(String tensor, JsonNode entry, long room) {
            var shape = new ArrayList<Integer>();
            for (JsonNode dimension : entry.path("shape")) {
                if (!dimension.isInt() || dimension.asInt() < 0) {
                    throw broken(name, called(tensor) + " has the shape " + shown(entry.path("shape")), null);
                }
                shape.add(dimension.asInt());
            }
            JsonNode offsets = entry.path("data_offsets");
            boolean whole = entry.path("shape").isArray()
                    && offsets.size() == 2
                    && offsets.get(0).canConvertToLong()
                    && offsets.get(0).isIntegralNumber()
                    && offsets.get(1).canConvertToLong()
                    && offsets.get(1).isIntegralNumber();
            long from = whole ? offsets.get(0).asLong() : -1;
            long to = whole ? offsets.get(1).asLong() : -1;
            if (from < 0 || to < from || to > room || to - from > Integer.MAX_VALUE - ALIGNMENT) {
                throw broken(name, called(tensor) + " would stand at " + shown(offsets), null);
            }
            String type = entry.path("dtype").asText();
            int bytes = type.equals("F32") ? 4 : type.equals("F16") || type.equals("BF16") ? 2 : 0;
            if (bytes > 0 && !holds(shape, (to - from) / bytes, (to - from) % bytes)) {
                throw broken(
                        name,
                        called(tensor) + " of shape " + shown(entry.path("shape")) + " would stand at "
                                + shown(offsets),
                        null);
            }
            return new Place(tensor, shape, type, from, to);
        }

        private static boolean holds(List<Integer> shape, long count, long rest) {
            long product = 1;
            for (int dimension : shape) {
                if (dimension != 0 && product > Integer.MAX_VALUE / dimension) {
                    return false;
                }
                product *= dimension;
            }
            return rest == 0 && product == count;
        }

        /** Also that no byte of the values belongs to nobody: a file that was cut or joined shows that way. */
        private void requireNoOverlap(List<Place> places, long room) {
            long end = 0;
            for (Place place : places.stream()
                    .sorted(Comparator.comparingLong(Place::from).thenComparingLong(Place::to))
                    .toList()) {
                if (place.from != end) {
                    throw broken(
                            name,
                            called(place.tensor) + " begins at " + place.from + ", and what stands before it ends at "
                                    + end,
                            null);
                }
                end = place.to;
            }
            if (end != room) {
                throw broken(name, "its tensors take " + end + " bytes, and there are " + room, null);
            }
        }

        private Type type(Place place, boolean halves) {
            if (!place.type.equals("F32") && !(halves && (place.type.equals("F16") || place.type.equals("BF16")))) {
                throw broken(
                        name,
                        called(place.tensor) + " is of type '"
                                + Printable.of(place.type.substring(0, Math.min(20, place.type.length()))) + "', not "
                                + (halves ? "F32, F16 or BF16" : "F32"),
                        null);
            }
            return Type.valueOf(place.type);
        }

        private static String called(String tensor) {
            return "the tensor '" + Printable.of(tensor.substring(0, Math.min(120, tensor.length()))) + "'";
        }

        private static String shown(JsonNode json) {
            String text = json.toString();
            return Printable.of(text.substring(0, Math.min(60, text.length())));
        }
    }

    private static Failure broken(String name, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                name + " is no safetensors file: " + why + ".",
                "Train the adapter again, or fetch the file again.",
                cause);
    }
}
