package dev.tandem.catalog;

import dev.tandem.domain.DocumentRef;
import java.util.Optional;

/**
 * A live version's text as it was read, uncut.
 *
 * @param blocks what it is made of, as whoever cuts it wrote that; empty where it was read before that was kept
 */
public record WholeText(DocumentRef document, String text, String blocks) {

    static Optional<WholeText> of(Sql sql, long document) {
        return sql.first(
                """
                SELECT d.id, d.live, d.collection, v.title, d.path, d.source, v.modified, v.metadata, v.text, v.blocks,
                    v.language
                FROM document d JOIN version v ON v.document = d.key AND v.version = d.live
                WHERE d.key = ? AND d.live > 0""", row -> new WholeText(Catalog.document(row), row.getString(9), row.getString(10)), document);
    }
}
