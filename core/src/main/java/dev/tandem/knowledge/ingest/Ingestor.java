package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogCheck;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Forgetting;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.LocalOnlyRows;
import dev.tandem.catalog.SideFiles;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.IndexText;
import dev.tandem.knowledge.index.SpareVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents into a home, which it holds the lock of until it is closed. One thread at a time. Whatever interrupts
 * it, nothing acknowledged is lost: the next ingest goes on where this one stopped.
 */
public final class Ingestor implements AutoCloseable {

    private final Home home;
    private final HomeLock lock;
    private final Encoders encoders;
    private final Consent consent;
    private final IngestSettings settings;
    private final OtherFormats others;
    private final ExecutorService cores;
    private final TreeMap<String, Workshop> tenants = new TreeMap<>();

    private Ingestor(
            Home home,
            HomeLock lock,
            Encoders encoders,
            Consent consent,
            IngestSettings settings,
            OtherFormats others) {
        this.home = home;
        this.lock = lock;
        this.encoders = encoders;
        this.consent = consent;
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
        return open(home, Encoders.only(embedder), Consent.GIVEN, settings, others);
    }

    /**
     * The same, with an encoder for each collection.
     *
     * @param consent asked before many texts go to a server
     */
    public static Ingestor open(
            Home home, Encoders encoders, Consent consent, IngestSettings settings, OtherFormats others) {
        return new Ingestor(home, home.lock(), encoders, consent, settings, others);
    }

    /**
     * Takes in what is new and changed under the paths of the request, and lets go of what is gone. On return everything
     * is findable by its words and by meaning; what could not be read is among the owner's failed documents.
     *
     * @throws Failure MISSING where a path names nothing, before anything is done; CONFLICT where the encoder that the
     *     collection was embedded with is not to be had any more, before anything is acknowledged; BUSY on a full disk, BROKEN where the home is damaged
     */
    public Summary ingest(Request request, Consumer<Event> events) {
        return ingest(request, IngestRun::run, events);
    }

    /** The same, where an empty folder is as good as any. */
    Summary begin(Request request, Consumer<Event> events) {
        return ingest(request, run -> run.run(false), events);
    }

    /** Of the request only these paths, whatever became of them. */
    Summary follow(Request request, Collection<Path> changed, Consumer<Event> events) {
        return ingest(request, run -> run.run(changed), events);
    }

    private Summary ingest(Request request, Consumer<IngestRun> work, Consumer<Event> events) {
        var tally = new Tally(events);
        Workshop shop = shop(request.owner());
        try {
            work.accept(new IngestRun(shop, request, tally));
        } catch (Throwable e) {
            // A writer that met a full disk is of no use any more; the next run opens another.
            shop.abandonFeeds(e);
            throw e;
        }
        Summary summary = tally.summary();
        tally.tell(new Event.Done(summary));
        return summary;
    }

    /**
     * Sets a source up, or anew, and visits it: takes in what is new and changed there, and lets go of what is gone.
     *
     * @throws Failure UPSTREAM and others where the source as a whole cannot be read: nothing of it is removed then, and its
     *     owner finds the reason with it
     */
    public Summary visit(Principal owner, SourceEntry entry, Source source, Consumer<Event> events) {
        var tally = new Tally(events);
        visit(shop(owner), owner, entry, source, tally);
        return done(tally);
    }

    /**
     * Visits what the owner's sources have due by now. One that cannot be read is told as failed under its name, and the
     * others are visited all the same.
     */
    public Summary visitDue(Principal owner, Function<SourceEntry, Source> opener, Consumer<Event> events) {
        var tally = new Tally(events);
        Workshop shop = shop(owner);
        for (SourceEntry entry : shop.catalog().sources().due(owner.user())) {
            try {
                visit(shop, owner, entry, opener.apply(entry), tally);
            } catch (Failure e) {
                if (e.kind() == Failure.Kind.BUSY || e.kind() == Failure.Kind.BROKEN) {
                    throw e;
                }
                // Not even opened, as where a password's variable is not set: it waits for its next time like the
                // others.
                shop.catalog().sources().failed(entry, String.valueOf(e.getMessage()));
                tally.tell(new Event.Failed(entry.name(), String.valueOf(e.getMessage()), e.nextStep()));
            }
        }
        return done(tally);
    }

    private void visit(Workshop shop, Principal owner, SourceEntry entry, Source source, Tally tally) {
        try {
            new SourceRun(shop, owner, entry, source, tally).run();
        } catch (Throwable e) {
            shop.abandonFeeds(e);
            throw e;
        }
    }

    private static Summary done(Tally tally) {
        Summary summary = tally.summary();
        tally.tell(new Event.Done(summary));
        return summary;
    }

    /**
     * Lets go of a source of the owner's, and of the documents that came from it and from no other.
     *
     * @throws Failure MISSING where the owner has no such source
     */
    public void removeSource(Principal owner, String collection, String name, Consumer<Event> events) {
        Workshop shop = shop(owner);
        SourceEntry entry = shop.catalog()
                .sources()
                .find(collection, owner.user(), name)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "There is no source '" + Printable.of(name) + "' of yours in the collection '"
                                + Printable.of(collection) + "'.",
                        "See what there is with tandem sources."));
        SourceRun.remove(shop, owner, entry, new Tally(events));
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
     * Leaves nothing of a document of the asker's in this home: text, chunks, vectors, kept bytes, examples of datasets that
     * were made from it, comparisons that quote it, turns of conversations, cached answers; adapters trained on those are
     * blocked. The file that it came from is left alone. On return no file of the home holds any of it. One that was removed
     * before can still be forgotten, and forgetting twice does no harm.
     *
     * @param idOrPath its id, or its path in the collection
     * @throws Failure MISSING where the asker may not read it or it is not there; DENIED where they do not own it; BUSY where
     *     somebody goes on reading a former state
     */
    public Forgetting.Forgotten forget(Principal asker, String collection, String idOrPath) {
        Workshop shop = shop(asker);
        Standing document = removed(shop, asker, collection, idOrPath)
                .orElseGet(() -> shop.catalog()
                        .standing(
                                owned(asker, collection, idOrPath, "forgotten").id())
                        .orElseThrow());
        Forgetting forgetting = shop.catalog().forgetting();
        Forgetting.Forgotten gone = forgetting.forget(document);
        shop.blobs().keepOnly(shop.catalog().contentHashes(Candidate.INPUT));
        gone.files().forEach(hash -> {
            Path adapter = shop.adapters().resolve(hash);
            IndexFeed.delete(Home.merged(adapter));
            IndexFeed.delete(adapter);
        });
        shop.tryFeed(document.collection()).ifPresent(feed -> feed.follow(asker.user()));
        shop.closeFeed(document.collection());
        gone.documents().forEach(id -> CollectionIndex.purge(shop.index(document.collection()), id));
        forgetting.purge();
        IndexFeed.delete(home.scratch(asker.tenant()));
        // What is being learned from it cannot be registered any more, and must not stay as it is now.
        if (!gone.datasets().isEmpty()
                || !gone.adapters().isEmpty()
                || !gone.files().isEmpty()) {
            IndexFeed.delete(home.checkpoints(asker.tenant()));
        }
        gone.documents().forEach(id -> Forgetting.forgetTalk(home, asker.tenant(), id));
        return gone;
    }

    /** One of the asker's own that was deleted before. */
    private static Optional<Standing> removed(Workshop shop, Principal asker, String collection, String idOrPath) {
        return shop.catalog()
                .standing(idOrPath)
                .or(() -> shop.catalog().standing(collection, asker.user(), idOrPath))
                .filter(document ->
                        document.state() == State.DELETED && document.owner().equals(asker.user()));
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
     * Keeps everything of a collection, and questions put to it, on this machine, or no more.
     *
     * @throws Failure MISSING where the asker has no document of their own in it; DENIED where somebody else made it
     *     local-only and it is to be so no more
     */
    public void setLocalOnly(Principal asker, String collection, boolean localOnly) {
        requireOwn(asker, collection);
        LocalOnlyRows rows = shop(asker).catalog().localOnly();
        if (localOnly) {
            rows.begin(asker, collection);
        } else {
            rows.end(asker, collection);
        }
    }

    /**
     * Gives a collection the encoder that the settings want for it. Until its vectors are whole the one before answers; then
     * all questions go over to it at once, and the one before stays to go {@link #rollback back} to. When it is
     * interrupted, the next call goes on and embeds nothing twice.
     *
     * @throws Failure MISSING where the asker has no document in the collection
     */
    public Summary reembed(Principal asker, String collection, Consumer<Event> events) {
        requireOwn(asker, collection);
        var tally = new Tally(events);
        reembedding(asker, collection).run(asker.user(), tally);
        Summary summary = tally.summary();
        tally.tell(new Event.Done(summary));
        return summary;
    }

    /**
     * Lets the encoder before answer again; returns how many texts were added since that it has no vectors of: they are
     * found by their words until {@link #fill} or the next ingest.
     *
     * @throws Failure MISSING where the asker has no document in the collection; CONFLICT where there is no encoder before
     */
    public long rollback(Principal asker, String collection, Consumer<Event> events) {
        requireOwn(asker, collection);
        Reembedding.Switched switched = reembedding(asker, collection).rollback(asker.user(), new Tally(_ -> {}));
        events.accept(new Event.Switched(collection, switched.from(), switched.to()));
        return switched.lacking();
    }

    /** Embeds what the collection's own encoder has no vectors of yet. */
    public Summary fill(Principal asker, String collection, Consumer<Event> events) {
        requireOwn(asker, collection);
        var tally = new Tally(events);
        Workshop shop = shop(asker);
        shop.feed(collection);
        shop.follow(asker.user(), tally);
        shop.fillVectors(asker.user(), tally, collection);
        Summary summary = tally.summary();
        tally.tell(new Event.Done(summary));
        return summary;
    }

    /** Lets go of the vectors of all encoders but the live one; returns the bytes that are free again. */
    public long dropFormerEncoders(Principal asker, String collection) {
        requireOwn(asker, collection);
        return reembedding(asker, collection).dropOthers();
    }

    /**
     * Searches a collection as was found best for it. Where its documents are to be cut another way, that is done from the
     * texts that are kept; until it is whole, questions are answered as before.
     *
     * @param settings null for what is usual
     * @throws Failure MISSING where the asker has no document in the collection
     */
    public Summary retune(
            Principal asker, String collection, @Nullable RetrievalSettings settings, Consumer<Event> events) {
        requireOwn(asker, collection);
        var tally = new Tally(events);
        Workshop shop = shop(asker);
        try {
            new Recutting(shop, collection).run(asker.user(), settings, tally);
        } catch (Throwable e) {
            shop.abandonFeeds(e);
            throw e;
        }
        return done(tally);
    }

    private Reembedding reembedding(Principal asker, String collection) {
        return new Reembedding(shop(asker), collection);
    }

    private void requireOwn(Principal asker, String collection) {
        try (Catalog catalog = Catalog.read(home, asker.tenant())) {
            if (catalog.documents(asker, collection).stream().allMatch(entry -> entry.access() == null)) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "There is no collection '" + Printable.of(collection) + "' with documents of yours.",
                        "See what is there with tandem status.");
            }
        }
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

    /**
     * Brings every index of the home up to its catalog, for nobody in particular: after a backup was restored. An index
     * whose encoder is not to be had waits for it.
     */
    public void catchUp() {
        var quiet = new Tally(_ -> {});
        for (String tenant : home.tenants()) {
            Workshop shop = shop(tenant);
            shop.catalog().collections().forEach(shop::tryFeed);
            shop.follow("", quiet);
            shop.fillVectors("", quiet, "");
        }
    }

    /**
     * Reads every byte of a home's tenants, and builds what is damaged of an index anew from the catalog: words from its
     * texts, vectors from its vectors, so that nothing is embedded that was embedded before.
     *
     * @throws Failure BROKEN where a catalog is damaged, before anything else is done there
     */
    public Repaired repair() {
        var repaired = new Repaired.Building();
        for (String tenant : home.tenants()) {
            if (!Files.exists(home.catalog(tenant))) {
                if (Files.exists(home.index(tenant, "default").getParent())) {
                    repaired.left("The catalog " + home.catalog(tenant)
                            + " is missing, and with it every document: restore a backup with tandem restore FILE, or"
                            + " ingest them again.");
                }
                continue;
            }
            CatalogCheck.mend(lock, tenant, IndexText::of)
                    .forEach(each -> repaired.mended(home.catalog(tenant) + ": " + each));
            SideFiles.Checked beside = SideFiles.check(lock, tenant);
            beside.mended().forEach(repaired::mended);
            beside.left().forEach(repaired::left);
            try {
                repair(shop(tenant), repaired);
            } catch (Failure e) {
                throw CatalogCheck.refused(home.catalog(tenant), e);
            }
        }
        return repaired.done();
    }

    private void repair(Workshop shop, Repaired.Building repaired) {
        var summary = new Tally(_ -> {});
        for (String collection : shop.catalog().collections()) {
            Map<Path, Failure> damage = CollectionIndex.damage(shop.index(collection));
            if (Files.notExists(shop.index(collection)) && shop.catalog().followed(collection) > 0) {
                repaired.mended("The index of the collection " + collection + " was missing: it is built again.");
            }
            for (var each : damage.entrySet()) {
                IndexFeed.delete(each.getKey());
                repaired.mended(String.valueOf(each.getValue().getMessage()));
            }
            boolean known = shop.tryFeed(collection).isPresent();
            if (!known && !damage.isEmpty()) {
                repaired.left("The collection " + collection + " had vectors of an encoder that is not configured:"
                        + " configure that one and run tandem reembed --collection " + collection
                        + ", which embeds nothing again.");
            } else if (known) {
                damage.keySet().forEach(directory -> repairFormer(shop, collection, directory, repaired));
            }
        }
        shop.follow("", summary);
        repaired.embedded(shop.fillVectors("", summary, ""));
        shop.waiting()
                .forEach((collection, why) -> repaired.left("The collection " + collection
                        + " is not whole yet, and is found by its words: " + why.getMessage() + " " + why.nextStep()));
        shop.blobs()
                .damaged()
                .forEach(file -> repaired.left("The kept bytes " + file
                        + " are damaged: what was read from them stands in the catalog; ingest it again."));
        for (String file : shop.catalog().adapters().damaged(shop.adapters())) {
            repaired.left("The adapter's file " + file + " is missing or damaged: train it again, which gives the same,"
                    + " or restore a backup.");
        }
    }

    /** Of an encoder that does not answer: from the catalog's vectors, which are all there unless documents came since. */
    private static void repairFormer(Workshop shop, String collection, Path damaged, Repaired.Building repaired) {
        for (CollectionEncoder each : shop.catalog().encoders().all(collection)) {
            if (each.use() == CollectionEncoder.Use.LIVE || !CollectionIndex.isVectorsOf(damaged, each.encoder())) {
                continue;
            }
            if (shop.catalog().vectors(each.encoder()).lacking(collection).texts() > 0) {
                repaired.left("The collection " + collection + " had vectors of its former encoder "
                        + each.encoder().name() + ": they are built again when it is gone back to.");
                continue;
            }
            try (SpareVectors spare = SpareVectors.write(shop.index(collection), each.encoder())) {
                shop.fill(spare, each, collection, shop.catalog().lastSequence(collection), "", new Tally(_ -> {}));
            }
        }
    }

    /** Says that this one stops for others who wait to write, so that they do not give up. */
    void makesRoom() {
        lock.makesRoom();
    }

    /** Whether another process waits to write. */
    boolean isWanted() {
        return lock.isWanted();
    }

    private Workshop shop(Principal asker) {
        return shop(asker.tenant());
    }

    private Workshop shop(String of) {
        return tenants.computeIfAbsent(
                of, tenant -> new Workshop(lock, tenant, encoders, consent, settings, others, cores));
    }

    @Override
    public void close() {
        cores.shutdownNow();
        try (lock) {
            tenants.values().forEach(Workshop::close);
        }
    }
}
