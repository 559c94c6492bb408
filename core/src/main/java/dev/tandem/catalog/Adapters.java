package dev.tandem.catalog;

import dev.tandem.domain.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of a tenant, read. Who may read the dataset that an adapter was trained on may see and use it, nobody else;
 * asked at that moment, so that what is revoked of a source is revoked of everything made from it. What is hidden looks
 * like something that is not there.
 */
public final class Adapters {

    static final String ENTRY = """
            SELECT a.key, a.owner, a.name, a.hash, s.key, s.name, a.version, v.hash, a.kind, a.task, a.base, a.base_hash,
                a.settings, a.figures, a.card, a.files, a.reason, a.at,
                (SELECT group_concat(l.alias, ',' ORDER BY l.alias) FROM alias l WHERE l.adapter = a.key)
            FROM adapter a JOIN dataset s ON s.key = a.dataset
            JOIN dataset_version v ON v.dataset = a.dataset AND v.version = a.version
            WHERE a.state <> 'removed'""";

    private static final String NAMED = ENTRY + " AND a.name = ?2 AND (?3 = '' OR a.owner = ?3) AND";

    private final Datasets datasets;

    Adapters(Datasets datasets) {
        this.datasets = datasets;
    }

    /** One's own first, then by name and owner, newest first; failed ones among them. */
    public List<AdapterEntry> list(Principal asker) {
        return datasets.read(
                asker,
                List.of(),
                (sql, sets) -> sql.all(
                        ENTRY + " AND" + Datasets.READABLE
                                + " ORDER BY a.owner <> ?2, a.name, a.owner, a.at DESC, a.key DESC",
                        Adapters::entry,
                        sets,
                        asker.user()));
    }

    /**
     * The adapter of that reference: one's own, else the first of another's that may be used. Failed ones are not found.
     *
     * @param reference {@code name@alias}, or {@code name@} and the first digits of the hash; before it perhaps
     *     {@code owner/}
     */
    public Optional<AdapterEntry> find(Principal asker, Reference reference) {
        List<AdapterEntry> ofName =
                named(asker, reference).stream().filter(each -> !each.failed()).toList();
        Optional<AdapterEntry> byAlias = ofName.stream()
                .filter(each -> each.aliases().contains(reference.state()))
                .findFirst();
        return byAlias.isPresent() || reference.state().isEmpty()
                ? byAlias
                : ofName.stream()
                        .filter(each -> startsWith(each, reference.state()))
                        .findFirst();
    }

    private static boolean startsWith(AdapterEntry entry, String digits) {
        String hash = entry.hash();
        return hash != null && digits.length() >= 4 && hash.startsWith(digits);
    }

    /** All of that name, of the owner of the first that may be used, newest first. */
    public List<AdapterEntry> named(Principal asker, Reference reference) {
        List<AdapterEntry> all = datasets.read(
                asker,
                List.of(),
                (sql, sets) -> sql.all(
                        NAMED + Datasets.READABLE + " ORDER BY a.owner <> ?4, a.owner, a.at DESC, a.key DESC",
                        Adapters::entry,
                        sets,
                        reference.name(),
                        reference.owner(),
                        asker.user()));
        return all.stream()
                .filter(each -> each.owner().equals(all.getFirst().owner()))
                .toList();
    }

    /** Whether the asker may use it at this moment; one that was blocked since has lost its hash. */
    public boolean mayUse(Principal asker, AdapterEntry entry) {
        return datasets.read(
                asker,
                false,
                (sql, sets) -> sql.number(
                                "SELECT EXISTS (" + ENTRY + " AND a.key = ?2 AND a.hash IS ?3 AND" + Datasets.READABLE
                                        + ")",
                                sets,
                                entry.key(),
                                entry.hash())
                        > 0);
    }

    /**
     * How an adapter is named.
     *
     * @param owner empty for one's own, else the first of another's
     * @param state an alias or the first digits of a hash; empty where none was named
     */
    public record Reference(String owner, String name, String state) {

        public static Reference parse(String text) {
            int slash = text.lastIndexOf('/');
            String owner = text.substring(0, Math.max(0, slash));
            String rest = text.substring(slash + 1);
            int at = rest.indexOf('@');
            return at < 0
                    ? new Reference(owner, rest, "")
                    : new Reference(owner, rest.substring(0, at), rest.substring(at + 1));
        }

        public Reference at(String otherState) {
            return new Reference(owner, name, otherState);
        }

        @Override
        public String toString() {
            return (owner.isEmpty() ? "" : owner + "/") + name + (state.isEmpty() ? "" : "@" + state);
        }
    }

    static AdapterEntry entry(ResultSet row) throws SQLException {
        String aliases = row.getString(19);
        return new AdapterEntry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getString(6) + "@" + row.getInt(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12),
                row.getString(13),
                row.getString(14),
                row.getString(15),
                Metadata.read(row.getString(16)),
                row.getString(17),
                Instant.ofEpochMilli(row.getLong(18)),
                split(aliases));
    }

    private static List<String> split(@Nullable String aliases) {
        return aliases == null ? List.of() : List.of(aliases.split(",", -1));
    }
}
