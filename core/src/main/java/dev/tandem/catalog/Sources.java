package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sources of a tenant and what was found at each; every question names the owner, who alone is told. */
public final class Sources {

    private static final String ENTRY = """
            SELECT collection, owner, name, kind, definition, access, given, every, due, visited, watermark, failure
            FROM source""";

    private static final String KEY = "(SELECT key FROM source WHERE collection = ? AND owner = ? AND name = ?)";

    private final Sql sql;
    private final Clock clock;

    Sources(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** The owner's, by collection and name. */
    public List<SourceEntry> of(String owner) {
        return sql.all(ENTRY + " WHERE owner = ? ORDER BY collection, name", Sources::entry, owner);
    }

    /** The owner's that are to be visited by now. */
    public List<SourceEntry> due(String owner) {
        return sql.all(
                ENTRY + " WHERE owner = ? AND every > 0 AND due <= ? ORDER BY due, collection, name",
                Sources::entry,
                owner,
                clock.millis());
    }

    public Optional<SourceEntry> find(String collection, String owner, String name) {
        return sql.first(
                ENTRY + " WHERE collection = ? AND owner = ? AND name = ?", Sources::entry, collection, owner, name);
    }

    /**
     * Sets it up, or anew: where it is read otherwise than before, it is read from its beginning. Readers, metadata and
     * schedule stay where none are given.
     */
    public SourceEntry put(SourceEntry source) {
        return sql.inTransaction(() -> {
            String definition = Metadata.write(source.definition());
            AccessSet access = source.access();
            sql.update(
                    """
                    INSERT INTO source (collection, owner, name, kind, definition, access, given, every, due)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
                    ON CONFLICT (collection, owner, name) DO UPDATE SET kind = ?4,
                        access = coalesce(?6, access),
                        given = CASE WHEN ?7 = '{}' THEN given ELSE ?7 END,
                        every = CASE WHEN ?8 = 0 THEN every ELSE ?8 END,
                        watermark = CASE WHEN definition = ?5 AND ?7 IN ('{}', given) THEN watermark ELSE '' END,
                        definition = ?5""",
                    source.collection(),
                    source.owner(),
                    source.name(),
                    source.kind(),
                    definition,
                    access == null ? null : access.canonical(),
                    Metadata.write(source.given()),
                    source.every().toSeconds());
            return find(source.collection(), source.owner(), source.name()).orElseThrow();
        });
    }

    /** What was found at the last visits, with the mark of each. */
    public SortedMap<String, String> items(SourceEntry source) {
        var items = new TreeMap<String, String>();
        sql.forEach(
                "SELECT path, mark FROM source_item WHERE source = " + KEY,
                row -> items.put(row.getString(1), row.getString(2)),
                source.collection(),
                source.owner(),
                source.name());
        return items;
    }

    public void putItem(SourceEntry source, String path, String mark) {
        sql.update(
                "INSERT OR REPLACE INTO source_item (source, path, mark) SELECT key, ?, ? FROM source"
                        + " WHERE collection = ? AND owner = ? AND name = ?",
                path,
                mark,
                source.collection(),
                source.owner(),
                source.name());
    }

    /** Lets go of an item; says whether another source of the same owner and collection still has it. */
    public boolean dropItem(SourceEntry source, String path) {
        return sql.inTransaction(() -> {
            sql.update(
                    "DELETE FROM source_item WHERE path = ? AND source = " + KEY,
                    path,
                    source.collection(),
                    source.owner(),
                    source.name());
            return sql.number("""
                            SELECT count(*) FROM source_item i JOIN source s ON s.key = i.source
                            WHERE i.path = ? AND s.collection = ? AND s.owner = ?""", path, source.collection(), source.owner()) > 0;
        });
    }

    /** It was read to its end. */
    public void visited(SourceEntry source, String watermark) {
        long now = clock.millis();
        sql.update("""
                UPDATE source SET visited = ?, watermark = ?, failure = NULL, due = ?
                WHERE collection = ? AND owner = ? AND name = ?""", now, watermark, next(source, now), source.collection(), source.owner(), source.name());
    }

    /** The visit failed, and this is why; it is tried again when it is due the next time. */
    public void failed(SourceEntry source, String reason) {
        sql.update(
                "UPDATE source SET failure = ?, due = ? WHERE collection = ? AND owner = ? AND name = ?",
                reason,
                next(source, clock.millis()),
                source.collection(),
                source.owner(),
                source.name());
    }

    /** Visited no more; its documents are somebody else's matter. */
    public void delete(SourceEntry source) {
        sql.inTransaction(() -> {
            sql.update(
                    "DELETE FROM source_item WHERE source = " + KEY,
                    source.collection(),
                    source.owner(),
                    source.name());
            return sql.update(
                    "DELETE FROM source WHERE collection = ? AND owner = ? AND name = ?",
                    source.collection(),
                    source.owner(),
                    source.name());
        });
    }

    private static long next(SourceEntry source, long now) {
        return source.every().isZero() ? 0 : now + source.every().toMillis();
    }

    private static SourceEntry entry(ResultSet row) throws SQLException {
        String access = row.getString(6);
        long visited = row.getLong(10);
        return new SourceEntry(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Metadata.read(row.getString(5)),
                access == null ? null : AccessSet.parse(access),
                Metadata.read(row.getString(7)),
                Duration.ofSeconds(row.getLong(8)),
                Instant.ofEpochMilli(row.getLong(9)),
                visited == 0 ? null : Instant.ofEpochMilli(visited),
                row.getString(11),
                row.getString(12));
    }
}
