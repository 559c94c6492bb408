package dev.tandem.behavior.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A base model as it is published: {@code config.json}, {@code model.safetensors} and {@code tokenizer.json} in a folder. */
public final class HuggingFaceFolder {

    private static final ObjectMapper JSON = new ObjectMapper();

    public static final String CONFIG = "config.json";
    public static final String WEIGHTS = "model.safetensors";
    public static final String TOKENIZER = "tokenizer.json";

    /** What a model with something on top of its encoder puts before the encoder's names. */
    private static final String PREFIX = "bert.";

    private final Path folder;

    private HuggingFaceFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads it.
     *
     * @throws Failure INVALID where it is no BERT encoder or a file is missing; BROKEN where a tensor is
     */
    public static BaseModel read(Path folder) {
        return new HuggingFaceFolder(folder).read();
    }

    private BaseModel read() {
        for (String name : List.of(CONFIG, WEIGHTS, TOKENIZER)) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw invalid("has no file " + name, null);
            }
        }
        EncoderShape shape = shape(config());
        SortedMap<String, FloatTensor> all = Safetensors.read(
                folder.resolve(WEIGHTS), name -> shape.tensors().containsKey(plain(name)));
        var tensors = new TreeMap<String, FloatTensor>();
        all.forEach((name, tensor) -> tensors.put(plain(name), tensor));
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new BaseModel(name == null ? "model" : name.toString(), hash(), shape, tensors);
    }

    private static String plain(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    private JsonNode config() {
        try {
            return JSON.readTree(Files.readString(folder.resolve(CONFIG)));
        } catch (JsonProcessingException e) {
            throw invalid("has a " + CONFIG + " that is no JSON", e);
        } catch (IOException e) {
            throw invalid("has a " + CONFIG + " that cannot be read: " + e.getMessage(), e);
        }
    }

    private EncoderShape shape(JsonNode config) {
        requireWord(config, "model_type", "bert", "");
        requireWord(config, "hidden_act", "gelu", "gelu");
        requireWord(config, "position_embedding_type", "absolute", "absolute");
        try {
            return new EncoderShape(
                    number(config, "vocab_size"),
                    number(config, "max_position_embeddings"),
                    number(config, "type_vocab_size"),
                    number(config, "hidden_size"),
                    number(config, "num_hidden_layers"),
                    number(config, "num_attention_heads"),
                    number(config, "intermediate_size"),
                    config.path("layer_norm_eps").asDouble(1e-12));
        } catch (IllegalArgumentException e) {
            throw invalid("has a " + CONFIG + " of no encoder: " + e.getMessage(), e);
        }
    }

    private void requireWord(JsonNode config, String key, String wanted, String otherwise) {
        String word = config.path(key).asText(otherwise);
        if (!word.equals(wanted)) {
            throw invalid(
                    "has " + key + " '" + Printable.of(word) + "' in its " + CONFIG + ", and only '" + wanted
                            + "' can be tuned here",
                    null);
        }
    }

    private int number(JsonNode config, String key) {
        JsonNode number = config.path(key);
        if (!number.isInt()) {
            throw invalid("has no whole number " + key + " in its " + CONFIG, null);
        }
        return number.intValue();
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (String name : List.of(CONFIG, WEIGHTS, TOKENIZER)) {
                try (InputStream in = Files.newInputStream(folder.resolve(name))) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        digest.update(buffer, 0, n);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw invalid("cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Failure invalid(String what, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.INVALID,
                "The model folder " + folder + " cannot be used: it " + what + ".",
                "A base model is a BERT encoder as published: " + CONFIG + ", " + WEIGHTS + " and " + TOKENIZER + ".",
                cause);
    }
}
