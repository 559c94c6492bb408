package dev.tandem.catalog;

import dev.tandem.domain.Principal;
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

    private static final String READABLE = """
            SELECT c.key, c.id, c.identity, c.at, c.report FROM comparison c
            WHERE c.owner = ? AND NOT EXISTS (
                SELECT 1 FROM comparison_dataset x JOIN dataset d ON d.key = x.dataset
                WHERE x.comparison = c.key AND (
                    d.access_set NOT IN (%1$s)
                    OR EXISTS (
                        SELECT 1 FROM dataset_source s JOIN document o ON o.key = s.document
                        WHERE s.dataset = d.key AND (o.live = 0 OR o.access_set NOT IN (%1$s)))))""";

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
        return catalog.read(sql -> {
            String readable = readable(sql, asker);
            return readable.isEmpty()
                    ? List.of()
                    : sql.all(
                            READABLE.formatted(readable) + " ORDER BY c.at DESC, c.key DESC",
                            row -> new Entry(
                                    row.getString(2),
                                    row.getString(3),
                                    Instant.ofEpochMilli(row.getLong(4)),
                                    row.getString(5)),
                            asker.user());
        });
    }

    /** The asker's own of that id. */
    public Optional<Entry> find(Principal asker, String id) {
        return all(asker).stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** What was measured of an arm: JSON objects by the case's number in the suite; empty where there is nothing to see. */
    public SortedMap<Integer, String> outcomes(Principal asker, String id, String arm) {
        return catalog.read(sql -> {
            String readable = readable(sql, asker);
            if (readable.isEmpty()) {
                return new TreeMap<>();
            }
            return sql.first(READABLE.formatted(readable) + " AND c.id = ?", row -> row.getLong(1), asker.user(), id)
                    .map(key -> ComparisonWriter.outcomes(sql, key, arm))
                    .orElseGet(TreeMap::new);
        });
    }

    /** The asker's access sets as SQL numbers, -1 for none of them; empty for who is of another tenant. */
    private String readable(Sql sql, Principal asker) {
        if (!catalog.isOf(asker)) {
            return "";
        }
        var sets = catalog.readableAccessSets(sql, asker);
        return sets.isEmpty()
                ? "-1"
                : String.join(",", sets.stream().sorted().map(String::valueOf).toList());
    }
}
