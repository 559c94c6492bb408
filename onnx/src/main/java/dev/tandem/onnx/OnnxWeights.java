package dev.tandem.onnx;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.domain.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The weights that stand in an ONNX file of a BERT encoder, by their names at Hugging Face, and the same file with others
 * in their place: each keeps its length, so that nothing but numbers changes.
 *
 * <p>An export names most tensors as they were, but for the weights of linear layers: those are called
 * {@code onnx::MatMul_…} and stand with rows as columns. The bias that is added to such a product says which layer it is.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the messages and their field numbers</a>
 */
final class OnnxWeights {

    private static final int FLOAT = 1;
    private static final String BIAS = ".bias";

    /** Where values stand in the file. */
    private record Values(List<Integer> shape, int from, int length) {}

    /** Where the node stands in the file, besides. */
    private record Node(String operation, List<String> inputs, List<String> outputs, int from, int length) {}

    private final String name;
    private final byte[] file;
    private final Map<String, Values> initializers = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    /** Where the graph's field begins, where its value does, and how long that is. */
    private int graphField;

    private int graphFrom;
    private int graphLength;
    /** Names at Hugging Face of weights that stand turned, with the names that they have here. */
    private final Map<String, String> turned = new HashMap<>();

    private OnnxWeights(String name, byte[] file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Reads where everything stands.
     *
     * @throws Failure BROKEN where it is no ONNX file
     */
    static OnnxWeights read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException | OutOfMemoryError e) {
            throw broken(file.toString(), "it cannot be read: " + e.getMessage(), e);
        }
        return of(bytes, file.toString());
    }

    /** The same, of bytes that are left alone from then on. */
    static OnnxWeights of(byte[] bytes, String name) {
        var weights = new OnnxWeights(name, bytes);
        int[] end = {0};
        weights.message(0, bytes.length, (field, wire, from, length) -> {
            if (field == 7 && wire == 2) {
                weights.graphField = end[0];
                weights.graphFrom = from;
                weights.graphLength = length;
                weights.graph(from, length);
            }
            end[0] = from + length;
        });
        weights.nameTurned();
        return weights;
    }

    /**
     * The encoder that it holds.
     *
     * @throws Failure BROKEN where a tensor is missing or of another shape, by its name
     */
    BaseModel model(String called, String hash, EncoderShape shape) {
        var tensors = new TreeMap<String, FloatTensor>();
        for (String tensor : shape.tensors().keySet()) {
            String here = turned.getOrDefault(tensor, tensor);
            Values values = initializers.get(here);
            if (values != null) {
                FloatTensor found = new FloatTensor(values.shape, floats(values));
                tensors.put(tensor, turned.containsKey(tensor) ? found.transposed() : found);
            }
        }
        return new BaseModel(called, hash, shape, tensors);
    }

    /**
     * The bytes of the file with these tensors in the place of those that are there.
     *
     * @throws IllegalArgumentException where one is not there, or is of another shape
     */
    byte[] with(SortedMap<String, FloatTensor> replaced) {
        byte[] bytes = file.clone();
        replaced.forEach((tensor, values) -> {
            Values place = initializers.get(turned.getOrDefault(tensor, tensor));
            FloatTensor turnedBack = turned.containsKey(tensor) ? values.transposed() : values;
            if (place == null || !place.shape.equals(turnedBack.shape())) {
                throw new IllegalArgumentException(tensor + " of shape " + values.shape());
            }
            ByteBuffer.wrap(bytes, place.from, place.length)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(turnedBack.values());
        });
        return bytes;
    }

    /**
     * The same with a linear layer on top of the tokens' states, whose output is called {@code logits}: [batch, outputs] of
     * the first token, or [batch, tokens, outputs].
     *
     * @throws IllegalArgumentException as {@link #with(SortedMap)}, or where the graph has no output
     */
    byte[] with(SortedMap<String, FloatTensor> replaced, Linear top, boolean eachToken) {
        String states = states();
        byte[] bytes = with(replaced);
        return graph(bytes, graphFrom, graphLength, OnnxTop.of(states, top, eachToken));
    }

    /**
     * The bytes of the file with low-rank products beside its linear layers, and a layer on top as {@link #with}. The weights
     * that are there stay as they are, so they may be whole numbers.
     *
     * @throws IllegalArgumentException where a layer is not there
     */
    byte[] beside(Lora lora, Linear top, boolean eachToken) {
        var changed = new HashMap<Integer, byte[]>();
        lora.factors().forEach((layer, factors) -> {
            Node sum = sum(layer);
            changed.put(
                    sum.from,
                    OnnxBeside.of(
                            layer,
                            factors,
                            lora.settings().scale(),
                            Arrays.copyOfRange(file, sum.from, sum.from + sum.length),
                            sum.outputs.getFirst(),
                            given(sum, layer)));
        });
        var graph = new ByteArrayOutputStream(graphLength + graphLength / 4);
        int[] copied = {graphFrom};
        message(graphFrom, graphLength, (field, wire, from, length) -> {
            byte[] instead = changed.get(from);
            if (instead != null) {
                graph.write(instead, 0, instead.length);
            } else {
                graph.write(file, copied[0], from + length - copied[0]);
            }
            copied[0] = from + length;
        });
        byte[] whole = graph.toByteArray();
        return graph(whole, 0, whole.length, OnnxTop.of(states(), top, eachToken));
    }

    /** The output that holds the tokens' states. */
    private String states() {
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException(name + " has no output");
        }
        return outputs.contains("last_hidden_state") ? "last_hidden_state" : outputs.getFirst();
    }

    /** Where a layer's bias is added to its product. */
    private Node sum(String layer) {
        return nodes.stream()
                .filter(node ->
                        node.operation.equals("Add") && node.inputs.contains(layer + BIAS) && node.outputs.size() == 1)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no layer " + layer));
    }

    /** What a layer is given: what is multiplied, before it is made whole numbers where it is. */
    private String given(Node sum, String layer) {
        String at = sum.inputs.get(sum.inputs.getFirst().equals(layer + BIAS) ? 1 : 0);
        while (true) {
            String wanted = at;
            Node from = nodes.stream()
                    .filter(node -> node.outputs.contains(wanted) && !node.inputs.isEmpty())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(name + " has no product in layer " + layer));
            at = from.inputs.getFirst();
            if (from.operation.equals("MatMul") || from.operation.equals("DynamicQuantizeLinear")) {
                return at;
            }
        }
    }

    /** The file with another graph in the place of its own. */
    private byte[] graph(byte[] bytes, int from, int length, byte[] more) {
        var result = new ByteArrayOutputStream(file.length - graphLength + length + more.length + 16);
        result.write(file, 0, graphField);
        OnnxFields.field(result, 7, length + more.length);
        result.write(bytes, from, length);
        result.write(more, 0, more.length);
        int end = graphFrom + graphLength;
        result.write(file, end, file.length - end);
        return result.toByteArray();
    }

    private float[] floats(Values values) {
        var floats = new float[values.length / Float.BYTES];
        ByteBuffer.wrap(file, values.from, values.length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        return floats;
    }

    private void nameTurned() {
        var products = new HashMap<String, String>();
        for (Node node : nodes) {
            if (node.operation.equals("MatMul") && node.inputs.size() == 2 && node.outputs.size() == 1) {
                products.put(node.outputs.getFirst(), node.inputs.get(1));
            }
        }
        for (Node node : nodes) {
            if (node.operation.equals("Add") && node.inputs.size() == 2) {
                name(products, node.inputs.get(0), node.inputs.get(1));
                name(products, node.inputs.get(1), node.inputs.get(0));
            }
        }
    }

    private void name(Map<String, String> products, String bias, String product) {
        String weight = products.get(product);
        if (bias.endsWith(BIAS) && weight != null && initializers.containsKey(weight)) {
            turned.put(bias.substring(0, bias.length() - BIAS.length()) + ".weight", weight);
        }
    }

    // ---- the messages of onnx.proto that are needed: ModelProto.graph = 7

    private void graph(int from, int length) {
        message(from, length, (field, wire, at, size) -> {
            if (field == 1 && wire == 2) {
                node(at, size);
            } else if (field == 5 && wire == 2) {
                initializer(at, size);
            } else if (field == 12 && wire == 2) {
                message(at, size, (part, kind, from2, size2) -> {
                    if (part == 1 && kind == 2) {
                        outputs.add(text(from2, size2));
                    }
                });
            }
        });
    }

    private void node(int from, int length) {
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        var operation = new StringBuilder();
        message(from, length, (field, wire, at, size) -> {
            if (wire == 2 && field == 1) {
                inputs.add(text(at, size));
            } else if (wire == 2 && field == 2) {
                outputs.add(text(at, size));
            } else if (wire == 2 && field == 4) {
                operation.append(text(at, size));
            }
        });
        nodes.add(new Node(operation.toString(), inputs, outputs, from, length));
    }

    /** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9; of float32 whose values stand in raw_data. */
    private void initializer(int from, int length) {
        var shape = new ArrayList<Integer>();
        var called = new StringBuilder();
        long[] type = {0};
        int[] raw = {-1, 0};
        message(from, length, (field, wire, at, size) -> {
            if (field == 1 && wire == 0) {
                shape.add(dimension(varint(at)));
            } else if (field == 1 && wire == 2) {
                for (int next = at; next < at + size; next += lengthOfVarint(next)) {
                    shape.add(dimension(varint(next)));
                }
            } else if (field == 2 && wire == 0) {
                type[0] = varint(at);
            } else if (field == 8 && wire == 2) {
                called.append(text(at, size));
            } else if (field == 9 && wire == 2) {
                raw[0] = at;
                raw[1] = size;
            }
        });
        long count = 1;
        for (int dimension : shape) {
            count = Math.min(Integer.MAX_VALUE, count * dimension);
        }
        if (type[0] == FLOAT && raw[0] >= 0 && raw[1] == count * Float.BYTES) {
            initializers.put(called.toString(), new Values(List.copyOf(shape), raw[0], raw[1]));
        }
    }

    private int dimension(long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw broken(name, "a tensor has a dimension of " + value, null);
        }
        return (int) value;
    }

    private String text(int from, int length) {
        return new String(file, from, length, StandardCharsets.UTF_8);
    }

    // ---- protocol buffers

    /** A field: where its value begins and, for what has a length, how long it is. */
    @FunctionalInterface
    private interface Field {
        void at(int number, int wire, int from, int length);
    }

    private void message(int from, int length, Field field) {
        int at = from;
        int end = from + length;
        while (at < end) {
            long tag = varint(at);
            at += lengthOfVarint(at);
            int wire = (int) (tag & 7);
            int size = switch (wire) {
                case 0 -> at < end ? lengthOfVarint(at) : 0;
                case 1 -> 8;
                case 5 -> 4;
                case 2 -> {
                    long bytes = varint(at);
                    at += lengthOfVarint(at);
                    if (bytes < 0 || bytes > end - at) {
                        throw broken(name, "a field at byte " + at + " would be " + bytes + " bytes long", null);
                    }
                    yield (int) bytes;
                }
                default -> throw broken(name, "there is a field of an unknown kind at byte " + at, null);
            };
            if (size > end - at) {
                throw broken(name, "it ends in the middle of a field", null);
            }
            field.at((int) Math.min(Integer.MAX_VALUE, tag >>> 3), wire, at, size);
            at += size;
        }
    }

    private long varint(int from) {
        long value = 0;
        for (int i = 0; i < lengthOfVarint(from); i++) {
            value |= (long) (file[from + i] & 0x7f) << (7 * i);
        }
        return value;
    }

    private int lengthOfVarint(int from) {
        for (int i = 0; i < 10 && from + i < file.length; i++) {
            if (file[from + i] >= 0) {
                return i + 1;
            }
        }
        throw broken(name, "there is a number without end at byte " + from, null);
    }

    private static Failure broken(String name, String why, @Nullable Throwable cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                name + " is no ONNX file that can be tuned: " + why + ".",
                "Fetch the file again.",
                cause);
    }
}
