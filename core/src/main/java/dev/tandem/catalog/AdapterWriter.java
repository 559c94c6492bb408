package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The adapters of a tenant, written. Registering adds a row and never changes one; an alias moves in one transaction with
 * the line that tells of the move, so that it points at one adapter or at another, never at neither.
 */
public final class AdapterWriter {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private final Sql sql;
    private final Clock clock;

    AdapterWriter(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** The name itself; throws INVALID where neither an adapter nor an alias can be called that. */
    public static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "An adapter or an alias cannot be called '" + Printable.of(name) + "'.",
                    "Use up to 63 lower-case letters, digits, - and _, for example --name ticket-queues.");
        }
        return name;
    }

    /** Its row; the same hash under the same name is that row again, with the newer figures and card. */
    public AdapterEntry register(AdapterDraft draft, String hash) {
        requireName(draft.name());
        return sql.inTransaction(() -> {
            long known = sql.number(
                    "SELECT key FROM adapter WHERE owner = ? AND name = ? AND hash = ? AND dataset = ? AND version = ?"
                            + " AND state = 'registered'",
                    draft.owner().user(),
                    draft.name(),
                    hash,
                    draft.dataset().key(),
                    draft.dataset().version());
            if (known != 0) {
                sql.update(
                        "UPDATE adapter SET figures = ?, card = ?, settings = ? WHERE key = ?",
                        draft.figures(),
                        draft.card(),
                        draft.settings(),
                        known);
                return entry(known);
            }
            return insert(draft, hash, "registered", null);
        });
    }

    /**
     * To be called before its files are written: what it learned from may have been forgotten since it was read.
     *
     * @throws Failure CONFLICT where the dataset is not what it was
     */
    public void requireDataset(AdapterDraft draft) {
        DatasetVersion dataset = draft.dataset();
        boolean stands = sql.number(
                        "SELECT count(*) FROM dataset_version WHERE dataset = ? AND version = ? AND hash = ?",
                        dataset.key(),
                        dataset.version(),
                        dataset.hash())
                == 1;
        if (!stands) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The dataset " + dataset.reference()
                            + " was changed or forgotten while it was learned from; nothing" + " was registered.",
                    "See what there is with tandem dataset list, and train again.");
        }
    }

    /** That training was tried and came to nothing. */
    public AdapterEntry failed(AdapterDraft draft, String reason) {
        return sql.inTransaction(() -> insert(draft, null, "failed", reason));
    }

    private AdapterEntry insert(
            AdapterDraft draft,
            @org.jspecify.annotations.Nullable String hash,
            String state,
            @org.jspecify.annotations.Nullable String reason) {
        sql.update(
                """
                INSERT INTO adapter (owner, name, hash, dataset, version, kind, task, base, base_hash, settings, figures,
                    card, files, state, reason, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                draft.owner().user(),
                draft.name(),
                hash,
                draft.dataset().key(),
                draft.dataset().version(),
                draft.kind(),
                draft.task(),
                draft.base(),
                draft.baseHash(),
                draft.settings(),
                draft.figures(),
                draft.card(),
                Metadata.write(draft.files()),
                state,
                reason,
                clock.millis());
        return entry(sql.number("SELECT last_insert_rowid()"));
    }

    /** Points the alias at the adapter, wherever it pointed before. */
    public AdapterEntry promote(AdapterEntry adapter, String alias) {
        requireName(alias);
        return sql.inTransaction(() -> {
            requireThere(adapter);
            point(adapter.owner(), adapter.name(), alias, adapter.key());
            record(adapter.owner(), adapter.name(), alias, "PROMOTE", adapter.key());
            return entry(adapter.key());
        });
    }

    /**
     * Points the alias back at what it pointed at before the last promotion that was not yet taken back, past adapters that
     * were removed since and those that are not usable.
     *
     * @param usable whether the owner may use the adapter at this moment
     * @throws Failure CONFLICT where there is nothing to go back to
     */
    public AdapterEntry rollback(Principal owner, String name, String alias, Predicate<AdapterEntry> usable) {
        return sql.inTransaction(() -> {
            var stack = new ArrayDeque<Long>();
            // Of removed ones, too: a rollback to one of them took back what stood above it.
            sql.forEach(
                    "SELECT op, adapter FROM alias_move WHERE owner = ? AND name = ? AND alias = ? ORDER BY seq",
                    row -> {
                        long adapter = row.getLong(2);
                        if (row.getString(1).equals("PROMOTE")) {
                            stack.push(adapter);
                        } else {
                            while (!stack.isEmpty() && stack.peek() != adapter) {
                                stack.pop();
                            }
                        }
                    },
                    owner.user(),
                    name,
                    alias);
            Long now = stack.poll();
            AdapterEntry before = stack.stream()
                    .filter(key -> !key.equals(now))
                    .flatMap(key -> find(key).stream())
                    .filter(each -> !each.failed())
                    .filter(usable)
                    .findFirst()
                    .orElseThrow(() -> new Failure(
                            Failure.Kind.CONFLICT,
                            "The alias " + Printable.of(name + "@" + alias) + " has no other adapter to go back to.",
                            "See tandem adapters list; promote another with tandem adapters promote "
                                    + Printable.of(name) + "@HASH."));
            point(owner.user(), name, alias, before.key());
            record(owner.user(), name, alias, "ROLLBACK", before.key());
            return entry(before.key());
        });
    }

    /**
     * Takes the adapter out of the registry; what is known of it stays for who reads the history.
     *
     * @param withAliases takes those that point at it away, too
     * @throws Failure CONFLICT where an alias points at it
     * @return whether its files are no adapter's any more
     */
    public boolean remove(AdapterEntry adapter, boolean withAliases) {
        return sql.inTransaction(() -> {
            AdapterEntry now = requireThere(adapter);
            if (!now.aliases().isEmpty() && !withAliases) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "The adapter " + now.reference() + " is " + String.join(" and ", now.aliases()) + ".",
                        "Promote another first, roll back with tandem adapters rollback " + now.name()
                                + ", or take the aliases away with it: --with-aliases.");
            }
            sql.update("DELETE FROM alias WHERE adapter = ?", adapter.key());
            sql.update("UPDATE adapter SET state = 'removed' WHERE key = ?", adapter.key());
            return adapter.hash() != null
                    && sql.number(
                                    "SELECT count(*) FROM adapter WHERE hash = ? AND state = 'registered'",
                                    adapter.hash())
                            == 0;
        });
    }

    /** What it was measured to do since it was registered, in the place of what stood there. */
    public AdapterEntry measured(AdapterEntry adapter, String figures) {
        return sql.inTransaction(() -> {
            requireThere(adapter);
            sql.update("UPDATE adapter SET figures = ? WHERE key = ?", figures, adapter.key());
            return entry(adapter.key());
        });
    }

    /** Takes the owner's trainings of that name that failed out of the registry; says how many. */
    public int removeFailed(Principal owner, String name) {
        return sql.update(
                "UPDATE adapter SET state = 'removed' WHERE owner = ? AND name = ? AND state = 'failed'",
                owner.user(),
                name);
    }

    /** Files of registered adapters below that folder that are not what was registered, or not there. */
    public List<String> damaged(Path folder) {
        var damaged = new ArrayList<String>();
        sql.forEach("SELECT DISTINCT hash, files FROM adapter WHERE state = 'registered' ORDER BY hash", row -> {
            for (var file : Metadata.read(row.getString(2)).entrySet()) {
                Path path = folder.resolve(row.getString(1)).resolve(file.getKey());
                try {
                    if (!Files.isRegularFile(path)
                            || !Sha256.hex(Files.readAllBytes(path)).equals(file.getValue())) {
                        damaged.add(path.toString());
                    }
                } catch (IOException e) {
                    damaged.add(path.toString());
                }
            }
        });
        return damaged;
    }

    private void point(String owner, String name, String alias, long adapter) {
        sql.update(
                "INSERT OR REPLACE INTO alias (owner, name, alias, adapter) VALUES (?, ?, ?, ?)",
                owner,
                name,
                alias,
                adapter);
    }

    private void record(String owner, String name, String alias, String op, long adapter) {
        sql.update(
                "INSERT INTO alias_move (at, owner, name, alias, op, adapter) VALUES (?, ?, ?, ?, ?, ?)",
                clock.millis(),
                owner,
                name,
                alias,
                op,
                adapter);
    }

    private AdapterEntry requireThere(AdapterEntry adapter) {
        return find(adapter.key())
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "The adapter " + adapter.reference() + " is not there any more.",
                        "See tandem adapters list."));
    }

    private AdapterEntry entry(long key) {
        return find(key).orElseThrow();
    }

    private Optional<AdapterEntry> find(long key) {
        return sql.first(Adapters.ENTRY + " AND a.key = ?", Adapters::entry, key);
    }
}
