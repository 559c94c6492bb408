package dev.tandem.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.AccessSet;
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
import java.util.List;

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
                .formatHex(hash(example.part().word(), example.input(), example.output(), example.family()));
    }

    static byte[] hash(String part, String input, String output, String family) {
        MessageDigest digest = Sha256.digest();
        for (String text : List.of(part, input, output, family)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return digest.digest();
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
