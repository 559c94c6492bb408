package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The datasets of a tenant, written. A dataset that was made from documents is never given to more than they are: its
 * access set is intersected with theirs whenever it is set, and {@link Datasets} asks again at every reading.
 */
public final class DatasetWriter {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private final Sql sql;
    private final Clock clock;
    private final ToLongFunction<AccessSet> intern;

    DatasetWriter(Sql sql, Clock clock, ToLongFunction<AccessSet> intern) {
        this.sql = sql;
        this.clock = clock;
        this.intern = intern;
    }

    private record Row(long key, AccessSet access) {}

    /** The name itself; throws INVALID where a dataset cannot be called that. */
    public static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "A dataset cannot be called '" + Printable.of(name) + "'.",
                    "Use up to 63 lower-case letters, digits, - and _, for example --name support-intents.");
        }
        return name;
    }

    /**
     * Makes these examples the current version of the owner's dataset. Content that it ever had is that version again.
     *
     * @param access who may read it besides the owner; null leaves it as it is, and a new one to its owner
     * @param sources ids of documents that the examples were made from, besides those said before
     * @param files names of the files they came from
     * @throws Failure MISSING where the owner may not read a source; CONFLICT where the dataset was made from documents that
     *     its owner may not read any more
     */
    public DatasetVersion put(
            Principal owner,
            String name,
            @Nullable AccessSet access,
            List<String> sources,
            Collection<Example> examples,
            List<String> files,
            String format,
            int rejected) {
        requireName(name);
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("a dataset without examples");
        }
        List<DatasetRows.Hashed> canonical = DatasetRows.canonical(examples);
        String hash = DatasetRows.hash(canonical);
        return sql.inTransaction(() -> {
            long key = row(owner, name).orElseGet(() -> insert(owner, name)).key();
            for (String source : sources) {
                sql.update(
                        "INSERT OR IGNORE INTO dataset_source (dataset, document) VALUES (?, ?)",
                        key,
                        readable(owner, source));
            }
            if (!sources(key).stream().allMatch(source -> source.allows(owner))) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "Your dataset '" + name + "' was made from documents that you may not read any more.",
                        "Choose another name with --name.");
            }
            AccessSet wanted = access == null ? row(owner, name).orElseThrow().access() : access;
            setAccess(owner, key, wanted);
            int version =
                    (int) sql.number("SELECT version FROM dataset_version WHERE dataset = ? AND hash = ?", key, hash);
            if (version == 0) {
                version = insert(key, hash, canonical, files, format, rejected);
            }
            sql.update("UPDATE dataset SET latest = ? WHERE key = ?", version, key);
            return version(key, version);
        });
    }

    /**
     * Gives the owner's dataset to these and nobody else, as far as its sources are given to them.
     *
     * @return its current version, with the access set that came of it
     * @throws Failure MISSING where the owner has none of that name
     */
    public DatasetVersion setAccess(Principal owner, String name, AccessSet access) {
        return sql.inTransaction(() -> {
            long key = row(owner, name)
                    .orElseThrow(() -> new Failure(
                            Failure.Kind.MISSING,
                            "You have no dataset '" + Printable.of(name) + "'.",
                            "See what is there with tandem dataset list."))
                    .key();
            setAccess(owner, key, access);
            return version(key, (int) sql.number("SELECT latest FROM dataset WHERE key = ?", key));
        });
    }

    private void setAccess(Principal owner, long dataset, AccessSet wanted) {
        AccessSet access = wanted;
        for (AccessSet source : sources(dataset)) {
            access = intersection(access, source);
        }
        sql.update(
                "UPDATE dataset SET access_set = ? WHERE key = ?",
                intern.applyAsLong(access.withOwner(owner)),
                dataset);
    }

    /** Grantee by grantee: {@code everyone} leaves the other as it is. Membership of groups is not known here. */
    static AccessSet intersection(AccessSet one, AccessSet other) {
        if (one.grantees().contains(Principal.EVERYONE)) {
            return other;
        }
        if (other.grantees().contains(Principal.EVERYONE)) {
            return one;
        }
        var both = new TreeSet<>(one.grantees());
        both.retainAll(other.grantees());
        return new AccessSet(both);
    }

    private Optional<Row> row(Principal owner, String name) {
        return sql.first("""
                SELECT s.key, a.canonical FROM dataset s JOIN access_set a ON a.id = s.access_set
                WHERE s.owner = ? AND s.name = ?""", row -> new Row(row.getLong(1), AccessSet.parse(row.getString(2))), owner.user(), name);
    }

    private Row insert(Principal owner, String name) {
        sql.update(
                "INSERT INTO dataset (owner, name, access_set) VALUES (?, ?, ?)",
                owner.user(),
                name,
                intern.applyAsLong(AccessSet.ownerOnly(owner)));
        return row(owner, name).orElseThrow();
    }

    private int insert(
            long key,
            String hash,
            List<DatasetRows.Hashed> canonical,
            List<String> files,
            String format,
            int rejected) {
        int version = 1 + (int) sql.number("SELECT max(version) FROM dataset_version WHERE dataset = ?", key);
        var counts = new EnumMap<Part, Integer>(Part.class);
        canonical.forEach(each -> counts.merge(each.example().part(), 1, Integer::sum));
        sql.update(
                """
                INSERT INTO dataset_version (dataset, version, hash, at, files, format, rejected, train, validation, test)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                key,
                version,
                hash,
                clock.millis(),
                DatasetRows.json(files),
                format,
                rejected,
                counts.getOrDefault(Part.TRAIN, 0),
                counts.getOrDefault(Part.VALIDATION, 0),
                counts.getOrDefault(Part.TEST, 0));
        for (int i = 0; i < canonical.size(); i++) {
            Example example = canonical.get(i).example();
            sql.update(
                    """
                    INSERT INTO example
                        (dataset, version, ordinal, part, input, output, family, line, text_hash, beside)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                    key,
                    version,
                    i,
                    example.part().word(),
                    example.input(),
                    example.output(),
                    example.family(),
                    example.line(),
                    Sha256.of(example.input().getBytes(StandardCharsets.UTF_8)),
                    DatasetRows.written(example.beside()));
        }
        return version;
    }

    private long readable(Principal owner, String documentId) {
        return sql.first(
                        """
                        SELECT d.key, a.canonical FROM document d JOIN access_set a ON a.id = d.access_set
                        WHERE d.id = ? AND d.live > 0""", row -> AccessSet.parse(row.getString(2)).allows(owner) ? row.getLong(1) : null, documentId)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "There is no document '" + Printable.of(documentId) + "'.",
                        "See what is there with tandem documents."));
    }

    /** Who may read each document that it was made from. */
    private List<AccessSet> sources(long dataset) {
        return sql.all("""
                SELECT a.canonical FROM dataset_source x JOIN document d ON d.key = x.document
                JOIN access_set a ON a.id = d.access_set WHERE x.dataset = ?""", row -> AccessSet.parse(row.getString(1)), dataset);
    }

    private DatasetVersion version(long key, int version) {
        return sql.first(DatasetRows.VERSION + " WHERE s.key = ? AND v.version = ?", DatasetRows::version, key, version)
                .orElseThrow();
    }
}
