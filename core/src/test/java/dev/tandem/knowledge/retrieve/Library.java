package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Authority;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Span;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.IndexText;
import dev.tandem.knowledge.index.Indexes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A small real library of one collection, {@value #COLLECTION}: an index on disk, an encoder, and an authority in memory
 * that can be changed without the index knowing, as happens between a catalog's commit and the index's.
 */
public final class Library implements Authority, AutoCloseable {

    public static final String COLLECTION = "books";

    record Held(DocumentRef document, String access) {}

    final Embedder embedder;
    final CollectionIndex index;
    final Map<String, Held> live = new TreeMap<>();
    final Map<String, List<Chunk>> chunks = new HashMap<>();
    private final Map<String, Long> accessSets = new HashMap<>();
    /** Reads everything, for comparisons. */
    static final Principal LIBRARIAN = Principal.ofUser("librarian");

    private long sequence;

    public Library(Path directory) {
        this(directory, new HashingEmbedder());
    }

    public Library(Path directory, Embedder embedder) {
        this.embedder = embedder;
        this.index = CollectionIndex.write(directory, embedder.encoder());
    }

    public Indexes indexes() {
        return (_, collection) -> collection.equals(COLLECTION) ? Optional.of(index) : Optional.empty();
    }

    long accessSet(String canonical) {
        return accessSets.computeIfAbsent(canonical, _ -> accessSets.size() + 1L);
    }

    static DocumentRef document(String id, int version, Map<String, String> metadata, Instant modified, String title) {
        SortedMap<String, String> sorted = new TreeMap<>(metadata);
        return new DocumentRef(id, version, COLLECTION, title, "shelf/" + id + ".txt", "file", modified, sorted);
    }

    /** Each passage becomes a chunk; committed, vectors too. */
    Library put(String id, String access, String... passages) {
        int version = live.containsKey(id) ? live.get(id).document().version() + 1 : 1;
        return put(document(id, version, Map.of(), Instant.EPOCH, ""), access, passages)
                .commit();
    }

    /** One in that language, with vectors where the encoder knows it; not committed. */
    void put(String id, Language language, String... passages) {
        var document =
                new DocumentRef(id, 1, COLLECTION, "", "shelf/" + id, "file", Instant.EPOCH, new TreeMap<>(), language);
        if (embedder.encoder().knows(language)) {
            put(document, "everyone", passages);
        } else {
            hold(document, "everyone", passages);
        }
    }

    /** Not committed. */
    Library put(DocumentRef document, String access, String... passages) {
        List<Chunk> made = hold(document, access, passages);
        index.putVectors(
                document,
                accessSet(access),
                made,
                embedder.embed(
                        made.stream()
                                .map(chunk -> IndexText.of(document, chunk))
                                .toList(),
                        Embedder.Role.PASSAGE));
        return this;
    }

    /** Committed; the vectors are still to come. */
    void putWords(DocumentRef document, String access, String... passages) {
        hold(document, access, passages);
        index.commit(++sequence);
    }

    private List<Chunk> hold(DocumentRef document, String access, String... passages) {
        var made = new ArrayList<Chunk>();
        int at = 0;
        for (String passage : passages) {
            int end = at + passage.codePointCount(0, passage.length());
            made.add(new Chunk(
                    document.id(),
                    document.version(),
                    made.size(),
                    new Span(at, end),
                    new Span(0, end),
                    "Part " + (made.size() + 1),
                    1,
                    passage));
            at = end;
        }
        live.put(document.id(), new Held(document, access));
        chunks.put(document.id(), made);
        index.put(document, accessSet(access), made);
        return made;
    }

    /** Not committed. */
    Library remove(String id) {
        live.remove(id);
        chunks.remove(id);
        index.remove(id);
        return this;
    }

    Library commit() {
        index.commit(++sequence);
        index.commitVectors(sequence);
        return this;
    }

    /** In the catalog alone; the index has not heard of it. */
    void revoke(String id, String access) {
        live.computeIfPresent(id, (_, held) -> new Held(held.document(), access));
    }

    boolean mayRead(Principal asker, String id) {
        return live.containsKey(id)
                && (asker.equals(LIBRARIAN)
                        || AccessSet.parse(live.get(id).access()).allows(asker));
    }

    @Override
    public Set<Long> readableAccessSets(Principal asker) {
        return accessSets.entrySet().stream()
                .filter(entry -> asker.equals(LIBRARIAN)
                        || AccessSet.parse(entry.getKey()).allows(asker))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    @Override
    public boolean isLocalOnly(String collection) {
        return false;
    }

    @Override
    public boolean readsAll(Principal asker, String collection) {
        return live.keySet().stream().allMatch(id -> mayRead(asker, id));
    }

    @Override
    public Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds) {
        return documentIds.stream()
                .filter(id -> mayRead(asker, id))
                .collect(Collectors.toMap(id -> id, id -> live.get(id).document()));
    }

    @Override
    public void close() {
        index.close();
    }
}
