package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Safetensors;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A head as files: {@code head.safetensors} with {@code weight} [labels, dimensions] and {@code bias} [labels], and
 * {@code adapter.json} with the labels in their order, the threshold and the base model.
 */
final class HeadFiles {

    static final String WEIGHTS = "head.safetensors";
    static final String DESCRIPTION = "adapter.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private HeadFiles() {}

    static SortedMap<String, byte[]> write(Head head, Encoder base) {
        return write(head, ClassifierTraining.KIND, base.name(), base.hash());
    }

    /**
     * The same for a head of another kind of adapter.
     *
     * @param base name of the base model
     */
    static SortedMap<String, byte[]> write(Head head, String kind, String base, String baseHash) {
        var tensors = new TreeMap<String, FloatTensor>();
        tensors.put("weight", new FloatTensor(List.of(head.labels().size(), head.dimensions()), head.weights()));
        tensors.put("bias", new FloatTensor(List.of(head.labels().size()), head.biases()));
        ObjectNode description = JSON.createObjectNode();
        description.put("format", 1);
        description.put("kind", kind);
        description.put("task", "classify");
        description.putObject("base").put("name", base).put("hash", baseHash);
        description.put("dimensions", head.dimensions());
        description.put("threshold", head.threshold());
        var labels = description.putArray("labels");
        head.labels().forEach(labels::add);
        var files = new TreeMap<String, byte[]>();
        files.put(WEIGHTS, Safetensors.write(tensors));
        files.put(DESCRIPTION, (description.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        return files;
    }

    /**
     * Reads them back.
     *
     * @throws Failure BROKEN where they are no head
     */
    static Head read(SortedMap<String, byte[]> files) {
        JsonNode description;
        try {
            description = JSON.readTree(new String(require(files, DESCRIPTION), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw broken(DESCRIPTION + " is no JSON", e);
        }
        if (description.path("format").asInt() != 1) {
            throw broken(DESCRIPTION + " has the format " + description.path("format"), null);
        }
        var labels = new ArrayList<String>();
        description.path("labels").forEach(label -> labels.add(label.asText()));
        int dimensions = description.path("dimensions").asInt();
        SortedMap<String, FloatTensor> tensors = Safetensors.read(require(files, WEIGHTS), WEIGHTS);
        FloatTensor weight = tensors.get("weight");
        FloatTensor bias = tensors.get("bias");
        if (weight == null
                || bias == null
                || labels.isEmpty()
                || !weight.shape().equals(List.of(labels.size(), dimensions))
                || !bias.shape().equals(List.of(labels.size()))) {
            throw broken(
                    WEIGHTS + " does not hold " + labels.size() + " labels of " + dimensions + " dimensions", null);
        }
        return new Head(
                labels,
                dimensions,
                weight.values(),
                bias.values(),
                description.path("threshold").asDouble());
    }

    private static byte[] require(SortedMap<String, byte[]> files, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw broken("there is no " + name, null);
        }
        return bytes;
    }

    private static Failure broken(String why, @org.jspecify.annotations.Nullable Exception cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The adapter's files are no classifier: " + why + ".",
                "Train it again: tandem train classifier.",
                cause);
    }
}
