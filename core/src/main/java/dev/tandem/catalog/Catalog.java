package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Authority;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.HiddenText;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.domain.TextSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's catalog, read: who may read what, the text of documents, lists and counts. Every answer is as of the last
 * commit, whichever process made it; readers never wait for the writer. Safe for use by several threads. A principal of
 * another tenant finds it empty.
 *
 * <p>What is asked for every query is kept in memory as long as the ledger has not moved: documents change only with a
 * line in the ledger, and access sets are only ever added, so that two numbers tell whether what is kept still holds.
 */
public final class Catalog implements Authority, TextSource, AutoCloseable {

    private static final int MOST_KEPT = 100_000;
    private static final int MOST_IDLE = 16;

    private static final String LIVE = """
            SELECT d.id, d.live, d.collection, v.title, d.path, d.source, v.modified, v.metadata, d.access_set,
                v.language
            FROM document d JOIN version v ON v.document = d.key AND v.version = d.live
            WHERE d.id = ? AND d.live > 0""";

    private static final String ENTRY = """
            SELECT d.id, d.live, d.collection, v.title, d.path, d.source, v.modified, v.metadata, d.access_set,
                d.state, d.reason, a.canonical, d.owner, d.given, v.hidden, v.language
            FROM document d JOIN access_set a ON a.id = d.access_set
            LEFT JOIN version v ON v.document = d.key AND v.version = d.live
            WHERE d.state <> 'deleted'""";

    /** 1 where the collection's live encoder knows the language of the version, 0 where not. */
    private static final String KNOWS = """
            coalesce((SELECT l.languages = '' OR instr(l.languages, v.language) > 0 FROM collection_encoder l
                WHERE l.collection = d.collection AND l.use = 'live'), 1)""";

    private final String tenant;
    private final Path file;
    private final ConcurrentLinkedDeque<Sql> idle = new ConcurrentLinkedDeque<>();
    private volatile Kept kept = new Kept(-1, -1);
    private volatile boolean closed;

    private Catalog(String tenant, Path file) {
        this.tenant = tenant;
        this.file = file;
    }

    /** What was read of the catalog while its ledger and its access sets ended there. */
    private static final class Kept {
        final long ledger;
        final long accessSets;
        final Map<String, Live> documents = new ConcurrentHashMap<>();
        final Map<String, Set<Long>> readable;
        final Map<String, Set<Long>> ofCollection = new ConcurrentHashMap<>();

        Kept(long ledger, long accessSets) {
            this(ledger, accessSets, new ConcurrentHashMap<>());
        }

        Kept(long ledger, long accessSets, Map<String, Set<Long>> readable) {
            this.ledger = ledger;
            this.accessSets = accessSets;
            this.readable = readable;
        }
    }

    private record Live(DocumentRef document, long accessSet) {}

    /** The catalog of a tenant, there or not: one that nothing was written for is empty, and stays off the disk. */
    public static Catalog read(Home home, String tenant) {
        return new Catalog(tenant, home.catalog(tenant));
    }

    @Override
    public Set<Long> readableAccessSets(Principal asker) {
        return read(sql -> readableAccessSets(sql, current(sql), asker));
    }

    private Set<Long> readableAccessSets(Sql sql, Kept now, Principal asker) {
        if (!asker.tenant().equals(tenant)) {
            return Set.of();
        }
        Set<Long> known = now.readable.get(asker.fingerprint());
        if (known != null) {
            return known;
        }
        var sets = new HashSet<Long>();
        for (String grantee : asker.grantees()) {
            sql.forEach(
                    "SELECT access_set FROM access_grant WHERE grantee = ?", row -> sets.add(row.getLong(1)), grantee);
        }
        Set<Long> readable = Set.copyOf(sets);
        keep(now.readable, asker.fingerprint(), readable);
        return readable;
    }

    /** False too where there is nothing that the asker may read: a hidden collection looks like one that is not there. */
    @Override
    public boolean readsAll(Principal asker, String collection) {
        return read(sql -> {
            Kept now = current(sql);
            Set<Long> used = used(sql, now, collection);
            return !used.isEmpty() && readableAccessSets(sql, now, asker).containsAll(used);
        });
    }

    @Override
    public boolean readsAny(Principal asker, String collection) {
        return read(sql -> {
            Kept now = current(sql);
            return !Collections.disjoint(used(sql, now, collection), readableAccessSets(sql, now, asker));
        });
    }

    /** Access sets of the collection's live documents. */
    private Set<Long> used(Sql sql, Kept now, String collection) {
        Set<Long> used = now.ofCollection.get(collection);
        if (used == null) {
            used = Set.copyOf(sql.all(
                    "SELECT DISTINCT access_set FROM document WHERE collection = ? AND live > 0",
                    row -> row.getLong(1),
                    collection));
            keep(now.ofCollection, collection, used);
        }
        return used;
    }

    @Override
    public Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds) {
        return read(sql -> {
            Kept now = current(sql);
            Set<Long> sets = readableAccessSets(sql, now, asker);
            var readable = new HashMap<String, DocumentRef>();
            if (sets.isEmpty()) {
                return readable;
            }
            for (String id : documentIds) {
                Live live = now.documents.get(id);
                if (live == null) {
                    live = sql.first(LIVE, Catalog::live, id).orElse(null);
                    if (live == null) {
                        continue;
                    }
                    keep(now.documents, id, live);
                }
                if (sets.contains(live.accessSet())) {
                    readable.put(id, live.document());
                }
            }
            return readable;
        });
    }

    /** Only the live version has a text: what was replaced may have been replaced for a reason. */
    @Override
    public Optional<String> text(Principal asker, String documentId, int version) {
        return read(sql -> {
            Set<Long> sets = readableAccessSets(sql, current(sql), asker);
            return sql.first("""
                            SELECT d.access_set, v.text
                            FROM document d JOIN version v ON v.document = d.key AND v.version = d.live
                            WHERE d.id = ? AND d.live = ? AND d.live > 0""", row -> sets.contains(row.getLong(1)) ? row.getString(2) : null, documentId, version);
        });
    }

    /** Another after every change of documents or of who may read them, and never one that was there before. */
    public String moment() {
        return read(sql -> sql.first(
                        "SELECT (SELECT max(id) FROM access_set) || '.' || seq || '.' || at FROM ledger"
                                + " ORDER BY seq DESC LIMIT 1",
                        row -> row.getString(1))
                .orElse("0"));
    }

    /** Names of the collections in which the asker may read something, or owns something. */
    public List<String> collections(Principal asker) {
        return status(asker).stream().map(CollectionStatus::collection).toList();
    }

    /**
     * What the asker may read, and of their own documents also those that are not ready, by collection and path.
     *
     * @param collection null for all
     */
    public List<DocumentEntry> documents(Principal asker, @Nullable String collection) {
        return read(sql -> {
            var entries = new ArrayList<DocumentEntry>();
            Set<Long> sets = readableAccessSets(sql, current(sql), asker);
            if (sets.isEmpty()) {
                return entries;
            }
            String one = collection == null ? "" : " AND d.collection = ?";
            sql.forEach(
                    ENTRY + one + " ORDER BY d.collection, d.path, d.owner",
                    row -> entry(row, asker, sets).ifPresent(entries::add),
                    collection == null ? new Object[0] : new Object[] {collection});
            return entries;
        });
    }

    /** The document of that id or, in the collection, of that path; empty where the asker may not read it either. */
    public Optional<DocumentEntry> document(Principal asker, String collection, String idOrPath) {
        return read(sql -> {
            Set<Long> sets = readableAccessSets(sql, current(sql), asker);
            var found = new ArrayList<DocumentEntry>();
            // Two owners may have ingested the same path: one's own comes first.
            sql.forEach(
                    ENTRY + " AND (d.id = ? OR d.collection = ? AND d.path = ?) ORDER BY d.owner <> ?, d.owner",
                    row -> entry(row, asker, sets).ifPresent(found::add),
                    idOrPath,
                    collection,
                    idOrPath,
                    asker.user());
            return found.stream().findFirst();
        });
    }

    /** The collections of which the asker may read something, by name, counted over that alone. */
    public List<CollectionStatus> status(Principal asker) {
        return read(sql -> {
            Set<Long> sets = readableAccessSets(sql, current(sql), asker);
            if (sets.isEmpty()) {
                return List.of();
            }
            String readable =
                    String.join(",", sets.stream().map(String::valueOf).toList());
            return sql.all(
                    """
                    SELECT d.collection, sum(d.live > 0), sum(d.owner = ?1 AND d.state = 'acknowledged'),
                        sum(d.owner = ?1 AND d.state = 'failed'), max(v.modified),
                        sum((SELECT count(*) FROM chunk c WHERE c.document = d.key)),
                        sum(%2$s * (SELECT count(*) FROM chunk c WHERE c.document = d.key AND EXISTS (
                            SELECT 1 FROM encoder e JOIN vector w ON w.encoder = e.id AND w.text_hash = c.text_hash
                            WHERE e.hash = coalesce((SELECT l.hash FROM collection_encoder l
                                WHERE l.collection = d.collection AND l.use = 'live'), e.hash)))),
                        sum((1 - %2$s) * (SELECT count(*) FROM chunk c WHERE c.document = d.key))
                    FROM document d LEFT JOIN version v ON v.document = d.key AND v.version = d.live
                    WHERE d.state <> 'deleted' AND d.access_set IN (%1$s) AND (d.live > 0 OR d.owner = ?1)
                    GROUP BY d.collection ORDER BY d.collection""".formatted(readable, KNOWS),
                    row -> new CollectionStatus(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8),
                            row.getLong(3),
                            row.getLong(4),
                            row.getObject(5) == null ? null : Instant.ofEpochMilli(row.getLong(5))),
                    asker.user());
        });
    }

    /** The encoders that the collection has vectors of, the live one first; none where it is new, or another tenant's. */
    public List<CollectionEncoder> encoders(Principal asker, String collection) {
        return isOf(asker) ? read(sql -> CollectionEncoders.all(sql, collection)) : List.of();
    }

    /** Where the asker's own documents come from, beyond this machine's files; nobody is told of another's. */
    public List<SourceEntry> sources(Principal asker) {
        return asker.tenant().equals(tenant)
                ? read(sql -> new Sources(sql, Clock.systemUTC()).of(asker.user()))
                : List.of();
    }

    @Override
    public boolean isLocalOnly(String collection) {
        return read(sql -> LocalOnlyRows.has(sql, collection));
    }

    @Override
    public Optional<RetrievalSettings> retrieval(String collection) {
        return read(sql -> RetrievalRows.of(sql, collection));
    }

    /** The text of a document that the asker may read, uncut; empty where there is none. */
    public Optional<WholeText> whole(Principal asker, String documentId) {
        return readable(asker, List.of(documentId)).isEmpty()
                ? Optional.empty()
                : read(sql -> sql.first("SELECT key FROM document WHERE id = ?", row -> row.getLong(1), documentId)
                        .flatMap(key -> WholeText.of(sql, key)));
    }

    /** Comparisons of arms. */
    public Comparisons comparisons() {
        return new Comparisons(this);
    }

    boolean isOf(Principal asker) {
        return asker.tenant().equals(tenant);
    }

    /** As {@link #readableAccessSets(Principal)}, inside {@link #read}. */
    Set<Long> readableAccessSets(Sql sql, Principal asker) {
        return readableAccessSets(sql, current(sql), asker);
    }

    /** Adapters of this tenant. */
    public Adapters adapters() {
        return new Adapters(datasets());
    }

    /** Datasets of this tenant. */
    public Datasets datasets() {
        return new Datasets(new Datasets.Reading() {
            @Override
            public <T> T as(Principal asker, BiFunction<Sql, Set<Long>, T> work) {
                return read(sql -> work.apply(sql, readableAccessSets(sql, current(sql), asker)));
            }
        });
    }

    private static Live live(ResultSet row) throws SQLException {
        return new Live(document(row), row.getLong(9));
    }

    /** Reads the first eight columns of a live document, and the one of its language. */
    static DocumentRef document(ResultSet row) throws SQLException {
        return new DocumentRef(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Instant.ofEpochMilli(row.getLong(7)),
                Metadata.read(row.getString(8)),
                language(row));
    }

    private static Language language(ResultSet row) throws SQLException {
        return Language.named(row.getString("language"));
    }

    private Optional<DocumentEntry> entry(ResultSet row, Principal asker, Set<Long> sets) throws SQLException {
        boolean own = asker.tenant().equals(tenant) && row.getString(13).equals(asker.user());
        boolean live = row.getInt(2) > 0;
        if (!own && !(live && sets.contains(row.getLong(9)))) {
            return Optional.empty();
        }
        return Optional.of(new DocumentEntry(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                live ? row.getString(4) : row.getString(5),
                row.getString(5),
                row.getString(6),
                own ? State.of(row.getString(10)) : State.READY,
                own ? row.getString(11) : null,
                live ? Instant.ofEpochMilli(row.getLong(7)) : null,
                Metadata.read(live ? row.getString(8) : row.getString(14)),
                own ? AccessSet.parse(row.getString(12)) : null,
                live ? HiddenText.parse(row.getString(15)) : HiddenText.NONE,
                live ? language(row) : null));
    }

    private Kept current(Sql sql) {
        long[] ends = sql.first("SELECT (SELECT max(seq) FROM ledger), (SELECT max(id) FROM access_set)", row ->
                        new long[] {row.getLong(1), row.getLong(2)})
                .orElseThrow();
        Kept now = kept;
        if (now.ledger != ends[0] || now.accessSets != ends[1]) {
            // What another thread is still reading goes into the old one, which nobody asks again.
            now = now.accessSets == ends[1] ? new Kept(ends[0], ends[1], now.readable) : new Kept(ends[0], ends[1]);
            kept = now;
        }
        return now;
    }

    private static <V> void keep(Map<String, V> map, String key, V value) {
        if (map.size() >= MOST_KEPT) {
            map.clear();
        }
        map.put(key, value);
    }

    <T> T read(Function<Sql, T> work) {
        if (closed) {
            throw new IllegalStateException("the catalog is closed");
        }
        Sql sql = idle.pollFirst();
        if (sql == null && !Files.exists(file)) {
            try (Sql empty = Schema.empty()) {
                return work.apply(empty);
            }
        }
        if (sql == null) {
            sql = Schema.read(file);
        }
        boolean done = false;
        try {
            T result = work.apply(sql);
            done = true;
            return result;
        } finally {
            if (!done || closed || sql.isInMemory() || idle.size() >= MOST_IDLE) {
                sql.close();
            } else {
                idle.addFirst(sql);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Sql sql = idle.pollFirst(); sql != null; sql = idle.pollFirst()) {
            sql.close();
        }
    }
}
