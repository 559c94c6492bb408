package dev.tandem.bench;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An encoder that remembers, in a file, what it embedded in earlier runs: a study that is run again with another setting
 * embeds only what is new. Records of the file are the SHA-256 of encoder, role and text, then the vector.
 */
final class VectorCache implements Embedder {

    private static final int KEY_BYTES = 32;
    private static final int BATCH = 512;

    private final Embedder encoder;
    private final Path file;
    private final Map<String, float[]> vectors = new HashMap<>();

    VectorCache(Embedder encoder, Path file) {
        this.encoder = encoder;
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (Files.exists(file)) {
                load();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Encoder encoder() {
        return encoder.encoder();
    }

    @Override
    public int countTokens(String text) {
        return encoder.countTokens(text);
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        var missing = new LinkedHashMap<String, String>();
        for (String text : texts) {
            String key = key(text, role);
            if (!vectors.containsKey(key)) {
                missing.put(key, text);
            }
        }
        fill(new ArrayList<>(missing.entrySet()), role);
        return texts.stream().map(text -> vectors.get(key(text, role))).toList();
    }

    private void fill(List<Map.Entry<String, String>> missing, Role role) {
        for (int from = 0; from < missing.size(); from += BATCH) {
            var batch = missing.subList(from, Math.min(missing.size(), from + BATCH));
            var made = encoder.embed(batch.stream().map(Map.Entry::getValue).toList(), role);
            try (var out = new DataOutputStream(new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)))) {
                for (int i = 0; i < batch.size(); i++) {
                    vectors.put(batch.get(i).getKey(), made.get(i));
                    out.write(HexFormat.of().parseHex(batch.get(i).getKey()));
                    for (float value : made.get(i)) {
                        out.writeFloat(value);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.err.printf("\rembedded %,d of %,d new texts", from + batch.size(), missing.size());
        }
        if (!missing.isEmpty()) {
            System.err.println();
        }
    }

    /** An interrupted run may leave half a record at the end, which is then cut off. */
    private void load() throws IOException {
        int dimensions = encoder.encoder().dimensions();
        long whole = 0;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            byte[] key = new byte[KEY_BYTES];
            while (true) {
                in.readFully(key);
                var vector = new float[dimensions];
                for (int i = 0; i < dimensions; i++) {
                    vector[i] = in.readFloat();
                }
                vectors.put(HexFormat.of().formatHex(key), vector);
                whole += KEY_BYTES + 4L * dimensions;
            }
        } catch (EOFException _) {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
    }

    private String key(String text, Role role) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((encoder.encoder().hash() + "\n" + role + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
