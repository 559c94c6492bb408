package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Standing;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.OtherFormats;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Writes documents into a home, which it holds the lock of until it is closed. One thread at a time. Whatever interrupts
 * it, nothing acknowledged is lost: the next ingest goes on where this one stopped.
 */
public final class Ingestor implements AutoCloseable {

    private final Home home;
    private final HomeLock lock;
    private final Embedder embedder;
    private final IngestSettings settings;
    private final OtherFormats others;
    private final ExecutorService cores;
    private final TreeMap<String, Workshop> tenants = new TreeMap<>();

    private Ingestor(Home home, HomeLock lock, Embedder embedder, IngestSettings settings, OtherFormats others) {
        this.home = home;
        this.lock = lock;
        this.embedder = embedder;
        this.settings = settings;
        this.others = others;
        this.cores = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("extract-", 0).factory());
    }

    /**
     * Takes the home's lock.
     *
     * @throws Failure BUSY where another process writes this home; DENIED where it cannot be written
     */
    public static Ingestor open(Home home, Embedder embedder) {
        return open(home, embedder, IngestSettings.standard());
    }

    public static Ingestor open(Home home, Embedder embedder, IngestSettings settings) {
        return open(home, embedder, settings, OtherFormats.NONE);
    }

    /** The same, with somebody who reads office documents, mail and archives, and stays open when this is closed. */
    public static Ingestor open(Home home, Embedder embedder, IngestSettings settings, OtherFormats others) {
        return new Ingestor(home, home.lock(), embedder, settings, others);
    }

    /**
     * Takes in what is new and changed under the paths of the request, and lets go of what is gone. On return everything
     * is findable by its words and by meaning; what could not be read is among the owner's failed documents.
     *
     * @throws Failure MISSING where a path names nothing, before anything is done; CONFLICT where the collection was
     *     embedded with another encoder; BUSY on a full disk, BROKEN where the home is damaged
     */
    public Summary ingest(Request request, Consumer<Event> events) {
        var tally = new Tally(events);
        new IngestRun(shop(request.owner()), request, tally).run();
        Summary summary = tally.summary();
        tally.tell(new Event.Done(summary));
        return summary;
    }

    /**
     * Deletes a document of the asker's.
     *
     * @param idOrPath its id, or its path in the collection
     * @throws Failure MISSING where the asker may not read it or it is not there; DENIED where they do not own it
     */
    public DocumentEntry remove(Principal asker, String collection, String idOrPath) {
        DocumentEntry entry = owned(asker, collection, idOrPath, "removed");
        Workshop shop = shop(asker);
        shop.catalog().inTransaction(() -> {
            Standing document = shop.catalog().standing(entry.id()).orElseThrow();
            shop.catalog().delete(document);
            // However its file looks, the next ingest of it starts anew.
            shop.catalog().forgetFile(document.collection(), document.owner(), document.file());
            shop.catalog().dropUnusedVectors();
        });
        shop.blobs().keepOnly(shop.catalog().contentHashes(Candidate.INPUT));
        shop.tryFeed(entry.collection()).ifPresent(feed -> feed.follow(asker.user()));
        return entry;
    }

    /**
     * Lets these, and the owner, read a document; holds for every query from the moment this is committed.
     *
     * @throws Failure as {@link #remove}
     */
    public DocumentEntry setAccess(Principal asker, String collection, String idOrPath, AccessSet access) {
        DocumentEntry entry = owned(asker, collection, idOrPath, "given to others");
        Workshop shop = shop(asker);
        Standing document = shop.catalog().standing(entry.id()).orElseThrow();
        shop.catalog().setAccess(document, access.withOwner(asker));
        shop.tryFeed(entry.collection()).ifPresent(feed -> feed.follow(asker.user()));
        return owned(asker, collection, entry.id(), "read");
    }

    /**
     * Gives a collection the vectors of this encoder, beside those that it has: what an index asks for that was built with
     * another. Words, documents and access stay as they are.
     *
     * @throws Failure MISSING where the asker has no document in the collection
     */
    public Summary reembed(Principal asker, String collection, Consumer<Event> events) {
        try (Catalog catalog = Catalog.read(home, asker.tenant())) {
            if (catalog.documents(asker, collection).stream().allMatch(entry -> entry.access() == null)) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "There is no collection '" + Printable.of(collection) + "' with documents of yours.",
                        "See what is there with tandem status.");
            }
        }
        var tally = new Tally(events);
        Workshop shop = shop(asker);
        shop.reembed(collection);
        shop.follow(asker.user(), tally);
        shop.fillVectors(asker.user(), tally);
        Summary summary = tally.summary();
        tally.tell(new Event.Done(summary));
        return summary;
    }

    /** The entry of a document that the asker owns; who may not read it learns nothing. */
    private DocumentEntry owned(Principal asker, String collection, String idOrPath, String verb) {
        try (Catalog catalog = Catalog.read(home, asker.tenant())) {
            DocumentEntry entry = catalog.document(asker, collection, idOrPath)
                    .orElseThrow(() -> new Failure(
                            Failure.Kind.MISSING,
                            "There is no document '" + Printable.of(idOrPath) + "' in the collection '"
                                    + Printable.of(collection) + "'.",
                            "See what is there with tandem documents."));
            if (entry.access() == null) {
                throw new Failure(
                        Failure.Kind.DENIED,
                        "The document '" + Printable.of(idOrPath) + "' can be " + verb + " by its owner only.",
                        "Ask its owner.");
            }
            return entry;
        }
    }

    private Workshop shop(Principal asker) {
        return tenants.computeIfAbsent(
                asker.tenant(), tenant -> new Workshop(lock, tenant, embedder, settings, others, cores));
    }

    @Override
    public void close() {
        cores.shutdownNow();
        try (lock) {
            tenants.values().forEach(Workshop::close);
        }
    }
}
