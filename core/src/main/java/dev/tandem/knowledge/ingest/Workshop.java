package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.index.CollectionIndex;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;

/** What is open while one tenant's documents are written: its catalog, and the indexes that follow it. */
final class Workshop implements AutoCloseable {

    private final Home home;
    private final String tenant;
    private final Embedder embedder;
    private final IngestSettings settings;
    private final OtherFormats others;
    private final ExecutorService cores;
    private final CatalogWriter catalog;
    private final Chunker chunker;
    private final TreeMap<String, IndexFeed> feeds = new TreeMap<>();

    Workshop(
            HomeLock lock,
            String tenant,
            Embedder embedder,
            IngestSettings settings,
            OtherFormats others,
            ExecutorService cores) {
        this.home = lock.home();
        this.tenant = tenant;
        this.embedder = embedder;
        this.settings = settings;
        this.others = others;
        this.cores = cores;
        this.chunker = new Chunker(settings.chunks());
        this.catalog = CatalogWriter.open(lock, tenant);
    }

    Path home() {
        return home.path();
    }

    String tenant() {
        return tenant;
    }

    CatalogWriter catalog() {
        return catalog;
    }

    IngestSettings settings() {
        return settings;
    }

    Extractors extractors() {
        return Extractors.within(settings.limits(), others);
    }

    ExecutorService cores() {
        return cores;
    }

    Chunker chunker() {
        return chunker;
    }

    Blobs blobs() {
        return new Blobs(home.blobs(tenant));
    }

    /** The collection's index, there before anything is served. */
    IndexFeed feed(String collection) {
        IndexFeed feed = feeds.get(collection);
        if (feed == null) {
            feed = IndexFeed.open(
                    home.index(tenant, collection), collection, catalog, embedder.encoder(), CollectionIndex::write);
            feeds.put(collection, feed);
        }
        return feed;
    }

    /**
     * Opens the indexes of collections that an earlier run left behind the ledger, so that they catch up with this one. An
     * index that refuses this encoder waits for its own: the catalog keeps what it lacks, and lets nobody read too much.
     */
    void catchUp() {
        for (String collection : catalog.collections()) {
            if (!catalog.changes(collection, catalog.followed(collection), 1).isEmpty()) {
                tryFeed(collection);
            }
        }
    }

    Optional<IndexFeed> tryFeed(String collection) {
        try {
            return Optional.of(feed(collection));
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.CONFLICT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Lets go of the collection's index: what was committed stays, and it is opened again when it is asked for. */
    void closeFeed(String collection) {
        IndexFeed open = feeds.remove(collection);
        if (open != null) {
            open.close();
        }
    }

    /** Lets go of all indexes after a run that failed; what was not committed is brought back by the ledger. */
    void abandonFeeds(Throwable because) {
        for (IndexFeed feed : feeds.values()) {
            try {
                feed.close();
            } catch (RuntimeException e) {
                because.addSuppressed(e);
            }
        }
        feeds.clear();
    }

    /** Where the collection's index is. */
    Path index(String collection) {
        return home.index(tenant, collection);
    }

    Path adapters() {
        return home.adapters(tenant);
    }

    /** Opens the collection's index even where it holds another encoder's vectors and none of this one. */
    void reembed(String collection) {
        IndexFeed open = feeds.get(collection);
        if (open == null) {
            feeds.put(
                    collection,
                    IndexFeed.open(
                            home.index(tenant, collection),
                            collection,
                            catalog,
                            embedder.encoder(),
                            CollectionIndex::reembed));
        }
    }

    /** Brings the words of all open indexes up to the catalog; tells the owner of their own documents. */
    void follow(String owner, Tally tally) {
        for (String collection : feeds.keySet()) {
            long documents = feed(collection).follow(owner);
            if (documents > 0) {
                tally.tell(new Event.Indexed(collection, documents));
            }
        }
    }

    /** Brings the vectors of all open indexes up to their words; says how many texts were embedded, whoever owns them. */
    long fillVectors(String owner, Tally tally) {
        long embedded = 0;
        for (String collection : feeds.keySet()) {
            var pace = new Pace(Event.Work.EMBEDDING, tally);
            long started = System.nanoTime();
            VectorFill.Filled filled = new VectorFill(
                            catalog,
                            catalog.localOnly().guard(embedder, collection),
                            owner,
                            settings.embedBatch(),
                            pace::at)
                    .fill(feed(collection));
            embedded += filled.all();
            tally.embeddingTook(System.nanoTime() - started);
            catalog.setFollowed(collection, feed(collection).index().sequence());
            if (filled.embedded() + filled.reused() > 0) {
                tally.tell(new Event.Embedded(collection, filled.embedded(), filled.reused(), filled.tokens()));
            }
        }
        return embedded;
    }

    @Override
    public void close() {
        try (catalog) {
            feeds.values().forEach(IndexFeed::close);
        }
    }
}
