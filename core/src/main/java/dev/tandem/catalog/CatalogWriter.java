package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Encoder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's catalog, written: by the holder of the home's lock, from one thread at a time. Each call is a transaction
 * of its own unless it runs inside {@link #inTransaction}; when it returns, its change is on disk.
 *
 * <p>A document goes {@link #put acknowledged} → {@link #ready} or {@link #failed}, and from any of them
 * {@link #delete deleted}. While a new version is on its way the live one is found and read, and it stays where the new
 * one fails. Every step leaves a line in the ledger, which the indexes follow.
 */
public final class CatalogWriter implements AutoCloseable {

    private static final String STANDING = """
            SELECT d.key, d.id, d.collection, d.owner, d.path, d.file, d.source, a.canonical, d.given, d.live, d.latest,
                d.state, v.content_hash
            FROM document d JOIN access_set a ON a.id = d.access_set
            LEFT JOIN version v ON v.document = d.key AND v.version = d.latest""";

    static final String FOLLOWED = "followed:";

    private final Sql sql;
    private final Clock clock;

    private CatalogWriter(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Created where it is missing, and brought to the newest schema. */
    public static CatalogWriter open(HomeLock lock, String tenant) {
        Path file = lock.home().catalog(tenant);
        lock.requireHeld(lock.home());
        try {
            Storage.createDirectories(lock.home().tenant(tenant));
        } catch (IOException e) {
            throw Storage.failure(e, lock.home().tenant(tenant));
        }
        return new CatalogWriter(Schema.write(file), Clock.systemUTC());
    }

    /** Which collections stay on this machine. */
    public LocalOnlyRows localOnly() {
        return new LocalOnlyRows(sql, clock);
    }

    /** All of it or nothing. */
    public <T> T inTransaction(Supplier<T> work) {
        return sql.inTransaction(work);
    }

    public void inTransaction(Runnable work) {
        sql.inTransaction(() -> {
            work.run();
            return true;
        });
    }

    /** How the document stands; empty where there never was one. A deleted one stands, as deleted. */
    public Optional<Standing> standing(String collection, String owner, String path) {
        return sql.first(
                STANDING + " WHERE d.id = ?", CatalogWriter::standing, Arrival.documentId(collection, owner, path));
    }

    /** By id; empty where there never was one. */
    public Optional<Standing> standing(String documentId) {
        return sql.first(STANDING + " WHERE d.id = ?", CatalogWriter::standing, documentId);
    }

    Standing standing(long key) {
        return sql.first(STANDING + " WHERE d.key = ?", CatalogWriter::standing, key)
                .orElseThrow();
    }

    /** Acknowledged and not yet read, whoever owns it. */
    public List<Standing> unfinished() {
        return sql.all(STANDING + " WHERE d.state = 'acknowledged' ORDER BY d.key", CatalogWriter::standing);
    }

    /** What the owner has of that very file: the file itself, or its records. */
    public List<Standing> ofFile(String collection, String owner, String file) {
        return sql.all(
                STANDING
                        + " WHERE d.collection = ? AND d.owner = ? AND d.file = ? AND d.state <> 'deleted' ORDER BY d.key",
                CatalogWriter::standing,
                collection,
                owner,
                file);
    }

    /** Files of the owner whose names begin so, in order. */
    public List<String> filesUnder(String collection, String owner, String prefix) {
        return sql.all("""
                SELECT DISTINCT file FROM document
                WHERE collection = ?1 AND owner = ?2 AND file >= ?3 AND file < ?3 || char(1114111)
                    AND state <> 'deleted' ORDER BY file""", row -> row.getString(1), collection, owner, prefix);
    }

    /** Live documents of the owner with that content, each perhaps the former path of one that seems new. */
    public List<Standing> sameContent(String collection, String owner, String contentHash) {
        return sql.all(
                STANDING + """
                         WHERE d.key IN (SELECT document FROM version WHERE content_hash = ?3)
                        AND d.collection = ?1 AND d.owner = ?2 AND d.live > 0
                        AND EXISTS (SELECT 1 FROM version w
                            WHERE w.document = d.key AND w.version = d.live AND w.content_hash = ?3)
                        AND NOT EXISTS (SELECT 1 FROM document n WHERE n.replaces = d.key AND n.state = 'acknowledged')
                        ORDER BY d.path""",
                CatalogWriter::standing,
                collection,
                owner,
                HexFormat.of().parseHex(contentHash));
    }

    /**
     * Acknowledges a state of a document. The same content as the latest version's is that version again, to be read
     * anew; other content is a new version.
     *
     * @param replaces its former path: gone as soon as this one is ready; null for none
     */
    public Standing put(Arrival arrival, @Nullable Standing replaces) {
        String contentHash = arrival.contentHash();
        if (contentHash == null) {
            throw new IllegalArgumentException("acknowledged without its bytes: " + arrival.path());
        }
        return inTransaction(() -> {
            Standing before = row(arrival);
            byte[] hash = HexFormat.of().parseHex(contentHash);
            int version = contentHash.equals(before.contentHash()) ? before.latest() : before.latest() + 1;
            if (version > before.latest()) {
                sql.update("DELETE FROM version WHERE document = ? AND version <> ?", before.key(), before.live());
                sql.update(
                        """
                        INSERT INTO version (document, version, content_hash, bytes, modified)
                        VALUES (?, ?, ?, ?, ?)""",
                        before.key(),
                        version,
                        hash,
                        arrival.bytes(),
                        arrival.modified().toEpochMilli());
            }
            sql.update(
                    """
                    UPDATE document SET latest = ?, state = 'acknowledged', reason = NULL, replaces = ?, source = ?,
                        given = ?, file = ? WHERE key = ?""",
                    version,
                    replaces == null ? null : replaces.key(),
                    arrival.source(),
                    Metadata.write(arrival.given()),
                    arrival.file(),
                    before.key());
            if (!before.access().equals(arrival.access())) {
                setAccess(before, arrival.access());
            }
            record(Change.Op.PUT, before.key(), hash);
            return standing(before.key());
        });
    }

    /** The row of the arrival's document, made where it is missing; a deleted one starts anew but for its versions. */
    private Standing row(Arrival arrival) {
        Optional<Standing> known = standing(arrival.documentId());
        if (known.isPresent() && known.get().state() != State.DELETED) {
            return known.get();
        }
        long access = intern(arrival.access());
        if (known.isPresent()) {
            // What was forgotten does not even know its path any more.
            sql.update(
                    "UPDATE document SET access_set = ?, path = ?, file = ?, source = ? WHERE key = ?",
                    access,
                    arrival.path(),
                    arrival.file(),
                    arrival.source(),
                    known.get().key());
        } else {
            sql.update(
                    """
                    INSERT INTO document (id, collection, owner, path, file, source, access_set, given, state)
                    VALUES (?, ?, ?, ?, ?, ?, ?, '{}', 'acknowledged')""",
                    arrival.documentId(),
                    arrival.collection(),
                    arrival.owner().user(),
                    arrival.path(),
                    arrival.file(),
                    arrival.source(),
                    access);
        }
        return standing(arrival.documentId()).orElseThrow();
    }

    /** The version is read and now the live one; nothing happens where the document has moved on meanwhile. */
    public void ready(Standing document, Extraction extraction) {
        inTransaction(() -> {
            Standing now = standing(document.key());
            if (now.latest() != document.latest() || now.state() == State.DELETED) {
                return;
            }
            sql.update("DELETE FROM chunk WHERE document = ?", now.key());
            sql.update("DELETE FROM version WHERE document = ? AND version <> ?", now.key(), now.latest());
            sql.update(
                    """
                    UPDATE version SET title = ?, metadata = ?, text = ?, hidden = ?, language = ?, blocks = ?,
                        modified = coalesce(?, modified)
                    WHERE document = ? AND version = ?""",
                    extraction.title(),
                    Metadata.write(extraction.metadata()),
                    extraction.text(),
                    extraction.hidden().canonical(),
                    extraction.language().code(),
                    extraction.blocks(),
                    extraction.modified() == null ? null : extraction.modified().toEpochMilli(),
                    now.key(),
                    now.latest());
            Chunks.write(sql, now.key(), extraction.chunks(), extraction.textHashes());
            Optional<Standing> replaced = sql.first(
                    STANDING + " WHERE d.key = (SELECT replaces FROM document WHERE key = ?)",
                    CatalogWriter::standing,
                    now.key());
            sql.update(
                    "UPDATE document SET live = latest, state = 'ready', reason = NULL, replaces = NULL WHERE key = ?",
                    now.key());
            record(Change.Op.READY, now.key(), null);
            replaced.ifPresent(former -> {
                // What was made from it goes on asking who may read it, under its new path.
                sql.update("""
                        INSERT OR IGNORE INTO dataset_source (dataset, document)
                        SELECT dataset, ? FROM dataset_source WHERE document = ?""", now.key(), former.key());
                sql.update("DELETE FROM dataset_source WHERE document = ?", former.key());
                delete(former);
            });
        });
    }

    /** Live documents of the collection, whoever owns them, as they can be cut anew: keys of their rows. */
    public List<Long> live(String collection) {
        return sql.all(
                "SELECT key FROM document WHERE collection = ? AND live > 0 ORDER BY key",
                row -> row.getLong(1),
                collection);
    }

    /** The live version's whole text; empty where there is none any more. */
    public Optional<WholeText> whole(long document) {
        return WholeText.of(sql, document);
    }

    /** The live version, cut anew: the same text in other chunks, which the indexes follow. */
    public void recut(long document, List<Chunk> chunks, List<String> textHashes) {
        inTransaction(() -> {
            sql.update("DELETE FROM chunk WHERE document = ?", document);
            Chunks.write(sql, document, chunks, textHashes);
            record(Change.Op.READY, document, null);
        });
    }

    /** How collections are cut and searched. */
    public RetrievalRows retrieval() {
        return new RetrievalRows(sql, clock);
    }

    /** The version cannot be read, and this is why; an earlier one stays live. */
    public void failed(Standing document, String reason) {
        inTransaction(() -> {
            sql.update(
                    "UPDATE document SET state = 'failed', reason = ?, replaces = NULL WHERE key = ? AND latest = ?",
                    reason,
                    document.key(),
                    document.latest());
            record(Change.Op.FAILED, document.key(), null);
        });
    }

    /** A document that failed is found again as its live version says: there is nothing to be read. */
    public void recovered(Standing document) {
        sql.update(
                "UPDATE document SET state = 'ready', reason = NULL WHERE key = ? AND live = latest", document.key());
    }

    /** Its bytes could not even be had. */
    public Standing failed(Arrival arrival, String reason) {
        return inTransaction(() -> {
            Standing document = row(arrival);
            failed(document, reason);
            return standing(document.key());
        });
    }

    /** Gone from the next query on, text, chunks and former versions with it. */
    public void delete(Standing document) {
        inTransaction(() -> {
            sql.update("DELETE FROM chunk WHERE document = ?", document.key());
            sql.update("DELETE FROM version WHERE document = ?", document.key());
            sql.update("""
                    UPDATE document SET live = 0, state = 'deleted', reason = NULL, replaces = NULL, given = '{}'
                    WHERE key = ?""", document.key());
            record(Change.Op.DELETE, document.key(), null);
            if (document.file().equals(document.path())) {
                forgetFile(document.collection(), document.owner(), document.file());
            }
        });
    }

    /** Holds from now on, whatever the indexes still say. */
    public void setAccess(Standing document, AccessSet access) {
        inTransaction(() -> {
            sql.update("UPDATE document SET access_set = ? WHERE key = ?", intern(access), document.key());
            record(Change.Op.ACCESS, document.key(), null);
        });
    }

    private long intern(AccessSet access) {
        String canonical = access.canonical();
        Optional<Long> known =
                sql.first("SELECT id FROM access_set WHERE canonical = ?", row -> row.getLong(1), canonical);
        if (known.isPresent()) {
            return known.get();
        }
        sql.update("INSERT INTO access_set (canonical) VALUES (?)", canonical);
        long id = sql.number("SELECT id FROM access_set WHERE canonical = ?", canonical);
        for (String grantee : access.grantees()) {
            sql.update("INSERT INTO access_grant (grantee, access_set) VALUES (?, ?)", grantee, id);
        }
        return id;
    }

    private void record(Change.Op op, long document, byte @Nullable [] contentHash) {
        sql.update("""
                INSERT INTO ledger (at, collection, document, version, op, content_hash, access_set)
                SELECT ?, collection, key, latest, ?, ?, access_set FROM document WHERE key = ?""", clock.millis(), op.name(), contentHash, document);
    }

    /** Whether the file looks as it did when it was last read whole. */
    public boolean looksUnchanged(String collection, String owner, String file, long bytes, long modifiedNanos) {
        return sql.number("""
                        SELECT EXISTS (SELECT 1 FROM file WHERE collection = ? AND owner = ? AND path = ?
                            AND bytes = ? AND modified = ?)""", collection, owner, file, bytes, modifiedNanos) > 0;
    }

    /** The file was read whole as it looked then. */
    public void rememberFile(String collection, String owner, String file, long bytes, long modifiedNanos) {
        sql.update(
                "INSERT OR REPLACE INTO file (collection, owner, path, bytes, modified) VALUES (?, ?, ?, ?, ?)",
                collection,
                owner,
                file,
                bytes,
                modifiedNanos);
    }

    /** The file is to be read at the next occasion, however it looks. */
    public void forgetFile(String collection, String owner, String file) {
        sql.update("DELETE FROM file WHERE collection = ? AND owner = ? AND path = ?", collection, owner, file);
    }

    /** Collections that something was ever written for. */
    public List<String> collections() {
        return sql.all("SELECT DISTINCT collection FROM document ORDER BY collection", row -> row.getString(1));
    }

    /** The last line of the ledger up to which the collection's index was said to be whole; 0 where never. */
    public long followed(String collection) {
        return sql.number("SELECT value FROM setting WHERE key = ?", FOLLOWED + collection);
    }

    /** The collection's index is whole, words and vectors, up to that line of the ledger. */
    public void setFollowed(String collection, long sequence) {
        if (followed(collection) != sequence) {
            sql.update(
                    "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
                    FOLLOWED + collection,
                    Long.toString(sequence));
        }
    }

    /** The ledger's last line for the collection; 0 where there is none. */
    public long lastSequence(String collection) {
        return sql.number("SELECT max(seq) FROM ledger WHERE collection = ?", collection);
    }

    /** What an index has to follow after that line of the ledger, in order, at most so many lines. */
    public List<Change> changes(String collection, long after, int most) {
        return sql.all(
                """
                SELECT l.seq, l.document, d.id, d.owner, l.op FROM ledger l JOIN document d ON d.key = l.document
                WHERE l.collection = ? AND l.seq > ? AND l.op IN ('READY', 'DELETE', 'ACCESS')
                ORDER BY l.seq LIMIT ?""",
                row -> new Change(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        Change.Op.valueOf(row.getString(5))),
                collection,
                after,
                most);
    }

    /** The document as an index takes it; empty where no version is live. */
    public Optional<Stored> stored(Change change) {
        return Chunks.read(sql, change.document());
    }

    /** Hashes of the bytes of everything that came from such a source. */
    public Set<String> contentHashes(String source) {
        return contentHashes(sql, source);
    }

    static Set<String> contentHashes(Sql sql, String source) {
        return Set.copyOf(sql.all("""
                SELECT DISTINCT lower(hex(v.content_hash)) FROM version v JOIN document d ON d.key = v.document
                WHERE d.source = ?""", row -> row.getString(1), source));
    }

    /** Adapters of this tenant. */
    public AdapterWriter adapters() {
        return new AdapterWriter(sql, clock);
    }

    /** Datasets of this tenant. */
    public DatasetWriter datasets() {
        return new DatasetWriter(sql, clock, this::intern);
    }

    /** What was embedded with this encoder. */
    public Vectors vectors(Encoder encoder) {
        return Vectors.of(sql, encoder);
    }

    /** Which encoders collections have vectors of. */
    public CollectionEncoders encoders() {
        return new CollectionEncoders(sql, this);
    }

    /** Places beyond this machine's files that documents of this tenant come from. */
    public Sources sources() {
        return new Sources(sql, clock);
    }

    /** What is to leave no trace. */
    public Forgetting forgetting() {
        return new Forgetting(sql, this, clock);
    }

    /** Comparisons of arms. */
    public ComparisonWriter comparisons() {
        return new ComparisonWriter(sql, clock);
    }

    /** Drops the vectors, of every encoder, of texts that no document and no example has any more; says how many. */
    public int dropUnusedVectors() {
        return sql.update("""
                DELETE FROM vector WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.text_hash = vector.text_hash)
                    AND NOT EXISTS (SELECT 1 FROM example WHERE example.text_hash = vector.text_hash)""");
    }

    private static Standing standing(ResultSet row) throws SQLException {
        byte[] hash = row.getBytes(13);
        SortedMap<String, String> given = Metadata.read(row.getString(9));
        return new Standing(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                AccessSet.parse(row.getString(8)),
                given,
                row.getInt(10),
                row.getInt(11),
                State.of(row.getString(12)),
                hash == null ? null : HexFormat.of().formatHex(hash));
    }

    @Override
    public void close() {
        sql.close();
    }
}
