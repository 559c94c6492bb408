package dev.tandem.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How datasets stand in the tables, for their reader and their writer. */
final class DatasetRows {

    /** Columns of {@link #version(ResultSet)}; the dataset is {@code s}, its version {@code v}. */
    static final String VERSION = """
            SELECT s.key, s.owner, s.name, v.version, v.hash, v.at, v.format, v.files, v.rejected, v.train, v.validation,
                v.test, a.canonical
            FROM dataset s JOIN access_set a ON a.id = s.access_set JOIN dataset_version v ON v.dataset = s.key""";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private DatasetRows() {}

    /** An example and the SHA-256, in hex, over what it says; its line is no part of that. */
    record Hashed(Example example, String hash) {}

    /**
     * In the order of their hashes: the same for every order of the rows, so that what is made from a dataset does not
     * depend on it either.
     */
    static List<Hashed> canonical(Collection<Example> examples) {
        var hashed = new ArrayList<Hashed>(examples.size());
        for (Example example : examples) {
            hashed.add(new Hashed(example, hash(example)));
        }
        hashed.sort(Comparator.comparing(Hashed::hash)
                .thenComparingInt(each -> each.example().line()));
        return hashed;
    }

    /** SHA-256 in hex over the hashes of the examples, sorted. */
    static String hash(List<Hashed> canonical) {
        MessageDigest digest = Sha256.digest();
        canonical.forEach(each -> digest.update(HexFormat.of().parseHex(each.hash())));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Each text is preceded by its length, so that no two examples run together in the same way. */
    private static String hash(Example example) {
        return HexFormat.of()
                .formatHex(hash(
                        example.part().word(),
                        example.input(),
                        example.output(),
                        example.family(),
                        written(example.beside())));
    }

    /** @param beside as {@link #written} writes it; where it is empty, an example has the hash that it had before there was any */
    static byte[] hash(String part, String input, String output, String family, String beside) {
        MessageDigest digest = Sha256.digest();
        List<String> texts =
                beside.isEmpty() ? List.of(part, input, output, family) : List.of(part, input, output, family, beside);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return digest.digest();
    }

    /** {@code {"negatives":[…]}} or {@code {"context":"…","answers":[…]}}; empty for nothing. */
    static String written(Beside beside) {
        return switch (beside) {
            case Beside.Nothing _ -> "";
            case Beside.Negatives negatives -> json(Map.of("negatives", negatives.passages()));
            case Beside.Context context -> {
                var json = new LinkedHashMap<String, Object>();
                json.put("context", context.passage());
                json.put("answers", context.answers());
                yield json(json);
            }
        };
    }

    static Beside beside(String written) {
        if (written.isEmpty()) {
            return Beside.NOTHING;
        }
        try {
            JsonNode json = JSON.readTree(written);
            List<String> texts = JSON.convertValue(json.get(json.has("context") ? "answers" : "negatives"), STRINGS);
            return json.has("context")
                    ? new Beside.Context(json.get("context").asText(), texts)
                    : new Beside.Negatives(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no texts beside an example: " + written, e);
        }
    }

    private static String json(Map<String, ?> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can be written", e);
        }
    }

    static DatasetVersion version(ResultSet row) throws SQLException {
        return new DatasetVersion(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)),
                row.getString(7),
                strings(row.getString(8)),
                row.getInt(9),
                row.getInt(10),
                row.getInt(11),
                row.getInt(12),
                AccessSet.parse(row.getString(13)));
    }

    static String json(List<String> strings) {
        try {
            return JSON.writeValueAsString(strings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of strings can be written", e);
        }
    }

    private static List<String> strings(String json) {
        try {
            return JSON.readValue(json, STRINGS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no list of strings: " + json, e);
        }
    }
}
