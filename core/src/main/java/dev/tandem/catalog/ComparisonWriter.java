package dev.tandem.catalog;

import java.time.Clock;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Comparisons of arms as they come in, by their owner and id. */
public final class ComparisonWriter {

    private final Sql sql;
    private final Clock clock;

    ComparisonWriter(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Begins a comparison; nothing happens where it is there already.
     *
     * @param identity what makes two comparisons the same, a JSON object
     * @param datasets keys of the datasets that its arms were made from
     */
    public void open(String owner, String id, String identity, Set<Long> datasets) {
        sql.inTransaction(() -> {
            sql.update(
                    "INSERT OR IGNORE INTO comparison (id, owner, identity, at) VALUES (?, ?, ?, ?)",
                    id,
                    owner,
                    identity,
                    clock.millis());
            long key = key(owner, id);
            String known = sql.first("SELECT identity FROM comparison WHERE key = ?", row -> row.getString(1), key)
                    .orElse("");
            if (!known.equals(identity)) {
                throw new IllegalStateException("two comparisons are called " + id);
            }
            datasets.forEach(dataset -> sql.update(
                    "INSERT OR IGNORE INTO comparison_dataset (comparison, dataset) VALUES (?, ?)", key, dataset));
            return key;
        });
    }

    /** What was measured of an arm: JSON objects by the case's number in the suite. */
    public SortedMap<Integer, String> outcomes(String owner, String id, String arm) {
        return outcomes(sql, key(owner, id), arm);
    }

    static SortedMap<Integer, String> outcomes(Sql sql, long key, String arm) {
        var outcomes = new TreeMap<Integer, String>();
        sql.forEach(
                "SELECT ordinal, outcome FROM outcome WHERE comparison = ? AND arm = ? ORDER BY ordinal",
                row -> outcomes.put(row.getInt(1), row.getString(2)),
                key,
                arm);
        return outcomes;
    }

    /** In one transaction. What was kept of a case before stays: an outcome is measured once. */
    public void append(String owner, String id, String arm, SortedMap<Integer, String> outcomes) {
        long key = key(owner, id);
        sql.inTransaction(() -> {
            outcomes.forEach((ordinal, outcome) -> sql.update(
                    "INSERT OR IGNORE INTO outcome (comparison, arm, ordinal, outcome) VALUES (?, ?, ?, ?)",
                    key,
                    arm,
                    ordinal,
                    outcome));
            return outcomes.size();
        });
    }

    /** The report, a JSON object; a later one takes its place. */
    public void finish(String owner, String id, String report) {
        sql.update("UPDATE comparison SET report = ? WHERE key = ?", report, key(owner, id));
    }

    private long key(String owner, String id) {
        return sql.first("SELECT key FROM comparison WHERE owner = ? AND id = ?", row -> row.getLong(1), owner, id)
                .orElseThrow(() -> new IllegalStateException("no comparison " + id));
    }
}
