package dev.tandem.catalog;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Chunks in the catalog: spans of the text that stands there once. */
final class Chunks {

    private Chunks() {}

    static void write(Sql sql, long document, List<Chunk> chunks, List<String> textHashes) {
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            sql.update(
                    "INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    document,
                    chunk.version(),
                    chunk.ordinal(),
                    chunk.span().start(),
                    chunk.span().end(),
                    chunk.section().start(),
                    chunk.section().end(),
                    chunk.headingPath(),
                    chunk.page(),
                    HexFormat.of().parseHex(textHashes.get(i)));
        }
    }

    private record Whole(DocumentRef document, long accessSet, String text) {}

    static Optional<Stored> read(Sql sql, long document) {
        return sql.first("""
                        SELECT d.id, d.live, d.collection, v.title, d.path, d.source, v.modified, v.metadata,
                            d.access_set, v.text, v.language
                        FROM document d JOIN version v ON v.document = d.key AND v.version = d.live
                        WHERE d.key = ? AND d.live > 0""", row -> new Whole(Catalog.document(row), row.getLong(9), row.getString(10)), document)
                .map(whole -> read(sql, document, whole));
    }

    private static Stored read(Sql sql, long document, Whole whole) {
        var chunks = new ArrayList<Chunk>();
        var hashes = new ArrayList<String>();
        var cut = new Cut(whole.text());
        sql.forEach(
                """
                SELECT version, ordinal, span_start, span_end, section_start, section_end, heading_path, page, text_hash
                FROM chunk WHERE document = ? ORDER BY ordinal""",
                row -> {
                    var span = new Span(row.getInt(3), row.getInt(4));
                    chunks.add(new Chunk(
                            whole.document().id(),
                            row.getInt(1),
                            row.getInt(2),
                            span,
                            new Span(row.getInt(5), row.getInt(6)),
                            row.getString(7),
                            row.getInt(8),
                            cut.of(span)));
                    hashes.add(HexFormat.of().formatHex(row.getBytes(9)));
                },
                document);
        return new Stored(whole.document(), whole.accessSet(), chunks, hashes);
    }

    /** Cuts spans out of a text front to back, counting its code points once. */
    private static final class Cut {
        private final String text;
        private int codePoints;
        private int index;

        Cut(String text) {
            this.text = text;
        }

        String of(Span span) {
            index = text.offsetByCodePoints(index, span.start() - codePoints);
            int end = text.offsetByCodePoints(index, span.length());
            String cut = text.substring(index, end);
            index = end;
            codePoints = span.end();
            return cut;
        }
    }
}
