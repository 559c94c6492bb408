package dev.tandem.behavior.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank weights in the layout of PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}, which other
 * programs read, too.
 *
 * @see <a href="https://github.com/huggingface/peft/blob/main/docs/source/developer_guides/checkpoint.md">the layout</a>
 */
public final class LoraFiles {

    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";

    /** Before the layer's name in the base model, which has nothing on top of its encoder. */
    private static final String PREFIX = "base_model.model.";

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private static final ObjectMapper JSON = new ObjectMapper();

    private LoraFiles() {}

    public static SortedMap<String, byte[]> write(Lora lora, BaseModel base) {
        LoraSettings settings = lora.settings();
        ObjectNode config = JSON.createObjectNode();
        config.put("peft_type", "LORA");
        config.put("task_type", "FEATURE_EXTRACTION");
        config.put("base_model_name_or_path", base.name());
        config.putNull("revision");
        config.put("r", settings.rank());
        if (settings.alpha() == Math.rint(settings.alpha())) {
            config.put("lora_alpha", (long) settings.alpha());
        } else {
            config.put("lora_alpha", settings.alpha());
        }
        config.put("lora_dropout", settings.dropout());
        var targets = config.putArray("target_modules");
        settings.targets().forEach(target -> targets.add(ofPeft(target)));
        if (settings.lowestLayer() > 0) {
            var layers = config.putArray("layers_to_transform");
            for (int layer = settings.lowestLayer(); layer < base.shape().layers(); layer++) {
                layers.add(layer);
            }
            config.put("layers_pattern", "layer");
        } else {
            config.putNull("layers_to_transform").putNull("layers_pattern");
        }
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("use_rslora", settings.rankStabilised());
        config.put("use_dora", false);
        config.putNull("modules_to_save");
        config.putObject("rank_pattern");
        config.putObject("alpha_pattern");
        config.put("init_lora_weights", true);
        config.put("inference_mode", true);
        var tensors = new TreeMap<String, FloatTensor>();
        lora.factors().forEach((layer, factors) -> {
            tensors.put(PREFIX + layer + A, factors.a());
            tensors.put(PREFIX + layer + B, factors.b());
        });
        var files = new TreeMap<String, byte[]>();
        files.put(CONFIG, (config.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        files.put(WEIGHTS, Safetensors.write(tensors, new TreeMap<>(Map.of("format", "pt"))));
        return files;
    }

    /** PEFT finds layers by the ends of their names: {@code dense} alone would find the pooler's, too. */
    private static String ofPeft(String part) {
        return part.startsWith("attention.self.") ? part.substring("attention.self.".length()) : part;
    }

    /**
     * Reads them back, and every bound of them is checked.
     *
     * @throws Failure BROKEN where they are no such adapter, or none of this base model: with the tensor's name
     */
    public static Lora read(SortedMap<String, byte[]> files, EncoderShape shape) {
        JsonNode config;
        try {
            config = JSON.readTree(new String(require(files, CONFIG), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw broken(CONFIG + " is no JSON", e);
        }
        LoraSettings settings = settings(config);
        SortedMap<String, FloatTensor> tensors = Safetensors.read(require(files, WEIGHTS), WEIGHTS);
        var factors = new TreeMap<String, Lora.Factors>();
        settings.layers(shape).forEach((layer, sizes) -> {
            FloatTensor a = tensor(tensors, layer + A, List.of(settings.rank(), sizes.get(1)));
            FloatTensor b = tensor(tensors, layer + B, List.of(sizes.get(0), settings.rank()));
            factors.put(layer, new Lora.Factors(a, b));
        });
        if (tensors.size() != 2 * factors.size()) {
            throw broken(WEIGHTS + " holds " + tensors.size() + " tensors instead of " + 2 * factors.size(), null);
        }
        return new Lora(settings, factors);
    }

    private static LoraSettings settings(JsonNode config) {
        requireWord(config, "peft_type", "LORA");
        requireWord(config, "bias", "none");
        for (String unknown : List.of("use_dora", "fan_in_fan_out")) {
            if (config.path(unknown).asBoolean()) {
                throw broken(CONFIG + " asks for " + unknown + ", which is not known here", null);
            }
        }
        for (String pattern : List.of("rank_pattern", "alpha_pattern", "modules_to_save")) {
            if (!config.path(pattern).isEmpty()) {
                throw broken(CONFIG + " has a " + pattern + ", which is not known here", null);
            }
        }
        var targets = new ArrayList<String>();
        for (String part : EncoderShape.LINEAR_PARTS) {
            for (JsonNode target : config.path("target_modules")) {
                if (part.equals(target.asText()) || part.endsWith("." + target.asText())) {
                    targets.add(part);
                    break;
                }
            }
        }
        JsonNode layers = config.path("layers_to_transform");
        try {
            return new LoraSettings(
                    config.path("r").asInt(8),
                    config.path("lora_alpha").asDouble(8),
                    config.path("use_rslora").asBoolean(),
                    config.path("lora_dropout").asDouble(0),
                    targets,
                    layers.isArray() && !layers.isEmpty() ? layers.get(0).asInt(-1) : 0);
        } catch (Failure e) {
            throw broken(CONFIG + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireWord(JsonNode config, String key, String wanted) {
        String word = config.path(key).asText(wanted);
        if (!word.equals(wanted)) {
            throw broken(CONFIG + " has the " + key + " '" + Printable.of(word) + "', not " + wanted, null);
        }
    }

    private static FloatTensor tensor(SortedMap<String, FloatTensor> tensors, String name, List<Integer> shape) {
        FloatTensor found = tensors.get(PREFIX + name);
        if (found == null) {
            throw broken(WEIGHTS + " lacks the tensor " + PREFIX + name, null);
        }
        if (!found.shape().equals(shape)) {
            throw broken(
                    "the tensor " + PREFIX + name + " has the shape " + found.shape() + " instead of " + shape, null);
        }
        for (float value : found.values()) {
            if (!Float.isFinite(value)) {
                throw broken("the tensor " + PREFIX + name + " holds " + value, null);
            }
        }
        return found;
    }

    /** SHA-256 of the weights, in hex: what is merged of them is kept under it. */
    public static String hash(SortedMap<String, byte[]> files) {
        return Sha256.hex(require(files, WEIGHTS));
    }

    /** The same over another file, too, where it is there. */
    public static String hash(SortedMap<String, byte[]> files, String more) {
        byte[] other = files.get(more);
        return other == null ? hash(files) : Sha256.hex(hash(files) + Sha256.hex(other));
    }

    private static byte[] require(SortedMap<String, byte[]> files, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw broken("there is no " + name, null);
        }
        return bytes;
    }

    private static Failure broken(String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The adapter's files are no low-rank weights of this model: " + why + ".",
                "Train it again, or fetch its files again.",
                cause);
    }
}
