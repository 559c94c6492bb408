package dev.tandem.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole catalog and says what is damaged in it: pages against their sums ({@link PageSums}); and, for what changed
 * while it was written or has no sums yet, by SQLite's own check, which finds pages that are no pages, rows that are no rows
 * and indexes that disagree with their tables, and by what a row says, held against the hashes that the catalog keeps of
 * texts, ids and examples, and against what it must be: JSON, unit vectors, known readers.
 */
public final class CatalogCheck {

    private static final int MOST = 20;
    private static final double UNIT = 1e-3;
    private static final Pattern INDEX = Pattern.compile("index ([A-Za-z0-9_]+)");
    private static final Pattern TREE = Pattern.compile("[Tt]ree (\\d+)");

    private final Sql sql;
    private final BiFunction<DocumentRef, Chunk, String> embedded;
    private final ObjectMapper json = new ObjectMapper();
    private final List<String> damage = new ArrayList<>();

    private CatalogCheck(Sql sql, BiFunction<DocumentRef, Chunk, String> embedded) {
        this.sql = sql;
        this.embedded = embedded;
    }

    /**
     * Checks, and mends what can be mended without loss: indexes of tables that are whole.
     *
     * @param embedded the text of a chunk that its hash is of
     * @return what was mended; empty where everything was whole
     * @throws Failure BROKEN where something is lost, naming tables and pages; CONFLICT where a newer Tandem wrote it
     */
    public static List<String> mend(HomeLock lock, String tenant, BiFunction<DocumentRef, Chunk, String> embedded) {
        Path file = lock.home().catalog(tenant);
        lock.requireHeld(lock.home());
        PageSums.Found pages = new PageSums(file).check();
        List<String> found;
        try (Sql sql = Schema.readAny(file)) {
            if (pages.pages().isEmpty()) {
                Schema.requireKnown(sql, file);
            }
            found = all(sql, pages.pages(), embedded);
        } catch (Failure e) {
            throw e.kind() == Failure.Kind.BROKEN ? broken(file, List.of(complaint(file, e)), e) : e;
        }
        if (found.isEmpty() && pages.sumsDamaged()) {
            new PageSums(file).drop();
            return List.of("the checksums of its pages: they are taken anew");
        }
        if (found.isEmpty()) {
            return List.of();
        }
        if (!ofIndexesAlone(found)) {
            throw broken(file, found, null);
        }
        try (Sql sql = Schema.change(file)) {
            // Rolled back where what the tables say is damaged, too: nothing is built on that.
            sql.inTransaction(() -> {
                sql.run("REINDEX");
                if (!all(sql, List.of(), embedded).isEmpty()) {
                    throw broken(file, found, null);
                }
                return true;
            });
            return found;
        } catch (Failure e) {
            throw broken(file, found, e);
        }
    }

    /** What a refusal of the catalog means that comes after a check: its version or its schema is not what it was. */
    public static Failure refused(Path file, Failure e) {
        boolean catalogs = e.kind() == Failure.Kind.BROKEN
                && String.valueOf(e.getMessage()).contains(file.toString());
        return catalogs ? broken(file, List.of(complaint(file, e)), e) : e;
    }

    /**
     * Whether every complaint is about an index with a page that is no page. An index that merely disagrees with its table may
     * be the one that is right, and building it anew would bury that.
     */
    private static boolean ofIndexesAlone(List<String> found) {
        var torn = new HashSet<String>();
        for (String each : found) {
            if (each.startsWith("index ") && TREE.matcher(each).find()) {
                torn.add(each.substring("index ".length(), each.indexOf(':')));
            }
        }
        return found.stream().allMatch(each -> {
            Matcher index = INDEX.matcher(each);
            return index.find() && torn.contains(index.group(1));
        });
    }

    /** What was said of the file, without naming it once more. */
    private static String complaint(Path file, Failure e) {
        return String.valueOf(e.getMessage())
                .replace("The catalog " + file + " is damaged: ", "")
                .replaceFirst("\\.$", "");
    }

    private static Failure broken(Path file, List<String> found, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The catalog " + file + " is damaged: " + String.join("; ", found) + ".",
                "Move the home away and restore a backup: tandem restore FILE. Without one, move " + file
                        + " away and run tandem ingest: documents are read again from their files.",
                cause);
    }

    /** @param damaged pages that are not what was written */
    private static List<String> all(Sql sql, List<Integer> damaged, BiFunction<DocumentRef, Chunk, String> embedded) {
        var check = new CatalogCheck(sql, embedded);
        check.structure();
        damaged.forEach(page -> check.damage.add(check.page(page)));
        if (check.damage.isEmpty()) {
            check.documents();
            check.readers();
            check.vectors();
            check.examples();
            check.records();
        }
        return check.damage.stream().distinct().limit(MOST).toList();
    }

    private void structure() {
        sql.forEach("PRAGMA integrity_check(" + MOST + ")", row -> {
            if (!row.getString(1).equals("ok")) {
                damage.add(named(row.getString(1).strip()));
            }
        });
        sql.forEach(
                "PRAGMA foreign_key_check",
                row -> damage.add("table " + row.getString(1) + ", row " + row.getLong(2) + ": " + row.getString(3)
                        + " lacks what it points at"));
        if (sql.number("PRAGMA user_version") < 1 || sql.number("PRAGMA page_size") < 512) {
            damage.add("page 1: the version is missing");
        }
    }

    /** Whose page it is, as SQLite's own check says it of a tree. */
    private String page(int number) {
        String what = "page " + number + ": its bytes are not those that were written";
        if (number == 1) {
            return what;
        }
        try {
            return sql.first(
                            "SELECT s.type || ' ' || s.name || ': Tree ' || s.rootpage || ' ' FROM dbstat d"
                                    + " JOIN sqlite_schema s ON s.name = d.name WHERE d.pageno = ?",
                            row -> row.getString(1),
                            number)
                    .map(whose -> whose + what)
                    .orElse(what);
        } catch (Failure _) {
            // Where pages are torn, nobody can say whose they are.
            return what;
        }
    }

    /** SQLite names a tree by its first page: people know it by the table. */
    private String named(String problem) {
        Matcher tree = TREE.matcher(problem);
        return tree.find()
                ? sql.first(
                                        "SELECT type || ' ' || name FROM sqlite_schema WHERE rootpage = ?",
                                        row -> row.getString(1),
                                        Long.parseLong(tree.group(1)))
                                .orElse("free pages")
                        + ": "
                        + problem
                : problem;
    }

    private void documents() {
        sql.forEach("SELECT key, id, collection, owner, path, given, live, state FROM document", row -> {
            String place = "table document, row " + row.getLong(1);
            boolean forgotten = row.getString(5).equals("forgotten:" + row.getString(2));
            if (!forgotten
                    && !row.getString(2)
                            .equals(Arrival.documentId(row.getString(3), row.getString(4), row.getString(5)))) {
                damage.add(place + ": its id is not that of its path");
            }
            object(place, row.getString(6));
        });
        for (long key : sql.all("SELECT key FROM document WHERE live > 0 ORDER BY key", row -> row.getLong(1))) {
            document(key);
        }
    }

    private void document(long key) {
        try {
            var stored = Chunks.read(sql, key);
            if (stored.isEmpty()) {
                damage.add("table document, row " + key + ": its live version is missing");
                return;
            }
            Stored document = stored.get();
            for (int i = 0; i < document.chunks().size(); i++) {
                String text =
                        embedded.apply(document.document(), document.chunks().get(i));
                if (!Sha256.hex(text).equals(document.textHashes().get(i))) {
                    damage.add("tables version and chunk, document "
                            + document.document().id() + ": its text is not what was read");
                    return;
                }
            }
        } catch (RuntimeException e) {
            damage.add("tables version and chunk, document of row " + key + ": "
                    + e.getClass().getSimpleName());
        }
    }

    private void readers() {
        sql.forEach("SELECT id, canonical FROM access_set", row -> {
            var granted = new TreeSet<String>(sql.all(
                    "SELECT grantee FROM access_grant WHERE access_set = ?",
                    each -> each.getString(1),
                    row.getLong(1)));
            try {
                if (granted.equals(
                        new TreeSet<>(AccessSet.parse(row.getString(2)).grantees()))) {
                    return;
                }
            } catch (Failure e) {
                // said below
            }
            damage.add("tables access_set and access_grant, set " + row.getLong(1) + ": they name different readers");
        });
    }

    private void vectors() {
        sql.forEach("SELECT v.rowid, v.vector, e.dimensions FROM vector v JOIN encoder e ON e.id = v.encoder", row -> {
            byte[] bytes = row.getBytes(2);
            double square = 0;
            var floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            while (floats.hasRemaining()) {
                float each = floats.get();
                square += (double) each * each;
            }
            if (bytes.length != Float.BYTES * row.getInt(3) || !(Math.abs(square - 1) < UNIT)) {
                damage.add("table vector, row " + row.getLong(1) + ": it is no unit vector");
            }
        });
    }

    private void examples() {
        sql.forEach("SELECT dataset, version, hash, train + validation + test FROM dataset_version", row -> {
            MessageDigest digest = Sha256.digest();
            int[] count = {0};
            var before = new byte[][] {{}};
            sql.forEach(
                    "SELECT part, input, output, family, text_hash, beside FROM example WHERE dataset = ? AND version = ?"
                            + " ORDER BY ordinal",
                    each -> {
                        byte[] hash = DatasetRows.hash(
                                each.getString(1),
                                each.getString(2),
                                each.getString(3),
                                each.getString(4),
                                each.getString(6));
                        if (Arrays.compareUnsigned(before[0], hash) > 0
                                || !Arrays.equals(
                                        Sha256.of(each.getString(2).getBytes(StandardCharsets.UTF_8)),
                                        each.getBytes(5))) {
                            damage.add("table example, dataset " + row.getLong(1) + ": an example is not what it was");
                        }
                        before[0] = hash;
                        digest.update(hash);
                        count[0]++;
                    },
                    row.getLong(1),
                    row.getInt(2));
            boolean whole =
                    count[0] == 0 || HexFormat.of().formatHex(digest.digest()).equals(row.getString(3));
            if (!whole || count[0] != row.getInt(4)) {
                damage.add("table example, dataset " + row.getLong(1) + " version " + row.getInt(2)
                        + ": its examples are not those of its hash");
            }
        });
    }

    private void records() {
        sql.forEach("SELECT key, settings, figures, files FROM adapter", row -> {
            for (int column = 2; column <= 4; column++) {
                object("table adapter, row " + row.getLong(1), row.getString(column));
            }
        });
        sql.forEach(
                "SELECT document, metadata FROM version WHERE metadata IS NOT NULL",
                row -> object("table version, document of row " + row.getLong(1), row.getString(2)));
        sql.forEach("SELECT key, identity, coalesce(report, '{}') FROM comparison", row -> {
            object("table comparison, row " + row.getLong(1), row.getString(2));
            object("table comparison, row " + row.getLong(1), row.getString(3));
        });
        sql.forEach(
                "SELECT comparison, outcome FROM outcome",
                row -> object("table outcome, comparison " + row.getLong(1), row.getString(2)));
    }

    private void object(String place, String text) {
        try {
            if (json.readTree(text).isObject()) {
                return;
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        damage.add(place + ": it holds no JSON object");
    }
}
