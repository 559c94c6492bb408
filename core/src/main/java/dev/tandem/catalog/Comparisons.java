package dev.tandem.catalog;

import dev.tandem.domain.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of arms, read. One belongs to who ran it, and shows texts of what its arms were made from: only its owner sees
 * it, and only as long as they may read every dataset and every document behind it. Safe for use by several threads.
 */
public final class Comparisons {

    /**
     * The sets that the asker may read are the value ?1, a JSON array; a source that is gone keeps its last access set, as for
     * {@code dataset}.
     */
    private static final String READABLE = """
            SELECT c.key, c.id, c.identity, c.at, c.report FROM comparison c
            WHERE c.owner = ?2 AND NOT EXISTS (
                SELECT 1 FROM comparison_dataset x JOIN dataset d ON d.key = x.dataset
                WHERE x.comparison = c.key AND (
                    d.access_set NOT IN (SELECT value FROM json_each(?1))
                    OR EXISTS (
                        SELECT 1 FROM dataset_source s JOIN document o ON o.key = s.document
                        WHERE s.dataset = d.key AND o.access_set NOT IN (SELECT value FROM json_each(?1)))))""";

    private final Catalog catalog;

    /**
     * A comparison as it stands.
     *
     * @param identity what makes two comparisons the same, a JSON object
     * @param report a JSON object; null until it is finished
     */
    public record Entry(
            String id,
            String identity,
            Instant at,
            @Nullable String report) {}

    Comparisons(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The asker's own, latest first. */
    public List<Entry> all(Principal asker) {
        return catalog.read(sql -> catalog.isOf(asker)
                ? sql.all(
                        READABLE + " ORDER BY c.at DESC, c.key DESC",
                        Comparisons::entry,
                        readable(sql, asker),
                        asker.user())
                : List.of());
    }

    /** The asker's own of that id. */
    public Optional<Entry> find(Principal asker, String id) {
        return catalog.read(sql -> catalog.isOf(asker)
                ? sql.first(READABLE + " AND c.id = ?3", Comparisons::entry, readable(sql, asker), asker.user(), id)
                : Optional.empty());
    }

    /** What was measured of an arm: JSON objects by the case's number in the suite; empty where there is nothing to see. */
    public SortedMap<Integer, String> outcomes(Principal asker, String id, String arm) {
        return catalog.read(sql -> catalog.isOf(asker)
                ? sql.first(READABLE + " AND c.id = ?3", row -> row.getLong(1), readable(sql, asker), asker.user(), id)
                        .map(key -> ComparisonWriter.outcomes(sql, key, arm))
                        .orElseGet(TreeMap::new)
                : new TreeMap<>());
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(row.getString(2), row.getString(3), Instant.ofEpochMilli(row.getLong(4)), row.getString(5));
    }

    private String readable(Sql sql, Principal asker) {
        return "["
                + String.join(
                        ",",
                        catalog.readableAccessSets(sql, asker).stream()
                                .map(String::valueOf)
                                .toList())
                + "]";
    }
}
