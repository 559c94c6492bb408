package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Change;
import dev.tandem.catalog.Stored;
import dev.tandem.catalog.Vectors;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.knowledge.index.IndexText;
import dev.tandem.knowledge.index.VectorShelf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Fills in the vectors behind the words, in the ledger's order, a window of documents at a time: from the catalog what was
 * embedded before, from the encoder the rest, shortest batches of like length first. A batch is kept in the catalog as
 * soon as a hundred texts are done, so that an interruption costs seconds of embedding at most; what a server made is kept
 * as it comes, for it may have cost money.
 */
final class VectorFill {

    private static final int PAGE = 500;
    private static final int WINDOW_TEXTS = 1_024;
    private static final int WINDOW_DOCUMENTS = 2_000;
    /** Each is held with its text and, where it was known, its vector. */
    private static final int WINDOW_PASSAGES = 8_192;

    private static final int KEEP_EVERY = 128;
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(20);

    /** What came of it for the owner, and how many texts of anybody were embedded. */
    record Filled(long embedded, long reused, long tokens, long all) {}

    /** A text to be embedded; {@code own} where it is told of. */
    private record Missing(String text, long characters, boolean own) {}

    /** Told after each batch of own texts: characters done of all there are, and tokens so far. */
    @FunctionalInterface
    interface Listener {
        void batch(long charactersDone, long characters, long tokens);
    }

    private final CatalogWriter catalog;
    private final Supplier<Embedder> opening;
    private final String owner;
    private final int batchSize;
    private final Listener listener;
    private long characters;
    private long charactersDone;
    private long embedded;
    private long reused;
    private long tokens;
    private long all;

    /**
     * @param embedder asked for at the first text that has no vector yet
     * @param owner whose documents are counted and told; all are filled
     */
    VectorFill(CatalogWriter catalog, Supplier<Embedder> embedder, String owner, int batchSize, Listener listener) {
        this.catalog = catalog;
        this.opening = embedder;
        this.owner = owner;
        this.batchSize = batchSize;
        this.listener = listener;
    }

    /** Documents of one window, what they need and the last line of the ledger that they stand for. */
    private static final class Window {
        final List<String> changed = new ArrayList<>();
        final List<Stored> documents = new ArrayList<>();
        final Map<String, float[]> vectors = new HashMap<>();
        final Map<String, Missing> missing = new LinkedHashMap<>();
        int passages;
        long sequence;

        boolean isFull() {
            return missing.size() >= WINDOW_TEXTS
                    || documents.size() >= WINDOW_DOCUMENTS
                    || passages >= WINDOW_PASSAGES;
        }
    }

    /** @param upTo the last line of the ledger that the words hold */
    Filled fill(VectorShelf shelf, String collection, long upTo) {
        Vectors known = catalog.vectors(shelf.encoder());
        List<Change> due = due(collection, shelf.vectorSequence(), upTo);
        characters = due.stream().filter(this::isOwn).mapToLong(known::missing).sum();
        long lastCommit = System.nanoTime();
        var window = new Window();
        for (int i = 0; i < due.size(); i++) {
            add(due.get(i), shelf.encoder(), known, window);
            if (window.isFull() || i == due.size() - 1) {
                embed(window, known);
                put(window, shelf);
                if (System.nanoTime() - lastCommit > COMMIT_EVERY.toNanos()) {
                    shelf.commitVectors(window.sequence);
                    lastCommit = System.nanoTime();
                }
                window = new Window();
            }
        }
        if (shelf.vectorSequence() < upTo) {
            shelf.commitVectors(upTo);
        }
        return new Filled(embedded, reused, tokens, all);
    }

    /** For each document whose vectors are due the last line of the ledger about it, in the ledger's order. */
    private List<Change> due(String collection, long from, long upTo) {
        var due = new LinkedHashMap<Long, Change>();
        long after = from;
        List<Change> page = catalog.changes(collection, after, PAGE);
        while (!page.isEmpty()) {
            for (Change change : page) {
                due.remove(change.document());
                due.put(change.document(), change);
            }
            after = page.getLast().sequence();
            page = catalog.changes(collection, after, PAGE);
        }
        return due.values().stream()
                .takeWhile(change -> change.sequence() <= upTo)
                .toList();
    }

    private boolean isOwn(Change change) {
        return change.owner().equals(owner);
    }

    private void add(Change change, Encoder encoder, Vectors known, Window window) {
        window.sequence = change.sequence();
        window.changed.add(change.id());
        // Texts in a language that the encoder does not know are found by their words, and wait for nothing.
        catalog.stored(change)
                .filter(it -> encoder.knows(it.document().language()))
                .ifPresent(document -> {
                    window.documents.add(document);
                    window.passages += document.chunks().size();
                    for (int i = 0; i < document.chunks().size(); i++) {
                        String hash = document.textHashes().get(i);
                        if (window.vectors.containsKey(hash) || window.missing.containsKey(hash)) {
                            reused += isOwn(change) ? 1 : 0;
                            continue;
                        }
                        float[] vector = known.of(hash).orElse(null);
                        if (vector == null) {
                            Chunk chunk = document.chunks().get(i);
                            window.missing.put(
                                    hash,
                                    new Missing(
                                            IndexText.of(document.document(), chunk),
                                            chunk.span().length(),
                                            isOwn(change)));
                        } else {
                            window.vectors.put(hash, vector);
                            reused += isOwn(change) ? 1 : 0;
                        }
                    }
                });
    }

    private void embed(Window window, Vectors known) {
        if (window.missing.isEmpty()) {
            return;
        }
        Embedder embedder = opening.get();
        boolean elsewhere = embedder.server().isPresent();
        var byLength = new ArrayList<>(window.missing.entrySet());
        byLength.sort(Comparator.comparingInt(text -> text.getValue().text().length()));
        var fresh = new HashMap<String, float[]>();
        // A server's limits are known to who speaks with it.
        int most = elsewhere ? WINDOW_TEXTS : batchSize;
        for (int from = 0; from < byLength.size(); from += most) {
            var batch = byLength.subList(from, Math.min(from + most, byLength.size()));
            List<String> texts =
                    batch.stream().map(each -> each.getValue().text()).toList();
            embedder.embed(texts, Embedder.Role.PASSAGE, (at, vectors) -> {
                for (int i = 0; i < vectors.size(); i++) {
                    fresh.put(batch.get(at + i).getKey(), vectors.get(i));
                    count(batch.get(at + i).getValue(), embedder);
                }
                if (elsewhere || fresh.size() >= KEEP_EVERY) {
                    keep(fresh, window, known);
                }
                if (charactersDone > 0) {
                    listener.batch(charactersDone, characters, tokens);
                }
            });
        }
        keep(fresh, window, known);
    }

    private void count(Missing missing, Embedder embedder) {
        all++;
        if (missing.own()) {
            embedded++;
            charactersDone += missing.characters();
            tokens += Math.min(
                    embedder.countTokens(missing.text()), embedder.encoder().maxTokens());
        }
    }

    private static void keep(Map<String, float[]> fresh, Window window, Vectors known) {
        known.keep(fresh);
        window.vectors.putAll(fresh);
        fresh.clear();
    }

    private static void put(Window window, VectorShelf shelf) {
        // Vectors that did not answer meanwhile know nothing of what was replaced or deleted.
        window.changed.forEach(shelf::dropVectors);
        for (Stored document : window.documents) {
            List<float[]> vectors =
                    document.textHashes().stream().map(window.vectors::get).toList();
            if (!vectors.isEmpty()) {
                shelf.putVectors(document.document(), document.accessSet(), document.chunks(), vectors);
            }
        }
    }
}
