package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Copies of the databases of a home, each the state of one moment, while others read and write it. */
public final class CatalogCopy {

    private static final int LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private CatalogCopy() {}

    /**
     * The database as its last commit has it, in a new file without a log. What was deleted is not in it.
     *
     * @throws dev.tandem.domain.Failure BROKEN where a page is damaged
     */
    public static void take(Path database, Path target) {
        // One read transaction, which in log mode sees one commit and holds nobody up. What a pending log would add to
        // a
        // byte-wise copy, and what deleted rows would leave in it, does not come along.
        requireWhole(database);
        try (Sql sql = Schema.readAny(database)) {
            sql.update("VACUUM INTO ?", target.toString());
        }
    }

    /** A page may be on its way to the file while it is looked at: only one that stays wrong is damaged. */
    private static void requireWhole(Path database) {
        var damaged = new TreeSet<>(new PageSums(database).check().pages());
        for (int look = 1; look < LOOKS && !damaged.isEmpty(); look++) {
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            damaged.retainAll(new PageSums(database).check().pages());
        }
        if (!damaged.isEmpty()) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The catalog " + database + " is damaged: of its pages, "
                            + damaged.toString().replaceAll("[\\[\\]]", "") + " are not what was written.",
                    "See what is lost with tandem repair; restore an earlier backup with tandem restore FILE.");
        }
    }

    /** Of a copied catalog: what its indexes were said to hold is said of other copies, and is looked up again. */
    public static void forgetIndexes(Path copy) {
        try (Sql sql = Schema.change(copy)) {
            sql.update("DELETE FROM setting WHERE key LIKE ?", CatalogWriter.FOLLOWED + "%");
        }
    }

    /** Of a copied catalog: hashes of the bytes of everything that came from such a source. */
    public static Set<String> contentHashes(Path copy, String source) {
        try (Sql sql = Schema.readAny(copy)) {
            return CatalogWriter.contentHashes(sql, source);
        }
    }

    /** Of a copied catalog: hashes of the adapters that have files. */
    public static Set<String> adapters(Path copy) {
        try (Sql sql = Schema.readAny(copy)) {
            return Set.copyOf(
                    sql.all("SELECT DISTINCT hash FROM adapter WHERE state = 'registered'", row -> row.getString(1)));
        }
    }
}
