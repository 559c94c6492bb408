package dev.tandem.catalog;

import dev.tandem.domain.RetrievalSettings;
import java.time.Clock;
import java.util.Optional;

/** How collections are cut and searched, where that was tuned. */
public final class RetrievalRows {

    private final Sql sql;
    private final Clock clock;

    RetrievalRows(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    static Optional<RetrievalSettings> of(Sql sql, String collection) {
        return sql.first(
                "SELECT chunks, lexical_weight, passages, reranker FROM retrieval WHERE collection = ?",
                row -> new RetrievalSettings(row.getString(1), row.getDouble(2), row.getInt(3), row.getString(4)),
                collection);
    }

    /** Empty where it is as usual. */
    public Optional<RetrievalSettings> of(String collection) {
        return of(sql, collection);
    }

    /** From this commit on. */
    public void set(String collection, RetrievalSettings settings) {
        sql.update(
                """
                INSERT OR REPLACE INTO retrieval (collection, chunks, lexical_weight, passages, reranker, at)
                VALUES (?, ?, ?, ?, ?, ?)""",
                collection,
                settings.chunks(),
                settings.lexicalWeight(),
                settings.passages(),
                settings.reranker(),
                clock.millis());
    }

    /** As usual again. */
    public void clear(String collection) {
        sql.update("DELETE FROM retrieval WHERE collection = ?", collection);
    }
}
