package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Change;
import dev.tandem.catalog.Storage;
import dev.tandem.catalog.Stored;
import dev.tandem.domain.Encoder;
import dev.tandem.knowledge.index.CollectionIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps a collection's index up with the ledger. There is no other way into the index, so that a run that went well and
 * one that follows a crash do the same: read the ledger after the last line that the index holds, and put the documents
 * it names as the catalog has them now.
 */
final class IndexFeed implements AutoCloseable {

    private static final int PAGE = 500;

    private final CatalogWriter catalog;
    private final String collection;
    private final CollectionIndex index;
    private long applied;

    private IndexFeed(CatalogWriter catalog, String collection, CollectionIndex index) {
        this.catalog = catalog;
        this.collection = collection;
        this.index = index;
        this.applied = index.sequence();
    }

    /** Opens the index in that folder, whose live encoder that is. */
    static IndexFeed open(Path folder, String collection, CatalogWriter catalog, Encoder encoder) {
        CollectionIndex index = CollectionIndex.writeLive(folder, encoder);
        if (index.sequence() > catalog.lastSequence(collection)) {
            // The catalog was put back to an older state, or lost: the index speaks of what never happened.
            index.close();
            delete(folder);
            index = CollectionIndex.writeLive(folder, encoder);
        }
        return new IndexFeed(catalog, collection, index);
    }

    CollectionIndex index() {
        return index;
    }

    String collection() {
        return collection;
    }

    /** Makes everything that the catalog has findable by its words; says how many of the owner's documents changed. */
    long follow(String owner) {
        long documents = 0;
        for (List<Change> page = next(); !page.isEmpty(); page = next()) {
            var last = new LinkedHashMap<Long, Change>();
            for (Change change : page) {
                // Once a document is to be put, a later change of its readers is part of that.
                last.merge(change.document(), change, (a, b) -> b.op() == Change.Op.ACCESS ? a : b);
            }
            last.values().forEach(this::apply);
            documents += last.values().stream()
                    .filter(change -> change.owner().equals(owner))
                    .count();
            applied = page.getLast().sequence();
        }
        if (applied > index.sequence()) {
            index.commit(applied);
        }
        return documents;
    }

    private List<Change> next() {
        return catalog.changes(collection, applied, PAGE);
    }

    private void apply(Change change) {
        Optional<Stored> now = catalog.stored(change);
        if (now.isEmpty()) {
            index.remove(change.id());
        } else if (change.op() == Change.Op.ACCESS) {
            index.setAccess(change.id(), now.get().accessSet());
        } else {
            index.put(now.get().document(), now.get().accessSet(), now.get().chunks());
        }
    }

    /** With everything in it; nothing happens where it is not there. */
    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw Storage.failure(e, folder);
        }
    }

    /** What was not committed is dropped; the ledger brings it back. */
    @Override
    public void close() {
        index.close();
    }
}
