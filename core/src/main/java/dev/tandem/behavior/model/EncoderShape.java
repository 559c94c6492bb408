package dev.tandem.behavior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a BERT encoder is built.
 *
 * @param vocabulary rows of the table of word embeddings
 * @param positions most tokens of a text
 * @param types segments that it tells apart
 * @param hidden width of every layer's output
 * @param layers attention and what follows it, so many times
 * @param heads of attention, each of hidden / heads dimensions
 * @param intermediate width between the two linear layers that follow attention
 * @param epsilon of layer norms
 */
public record EncoderShape(
        int vocabulary, int positions, int types, int hidden, int layers, int heads, int intermediate, double epsilon) {

    /** bge-small-en-v1.5, as its config.json has it. */
    public static final EncoderShape BGE_SMALL = new EncoderShape(30_522, 512, 2, 384, 12, 12, 1_536, 1e-12);

    /** @throws IllegalArgumentException where no such encoder can be built */
    public EncoderShape {
        if (vocabulary < 1
                || positions < 1
                || types < 1
                || hidden < 1
                || layers < 1
                || layers > 1_000
                || heads < 1
                || hidden % heads != 0
                || intermediate < 1
                || !(epsilon > 0)) {
            throw new IllegalArgumentException("no encoder can be built with " + vocabulary + " words, " + positions
                    + " positions, " + types + " types, " + layers + " layers of " + hidden + " with " + heads
                    + " heads and " + intermediate + ", epsilon " + epsilon);
        }
    }

    /** A layer's name without {@code .weight} or {@code .bias}. */
    public static String layer(int number, String part) {
        return "encoder.layer." + number + "." + part;
    }

    /** Names of the linear layers in a layer, as they run. */
    public static final List<String> LINEAR_PARTS = List.of(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "intermediate.dense",
            "output.dense");

    /** All linear layers by name, with their outputs and inputs. */
    public SortedMap<String, List<Integer>> linears() {
        var linears = new TreeMap<String, List<Integer>>();
        for (int layer = 0; layer < layers; layer++) {
            for (String part : LINEAR_PARTS) {
                linears.put(
                        layer(layer, part),
                        switch (part) {
                            case "intermediate.dense" -> List.of(intermediate, hidden);
                            case "output.dense" -> List.of(hidden, intermediate);
                            default -> List.of(hidden, hidden);
                        });
            }
        }
        return linears;
    }

    /** The tensors of such an encoder by their names at Hugging Face, with their shapes; the pooler is not among them. */
    public SortedMap<String, List<Integer>> tensors() {
        var shapes = new TreeMap<String, List<Integer>>();
        shapes.put("embeddings.word_embeddings.weight", List.of(vocabulary, hidden));
        shapes.put("embeddings.position_embeddings.weight", List.of(positions, hidden));
        shapes.put("embeddings.token_type_embeddings.weight", List.of(types, hidden));
        var norms = new ArrayList<String>(List.of("embeddings.LayerNorm"));
        for (int layer = 0; layer < layers; layer++) {
            norms.add(layer(layer, "attention.output.LayerNorm"));
            norms.add(layer(layer, "output.LayerNorm"));
        }
        for (String norm : norms) {
            shapes.put(norm + ".weight", List.of(hidden));
            shapes.put(norm + ".bias", List.of(hidden));
        }
        linears().forEach((name, shape) -> {
            shapes.put(name + ".weight", shape);
            shapes.put(name + ".bias", List.of(shape.getFirst()));
        });
        return shapes;
    }
}
