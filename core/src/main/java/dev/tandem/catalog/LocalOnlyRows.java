package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.LocalOnly;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.time.Clock;

/** Which collections stay on this machine. Anybody with documents in one can say so; only who did can take it back. */
public final class LocalOnlyRows implements LocalOnly {

    private final Sql sql;
    private final Clock clock;

    LocalOnlyRows(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    static boolean has(Sql sql, String collection) {
        return sql.number("SELECT count(*) FROM local_only WHERE collection = ?", collection) > 0;
    }

    @Override
    public boolean isLocalOnly(String collection) {
        return has(sql, collection);
    }

    /** From this commit on; one that is local-only stays so, and stays whose it was. */
    public void begin(Principal asker, String collection) {
        if (!isLocalOnly(collection)) {
            sql.update(
                    "INSERT INTO local_only (collection, owner, at) VALUES (?, ?, ?)",
                    collection,
                    asker.user(),
                    clock.millis());
        }
    }

    /**
     * Lets the collection be sent elsewhere again; nothing happens where it is not local-only.
     *
     * @throws Failure DENIED where somebody else made it local-only
     */
    public void end(Principal asker, String collection) {
        if (isLocalOnly(collection)
                && sql.update("DELETE FROM local_only WHERE collection = ? AND owner = ?", collection, asker.user())
                        == 0) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "Only who made the collection '" + Printable.of(collection) + "' local-only can take that back.",
                    "Ask them, or put documents that may be sent elsewhere into another collection.");
        }
    }
}
