package dev.tandem.catalog;

import dev.tandem.domain.Encoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Vectors by the text they were made of: the same text is never embedded twice with the same encoder. */
public final class Vectors {

    private final Sql sql;
    private final Encoder encoder;
    private final long id;

    private Vectors(Sql sql, Encoder encoder, long id) {
        this.sql = sql;
        this.encoder = encoder;
        this.id = id;
    }

    static Vectors of(Sql sql, Encoder encoder) {
        sql.update(
                "INSERT OR IGNORE INTO encoder (hash, name, dimensions) VALUES (?, ?, ?)",
                encoder.hash(),
                encoder.name(),
                encoder.dimensions());
        return new Vectors(sql, encoder, sql.number("SELECT id FROM encoder WHERE hash = ?", encoder.hash()));
    }

    /** The vector of the text with that hash (SHA-256 in hex), where it was ever made. */
    public Optional<float[]> of(String textHash) {
        return sql.first(
                "SELECT vector FROM vector WHERE encoder = ? AND text_hash = ?",
                row -> floats(row.getBytes(1)),
                id,
                HexFormat.of().parseHex(textHash));
    }

    /** Characters of the document's chunks whose texts are still to be embedded; none where the encoder cannot read it. */
    public long missing(Change change) {
        return sql.number("""
                SELECT sum(c.span_end - c.span_start) FROM chunk c JOIN version w USING (document, version)
                WHERE c.document = ?1 AND (?3 = '' OR instr(?3, w.language) > 0) AND NOT EXISTS (
                    SELECT 1 FROM vector v WHERE v.encoder = ?2 AND v.text_hash = c.text_hash)""", change.document(), id, encoder.languageCodes());
    }

    /** Texts without a vector, and their characters. */
    public record Lacking(long texts, long characters) {}

    /** Texts of the collection's live documents, in languages that the encoder knows, to be embedded still; each once. */
    public Lacking lacking(String collection) {
        return sql.first(
                        """
                        SELECT count(*), coalesce(sum(length), 0) FROM (
                            SELECT c.text_hash, max(c.span_end - c.span_start) AS length
                            FROM chunk c JOIN document d ON d.key = c.document
                            JOIN version w ON w.document = d.key AND w.version = d.live
                            WHERE d.collection = ?1 AND d.live > 0 AND (?3 = '' OR instr(?3, w.language) > 0)
                                AND NOT EXISTS (
                                SELECT 1 FROM vector v WHERE v.encoder = ?2 AND v.text_hash = c.text_hash)
                            GROUP BY c.text_hash)""",
                        row -> new Lacking(row.getLong(1), row.getLong(2)),
                        collection,
                        id,
                        encoder.languageCodes())
                .orElseThrow();
    }

    /** Keeps vectors by the hash of their text, in one transaction. */
    public void keep(Map<String, float[]> vectors) {
        sql.inTransaction(() -> {
            vectors.forEach((hash, vector) -> sql.update(
                    "INSERT OR IGNORE INTO vector (encoder, text_hash, vector) VALUES (?, ?, ?)",
                    id,
                    HexFormat.of().parseHex(hash),
                    bytes(vector)));
            return vectors.size();
        });
    }

    private byte[] bytes(float[] vector) {
        if (vector.length != encoder.dimensions()) {
            throw new IllegalArgumentException(vector.length + " dimensions, not " + encoder.dimensions());
        }
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
