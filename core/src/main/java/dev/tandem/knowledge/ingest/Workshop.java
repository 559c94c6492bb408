package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Vectors;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ChunkStrategy;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.VectorShelf;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;

/** What is open while one tenant's documents are written: its catalog, and the indexes that follow it. */
final class Workshop implements AutoCloseable {

    /** English prose, nearly; an estimate for people. */
    private static final long CHARACTERS_PER_TOKEN = 4;

    /** Title and headings that are embedded with a chunk. */
    private static final long CHARACTERS_AROUND = 50;

    private final Home home;
    private final String tenant;
    private final EncoderChoice choice;
    private final Consent consent;
    private final IngestSettings settings;
    private final OtherFormats others;
    private final ExecutorService cores;
    private final CatalogWriter catalog;
    private final TreeMap<String, IndexFeed> feeds = new TreeMap<>();
    private final TreeMap<String, Failure> waiting = new TreeMap<>();
    private final Set<String> asked = new HashSet<>();

    Workshop(
            HomeLock lock,
            String tenant,
            Encoders encoders,
            Consent consent,
            IngestSettings settings,
            OtherFormats others,
            ExecutorService cores) {
        this.home = lock.home();
        this.tenant = tenant;
        this.consent = consent;
        this.settings = settings;
        this.others = others;
        this.cores = cores;
        this.catalog = CatalogWriter.open(lock, tenant);
        this.choice = new EncoderChoice(tenant, catalog, encoders, this::index);
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

    /** Cuts as was tuned for the collection, else as the settings say. */
    Chunker chunker(String collection) {
        return chunker(
                collection,
                catalog.retrieval()
                        .of(collection)
                        .map(tuned -> ChunkSettings.of(tuned.chunks()))
                        .orElse(settings.chunks()));
    }

    Chunker chunker(String collection, ChunkSettings chunks) {
        return chunks.strategy() == ChunkStrategy.SEMANTIC
                ? new Chunker(chunks, agreed(choice.live(collection), collection))
                : new Chunker(chunks);
    }

    Blobs blobs() {
        return new Blobs(home.blobs(tenant));
    }

    /** The collection's index, there before anything is served. */
    IndexFeed feed(String collection) {
        IndexFeed feed = feeds.get(collection);
        if (feed == null) {
            feed = IndexFeed.open(
                    index(collection),
                    collection,
                    catalog,
                    choice.live(collection).encoder());
            feeds.put(collection, feed);
        }
        return feed;
    }

    /**
     * Opens the indexes of collections that an earlier run left behind the ledger, so that they catch up with this one. An
     * index of which nobody knows the encoder waits for it: the catalog keeps what it lacks, and lets nobody read too much.
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
            if (e.kind() == Failure.Kind.BROKEN || e.kind() == Failure.Kind.BUSY) {
                throw e;
            }
            return Optional.empty(); // nobody knows whose its vectors are, or that encoder is not to be had
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

    Path catalogFile() {
        return home.catalog(tenant);
    }

    EncoderChoice choice() {
        return choice;
    }

    /** The encoder that the collection's vectors are of. */
    Embedder embedder(String collection) {
        return choice.open(choice.live(collection));
    }

    /** Lets go of the collection's index, and opens it again with the encoder that is live now. */
    void reopen(String collection) {
        closeFeed(collection);
        feed(collection);
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

    /** What kept the vectors of which collection from being filled in, in the last {@link #fillVectors}. */
    Map<String, Failure> waiting() {
        return Collections.unmodifiableMap(waiting);
    }

    /**
     * Brings the vectors of all open indexes up to their words; says how many texts were embedded, whoever owns them.
     *
     * @param wanted the collection that it is about; the others wait where their encoder cannot be had
     */
    long fillVectors(String owner, Tally tally, String wanted) {
        long embedded = 0;
        waiting.clear();
        for (String collection : feeds.keySet()) {
            CollectionIndex index = feed(collection).index();
            try {
                embedded += fill(index, choice.live(collection), collection, index.sequence(), owner, tally);
                catalog.setFollowed(collection, index.sequence());
            } catch (Failure e) {
                if (collection.equals(wanted) || e.kind() == Failure.Kind.BROKEN || e.kind() == Failure.Kind.BUSY) {
                    throw e;
                }
                waiting.put(collection, e);
            }
        }
        return embedded;
    }

    /**
     * Makes vectors of texts that no chunk has yet, so that they are there when one does; says how many were made.
     *
     * @param texts by their hashes
     */
    long embedAhead(String collection, Map<String, String> texts, Tally tally) {
        CollectionEncoder live = choice.live(collection);
        Vectors known = catalog.vectors(live.encoder());
        List<Map.Entry<String, String>> missing = texts.entrySet().stream()
                .filter(text -> known.of(text.getKey()).isEmpty())
                .toList();
        long started = System.nanoTime();
        for (int from = 0; from < missing.size(); from += settings.embedBatch()) {
            List<Map.Entry<String, String>> batch =
                    missing.subList(from, Math.min(from + settings.embedBatch(), missing.size()));
            List<float[]> vectors = agreed(live, collection)
                    .embed(batch.stream().map(Map.Entry::getValue).toList(), Embedder.Role.PASSAGE);
            var made = new HashMap<String, float[]>();
            for (int i = 0; i < batch.size(); i++) {
                made.put(batch.get(i).getKey(), vectors.get(i));
            }
            known.keep(made);
        }
        tally.embeddingTook(System.nanoTime() - started);
        return missing.size();
    }

    /** Brings vectors up to that line of the ledger; says how many texts were embedded, whoever owns them. */
    long fill(VectorShelf shelf, CollectionEncoder of, String collection, long upTo, String owner, Tally tally) {
        var pace = new Pace(Event.Work.EMBEDDING, tally);
        long started = System.nanoTime();
        VectorFill.Filled filled = new VectorFill(
                        catalog, () -> agreed(of, collection), owner, settings.embedBatch(), pace::at)
                .fill(shelf, collection, upTo);
        tally.embeddingTook(System.nanoTime() - started);
        if (filled.embedded() + filled.reused() > 0) {
            tally.tell(new Event.Embedded(collection, filled.embedded(), filled.reused(), filled.tokens()));
        }
        return filled.all();
    }

    /** The encoder, once whoever pays for it has agreed. */
    private Embedder agreed(CollectionEncoder of, String collection) {
        Embedder embedder = choice.open(of);
        catalog.localOnly().pass(collection, embedder);
        if (embedder.server().isPresent()
                && asked.add(collection + " " + of.encoder().hash())) {
            Vectors.Lacking lacking = catalog.vectors(of.encoder()).lacking(collection);
            consent.give(new Consent.Run(
                    collection,
                    of.encoder().name(),
                    of.source(),
                    embedder.server().get(),
                    lacking.texts(),
                    (lacking.characters() + CHARACTERS_AROUND * lacking.texts()) / CHARACTERS_PER_TOKEN));
        }
        return catalog.localOnly().guard(embedder, collection);
    }

    @Override
    public void close() {
        try (catalog) {
            feeds.values().forEach(IndexFeed::close);
        }
    }
}
