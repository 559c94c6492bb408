package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes a document out of the catalog so that no byte of what it said is left in the file: its text and chunks, vectors of
 * texts that nothing else says, its path and hashes, the examples of every dataset that was made from it and the
 * comparisons that quote it. Adapters trained on such a dataset stay listed, and cannot be used any more.
 */
public final class Forgetting {

    /** How the reason of an adapter that cannot be used any more begins. */
    public static final String BLOCKED = "blocked: ";

    /** How long readers may take to let go of former states. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    /** An answer shorter than this stands in many a document by chance. */
    private static final int TELLING = 20;

    private final Sql sql;
    private final CatalogWriter catalog;
    private final Clock clock;

    Forgetting(Sql sql, CatalogWriter catalog, Clock clock) {
        this.sql = sql;
        this.catalog = catalog;
        this.clock = clock;
    }

    /**
     * What went with a document.
     *
     * @param documents ids: its own, and those that it had under former names
     * @param datasets names of the owner's own datasets whose examples are gone
     * @param adapters names of the owner's own adapters that are blocked
     * @param files hashes of adapters, whoever owned them, whose files no adapter needs any more
     */
    public record Forgotten(List<String> documents, List<String> datasets, List<String> adapters, List<String> files) {
        public Forgotten {
            documents = List.copyOf(documents);
            datasets = List.copyOf(datasets);
            adapters = List.copyOf(adapters);
            files = List.copyOf(files);
        }
    }

    /**
     * Forgets it and what it was under former names, in one transaction; what it held is gone from the file with the next
     * {@link #purge}. One that was removed before is forgotten as well.
     */
    public Forgotten forget(Standing document) {
        sql.run("PRAGMA secure_delete = ON");
        return sql.inTransaction(() -> {
            List<Standing> selves = selves(document);
            var datasets = new TreeSet<Long>();
            for (Standing self : selves) {
                datasets.addAll(sql.all(
                        "SELECT dataset FROM dataset_source WHERE document = ?", row -> row.getLong(1), self.key()));
            }
            selves.forEach(self -> forgetComparisons(self, datasets));
            Forgotten gone = forgetDatasets(document.owner(), datasets, selves);
            selves.forEach(this::forgetSelf);
            forgetFormerFiles(document);
            catalog.dropUnusedVectors();
            return gone;
        });
    }

    /**
     * The document and what it was under former names. A renaming leaves two lines in the ledger, one after the other: it is
     * ready under its new name, and it is gone under the old one, with the same content.
     */
    private List<Standing> selves(Standing document) {
        List<Long> keys = sql.all("""
                WITH RECURSIVE self (key) AS (
                    SELECT ?1
                    UNION
                    SELECT gone.document FROM self
                    JOIN ledger ready ON ready.document = self.key AND ready.op = 'READY'
                    JOIN ledger gone ON gone.seq = ready.seq + 1 AND gone.op = 'DELETE'
                    JOIN document former ON former.key = gone.document AND former.state = 'deleted'
                    WHERE former.owner = ?2 AND former.collection = ?3
                    AND (SELECT content_hash FROM ledger WHERE document = ready.document AND op = 'PUT'
                         AND version = ready.version ORDER BY seq DESC LIMIT 1)
                      = (SELECT content_hash FROM ledger WHERE document = gone.document AND op = 'PUT'
                         ORDER BY seq DESC LIMIT 1))
                SELECT key FROM self""", row -> row.getLong(1), document.key(), document.owner(), document.collection());
        return keys.stream().map(catalog::standing).toList();
    }

    private void forgetSelf(Standing document) {
        sql.update("DELETE FROM dataset_source WHERE document = ?", document.key());
        if (document.state() != State.DELETED) {
            catalog.delete(document);
        }
        catalog.forgetFile(document.collection(), document.owner(), document.file());
        String nameless = "forgotten:" + document.id();
        sql.update(
                "UPDATE document SET path = ?, file = ?, source = '', given = '{}', reason = NULL WHERE key = ?",
                nameless,
                nameless,
                document.key());
        sql.update("UPDATE ledger SET content_hash = NULL WHERE document = ?", document.key());
        forgetSources(document);
    }

    /** Names of files that no document has any more: one of them may have been this one's. */
    private void forgetFormerFiles(Standing document) {
        sql.update("""
                DELETE FROM file WHERE collection = ?1 AND owner = ?2 AND NOT EXISTS
                    (SELECT 1 FROM document d WHERE d.collection = ?1 AND d.owner = ?2 AND d.file = file.path)""", document.collection(), document.owner());
    }

    /** That it was found anywhere; a source that has its very name is visited no more. */
    private void forgetSources(Standing document) {
        sql.update("""
                DELETE FROM source_item WHERE path = ?1 AND source IN
                    (SELECT key FROM source WHERE collection = ?2 AND owner = ?3)""", document.path(), document.collection(), document.owner());
        catalog.sources()
                .find(document.collection(), document.owner(), document.path())
                .ifPresent(catalog.sources()::delete);
    }

    private Forgotten forgetDatasets(String owner, Set<Long> datasets, List<Standing> selves) {
        var names = new ArrayList<String>();
        var adapters = new ArrayList<String>();
        var hashes = new ArrayList<String>();
        String reason = BLOCKED + "a document that it learned from was forgotten on "
                + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) + ". Train it again on other data.";
        for (long dataset : datasets) {
            names.addAll(sql.all(
                    "SELECT name FROM dataset WHERE key = ? AND owner = ?", row -> row.getString(1), dataset, owner));
            adapters.addAll(sql.all(
                    "SELECT DISTINCT name FROM adapter WHERE dataset = ? AND owner = ? AND state = 'registered'"
                            + " ORDER BY name",
                    row -> row.getString(1),
                    dataset,
                    owner));
            hashes.addAll(sql.all(
                    "SELECT DISTINCT hash FROM adapter WHERE dataset = ? AND hash IS NOT NULL",
                    row -> row.getString(1),
                    dataset));
            sql.update("DELETE FROM example WHERE dataset = ?", dataset);
            sql.forEach(
                    "SELECT version FROM dataset_version WHERE dataset = ?",
                    row -> sql.update(
                            """
                            UPDATE dataset_version SET hash = ?, files = '[]', train = 0, validation = 0, test = 0
                            WHERE dataset = ? AND version = ?""", Sha256.hex("forgotten " + dataset + " " + row.getInt(1)), dataset, row.getInt(1)),
                    dataset);
            sql.update("UPDATE dataset SET latest = 0 WHERE key = ?", dataset);
            sql.update("DELETE FROM alias WHERE adapter IN (SELECT key FROM adapter WHERE dataset = ?)", dataset);
            sql.update("""
                    UPDATE adapter SET hash = NULL, files = '{}', settings = '{}', figures = '{}', card = '', reason = ?,
                        state = CASE state WHEN 'removed' THEN 'removed' ELSE 'failed' END
                    WHERE dataset = ?""", reason, dataset);
        }
        hashes.removeIf(hash -> sql.number("SELECT count(*) FROM adapter WHERE hash = ?", hash) > 0);
        return new Forgotten(selves.stream().map(Standing::id).toList(), names, adapters, hashes);
    }

    /** Those of its datasets, those that show a passage of it, and those with an answer that stands in it. */
    private void forgetComparisons(Standing document, Set<Long> datasets) {
        var comparisons = new ArrayList<Long>(sql.all(
                "SELECT DISTINCT o.comparison FROM outcome o WHERE instr(o.outcome, ?) > 0",
                row -> row.getLong(1),
                document.id()));
        comparisons.addAll(sql.all("""
                SELECT DISTINCT o.comparison FROM outcome o JOIN version v ON v.document = ? AND v.text IS NOT NULL
                WHERE length(o.outcome ->> 'said') >= ? AND instr(v.text, o.outcome ->> 'said') > 0""", row -> row.getLong(1), document.key(), TELLING));
        comparisons.addAll(
                sql.all("SELECT key FROM comparison WHERE instr(report, ?) > 0", row -> row.getLong(1), document.id()));
        for (long dataset : datasets) {
            comparisons.addAll(sql.all(
                    "SELECT comparison FROM comparison_dataset WHERE dataset = ?", row -> row.getLong(1), dataset));
        }
        for (long comparison : comparisons) {
            sql.update("DELETE FROM outcome WHERE comparison = ?", comparison);
            sql.update("DELETE FROM comparison_dataset WHERE comparison = ?", comparison);
            sql.update("DELETE FROM comparison WHERE key = ?", comparison);
        }
    }

    /**
     * Takes out of the tenant's conversations what was made from it, whoever asked, and empties its answer cache; on return
     * no byte of either is left.
     *
     * @return how many turns of conversations were emptied
     */
    public static int forgetTalk(Home home, String tenant, String document) {
        Answers.forget(home, tenant);
        return Conversations.forget(home, tenant, document);
    }

    /**
     * Writes the file anew with what there is, and empties its log: on return nothing that was ever deleted is in either.
     *
     * @throws Failure BUSY where somebody goes on reading a former state
     */
    public void purge() {
        sql.vacuum();
        long last = System.nanoTime() + PATIENCE.toNanos();
        while (!sql.checkpoint()) {
            if (System.nanoTime() > last) {
                throw new Failure(
                        Failure.Kind.BUSY,
                        "The document is found no more, but another program still reads what the catalog held before.",
                        "Close it and run the same command again: only then is the last byte gone.");
            }
            try {
                Thread.sleep(BETWEEN_TRIES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                last = System.nanoTime() - 1;
            }
        }
    }
}
