package dev.tandem.catalog;

import dev.tandem.domain.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Who let a rule be passed over, when, and why: a small database of a tenant, to which rows are added and in which none is
 * changed or removed. A reader sees what they did themselves.
 */
public final class Audit {

    private static final List<String> SCHEMA =
            List.of("CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user TEXT NOT NULL,"
                    + " action TEXT NOT NULL, subject TEXT NOT NULL, found TEXT NOT NULL, reason TEXT NOT NULL)");

    private final SideFile file;
    private final Clock clock;

    private Audit(SideFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * One row.
     *
     * @param action the rule that was passed over, such as {@code allow-pii}
     * @param subject what it was passed over for
     * @param found what the rule would have stopped
     * @param whole whether the row is what was written
     */
    public record Entry(
            Instant at, String user, String action, String subject, String found, String reason, boolean whole) {}

    /** Of a tenant. Touches no disk before the first entry. */
    public static Audit of(Home home, String tenant) {
        return new Audit(file(home, tenant), Clock.systemUTC());
    }

    static SideFile file(Home home, String tenant) {
        return new SideFile(home, home.audit(tenant), SCHEMA);
    }

    /** On disk when this returns. */
    public void write(Principal who, String action, String subject, String found, String reason) {
        long at = clock.millis();
        file.use(sql -> sql.update(
                "INSERT INTO entry (at, user, action, subject, found, reason) VALUES (?, ?, ?, ?, ?, ?)",
                at,
                who.user(),
                action,
                subject,
                found,
                Seal.on(reason, at, who.user(), action, subject, found)));
    }

    /** What the asker did, newest first. */
    public List<Entry> entries(Principal asker) {
        return !file.exists()
                ? List.of()
                : file.use(sql -> sql.all(
                        "SELECT at, user, action, subject, found, reason FROM entry WHERE user = ? ORDER BY id DESC",
                        Audit::entry,
                        asker.user()));
    }

    /** Rows that are not what was written. */
    static long damaged(Sql sql) {
        return sql.all("SELECT at, user, action, subject, found, reason FROM entry", Audit::entry).stream()
                .filter(each -> !each.whole())
                .count();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        long at = row.getLong(1);
        String user = text(row, 2);
        String action = text(row, 3);
        String subject = text(row, 4);
        String found = text(row, 5);
        String sealed = text(row, 6);
        String reason = Seal.isFromBefore(sealed)
                ? null
                : Seal.open(sealed, at, user, action, subject, found).orElse(null);
        return new Entry(
                Instant.ofEpochMilli(at),
                user,
                action,
                subject,
                found,
                reason == null ? sealed : reason,
                reason != null);
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }
}
