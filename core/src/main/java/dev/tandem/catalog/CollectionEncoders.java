package dev.tandem.catalog;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import java.util.List;
import java.util.Optional;

/**
 * Which encoders the collections of a tenant have vectors of, and which of them answers. Every change is one transaction:
 * a question meets the encoder before or the one after, and never none.
 */
public final class CollectionEncoders {

    private static final String ALL = """
            SELECT reference, key, price, name, hash, dimensions, max_tokens, use, languages FROM collection_encoder
            WHERE collection = ? ORDER BY use = 'live' DESC, changed DESC""";

    private final Sql sql;
    private final CatalogWriter catalog;

    CollectionEncoders(Sql sql, CatalogWriter catalog) {
        this.sql = sql;
        this.catalog = catalog;
    }

    /** The live one first, then those that were touched last. */
    static List<CollectionEncoder> all(Sql sql, String collection) {
        return sql.all(
                ALL,
                row -> new CollectionEncoder(
                        new EncoderSource(row.getString(1), row.getString(2), row.getString(3), row.getString(9)),
                        new Encoder(
                                row.getString(4),
                                row.getString(5),
                                row.getInt(6),
                                row.getInt(7),
                                Encoder.languages(row.getString(9))),
                        CollectionEncoder.Use.of(row.getString(8))),
                collection);
    }

    public List<CollectionEncoder> all(String collection) {
        return all(sql, collection);
    }

    /** The one that answers; empty where the collection is new, or older than this table. */
    public Optional<CollectionEncoder> live(String collection) {
        return all(collection).stream()
                .filter(each -> each.use() == CollectionEncoder.Use.LIVE)
                .findFirst();
    }

    /** The one to go back to. */
    public Optional<CollectionEncoder> former(String collection) {
        return all(collection).stream()
                .filter(each -> each.use() == CollectionEncoder.Use.FORMER)
                .findFirst();
    }

    /** Its vectors are being made, or made whole. One that was live before stays one to go back to. */
    public void filling(String collection, EncoderSource source, Encoder encoder) {
        boolean known =
                all(collection).stream().anyMatch(each -> each.encoder().hash().equals(encoder.hash()));
        if (!known) {
            put(collection, source, encoder, CollectionEncoder.Use.FILLING);
        }
    }

    /** From now on this one answers; the one before stays to go back to. */
    public void setLive(String collection, EncoderSource source, Encoder encoder) {
        sql.inTransaction(() -> {
            Optional<CollectionEncoder> live = live(collection);
            boolean another = live.isPresent() && !live.get().encoder().hash().equals(encoder.hash());
            if (another) {
                put(collection, live.get().source(), live.get().encoder(), CollectionEncoder.Use.FORMER);
            }
            put(collection, source, encoder, CollectionEncoder.Use.LIVE);
            if (another) {
                // How far the index is was said of other vectors: the next run looks.
                catalog.setFollowed(collection, 0);
            }
            return another;
        });
    }

    private void put(String collection, EncoderSource source, Encoder encoder, CollectionEncoder.Use use) {
        sql.update(
                """
                INSERT OR REPLACE INTO collection_encoder
                    (collection, hash, name, dimensions, max_tokens, reference, key, price, use, languages,
                     changed)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1 + coalesce(max(changed), 0) FROM collection_encoder
                WHERE collection = ?""",
                collection,
                encoder.hash(),
                encoder.name(),
                encoder.dimensions(),
                encoder.maxTokens(),
                source.reference(),
                source.key(),
                source.price(),
                use.text(),
                encoder.languageCodes(),
                collection);
    }

    /** The collection has nothing in it yet: whatever was said of its encoder is void. */
    public void clear(String collection) {
        sql.update("DELETE FROM collection_encoder WHERE collection = ?", collection);
    }

    /**
     * Forgets all but the live one, and every vector of theirs that no other collection and no example has a use for; on
     * return the file is smaller by that.
     *
     * @return how many vectors went
     */
    public int dropOthers(String collection) {
        int dropped = sql.inTransaction(() -> {
            List<CollectionEncoder> others = all(collection).stream()
                    .filter(each -> each.use() != CollectionEncoder.Use.LIVE)
                    .toList();
            sql.update("DELETE FROM collection_encoder WHERE collection = ? AND use <> 'live'", collection);
            return others.stream()
                    .mapToInt(each -> dropVectors(each.encoder().hash()))
                    .sum();
        });
        if (dropped > 0) {
            sql.vacuum();
        }
        return dropped;
    }

    private int dropVectors(String hash) {
        return sql.update("""
                DELETE FROM vector WHERE encoder = (SELECT id FROM encoder WHERE hash = ?1)
                    AND NOT EXISTS (SELECT 1 FROM example e WHERE e.text_hash = vector.text_hash)
                    AND NOT EXISTS (SELECT 1 FROM chunk c JOIN document d ON d.key = c.document
                        JOIN collection_encoder o ON o.collection = d.collection AND o.hash = ?1
                        WHERE c.text_hash = vector.text_hash)""", hash);
    }
}
