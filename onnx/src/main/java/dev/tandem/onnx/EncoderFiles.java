package dev.tandem.onnx;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one encoder: {@code model.onnx} (with {@code model.onnx_data} or {@code model.onnx.data} beside it where
 * the export keeps its weights apart), {@code tokenizer.json}, and the settings.
 *
 * @param repair what a person does when the files turn out to be unusable
 */
record EncoderFiles(Path folder, EncoderSettings settings, String repair) {

    /** The bundled encoder's settings, as its authors publish them. */
    static final EncoderSettings BUNDLED_SETTINGS = new EncoderSettings(
            "bge-small-en-v1.5 (int8)",
            EncoderSettings.Pooling.CLS,
            true,
            "Represent this sentence for searching relevant passages: ",
            "",
            512);

    static final int BUNDLED_DIMENSIONS = 384;

    /** What {@link #hash()} gives for the bundled encoder, known here so that nobody waits for it. */
    static final String BUNDLED_HASH = "c27fcf71540dffac280929a3fb46012fd481bd10505dbbf0790bb2a4488a832d";

    /** The bundled encoder, unpacked into the cache folder where it is not there yet. */
    static EncoderFiles bundled(Path cacheDir) {
        Path folder = cacheDir.resolve("encoder-" + BUNDLED_HASH.substring(0, 16));
        var files = new EncoderFiles(
                folder, BUNDLED_SETTINGS, "Delete the folder " + folder + "; the next run unpacks it again.");
        Unpacked.file("/bge-small-en-v1.5-q.onnx", files.model());
        Unpacked.file("/bge-small-en-v1.5-q-tokenizer.json", files.tokenizer());
        return files;
    }

    /** An encoder that somebody put into a folder. */
    static EncoderFiles in(Path folder) {
        for (String name : List.of("model.onnx", "tokenizer.json", "tandem-encoder.json")) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The encoder folder " + folder + " has no file " + name + ".",
                        "An encoder is a folder with model.onnx, tokenizer.json and tandem-encoder.json.");
            }
        }
        return new EncoderFiles(
                folder,
                EncoderSettings.read(folder.resolve("tandem-encoder.json")),
                "Use the ONNX export of a sentence encoder and the tokenizer.json that was published with it.");
    }

    Path model() {
        return folder.resolve("model.onnx");
    }

    Path tokenizer() {
        return folder.resolve("tokenizer.json");
    }

    /** SHA-256 over weights, tokenizer and settings, 64 hex digits. */
    String hash() {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (Path weights : weights()) {
                all.update(digest(weights));
            }
            all.update(digest(tokenizer()));
            all.update(settings.canonical().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all.digest());
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The encoder in " + folder + " cannot be read: " + e.getMessage(),
                    "Check that you may read its files.",
                    e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private List<Path> weights() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("model.onnx"))
                    // what another process is still unpacking is no weight of this encoder
                    .filter(file -> !Unpacked.unfinished(file))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static byte[] digest(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return digest.digest();
    }

    /** What to say when one of the files cannot be used. */
    Failure unusable(Path file, String reason, @Nullable Throwable cause) {
        return new Failure(
                Failure.Kind.INVALID, "The encoder's file " + file + " cannot be used: " + reason, repair, cause);
    }
}
