package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers of one tenant that may be given again, by a key that says everything they depend on. A cache: it may be deleted at
 * any time, is in no backup, and where it cannot be read or written nothing is remembered, which is no failure.
 */
public final class Answers {

    /** More than these, and the ones that were not used for longest go. */
    public static final int MOST = 1_000;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, collection TEXT NOT NULL, moment TEXT NOT NULL,"
                    + " answer TEXT NOT NULL, used INTEGER NOT NULL)",
            "CREATE INDEX IF NOT EXISTS answer_used ON answer (used)");

    private final SideFile file;
    private final int most;

    private Answers(SideFile file, int most) {
        this.file = file;
        this.most = most;
    }

    /** Of a tenant. Touches no disk before the first answer is kept. */
    public static Answers of(Home home, String tenant) {
        return of(home, tenant, MOST);
    }

    static Answers of(Home home, String tenant, int most) {
        return new Answers(file(home, tenant), most);
    }

    static SideFile file(Home home, String tenant) {
        return new SideFile(home, home.answers(tenant), SCHEMA);
    }

    /** Word for word what was kept; a row that is damaged counts as none, and goes. */
    public Optional<String> find(String key) {
        if (!file.exists()) {
            return Optional.empty();
        }
        try {
            return file.use(sql -> {
                Optional<String> stored = sql.first(
                        "SELECT answer FROM answer WHERE key = ?",
                        row -> Objects.requireNonNullElse(row.getString(1), ""),
                        key);
                // What has no seal may be damaged and nobody could tell: it costs one answer to do without it.
                Optional<String> found =
                        stored.filter(text -> !Seal.isFromBefore(text)).flatMap(text -> Seal.open(text, key));
                if (stored.isPresent() && found.isEmpty()) {
                    sql.update("DELETE FROM answer WHERE key = ?", key);
                }
                if (found.isPresent()) {
                    sql.update("UPDATE answer SET used = (SELECT max(used) + 1 FROM answer) WHERE key = ?", key);
                }
                return found;
            });
        } catch (Failure noCache) {
            return Optional.empty();
        }
    }

    /** Keeps it, and lets go of what was answered in the collection at other moments: nobody can ask for that again. */
    public void keep(String key, String collection, String moment, String answer) {
        try {
            file.use(sql -> sql.inTransaction(() -> {
                sql.update("DELETE FROM answer WHERE collection = ? AND moment <> ?", collection, moment);
                sql.update(
                        "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, (SELECT coalesce(max(used), 0) + 1 FROM answer))",
                        key,
                        collection,
                        moment,
                        Seal.on(answer, key));
                return sql.update(
                        "DELETE FROM answer WHERE key IN (SELECT key FROM answer ORDER BY used DESC LIMIT -1 OFFSET ?)",
                        most);
            }));
        } catch (Failure noCache) {
            // the answer is given all the same
        }
    }

    public void drop(String key) {
        try {
            file.use(sql -> sql.update("DELETE FROM answer WHERE key = ?", key));
        } catch (Failure noCache) {
            // what its key says no longer holds
        }
    }

    /** No byte of any answer is left. */
    static void forget(Home home, String tenant) {
        if (Files.exists(home.answers(tenant))) {
            of(home, tenant).file.purge(sql -> sql.update("DELETE FROM answer"));
        }
    }

    /** Answers that are damaged: they are not given. */
    static long damaged(Sql sql) {
        return sql
                .all(
                        "SELECT key, answer FROM answer",
                        row -> Seal.open(row.getString(2), row.getString(1)).isEmpty())
                .stream()
                .filter(is -> is)
                .count();
    }

    /** How many there are. */
    public long count() {
        return file.exists() ? file.use(sql -> sql.number("SELECT count(*) FROM answer")) : 0;
    }
}
