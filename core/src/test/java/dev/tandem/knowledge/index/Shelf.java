package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Documents, chunks and vectors for the tests of this package. */
final class Shelf {

    static final Encoder ENCODER = encoder("a");
    static final Scope EVERYTHING = new Scope(Set.of(1L, 2L, 3L), Filter.everything());

    private Shelf() {}

    static Encoder encoder(String digit) {
        return new Encoder("encoder " + digit, digit.repeat(64), 4, 512);
    }

    static DocumentRef document(String id, int version) {
        return new DocumentRef(id, version, "c", "", id + ".txt", "file", Instant.EPOCH, new TreeMap<>());
    }

    static List<Chunk> chunks(DocumentRef document, String... texts) {
        var chunks = new ArrayList<Chunk>();
        int at = 0;
        for (String text : texts) {
            int end = at + text.codePointCount(0, text.length());
            chunks.add(new Chunk(
                    document.id(),
                    document.version(),
                    chunks.size(),
                    new Span(at, end),
                    new Span(0, end),
                    "",
                    0,
                    text));
            at = end;
        }
        return chunks;
    }

    /** One unit vector for each chunk, the i-th along the axis of its ordinal. */
    static List<float[]> vectors(List<Chunk> chunks) {
        return chunks.stream().map(chunk -> axis(chunk.ordinal())).toList();
    }

    static float[] axis(int at) {
        float[] vector = new float[ENCODER.dimensions()];
        vector[at % vector.length] = 1;
        return vector;
    }

    /** Words and vectors, committed as this ledger sequence. */
    static void put(CollectionIndex index, long sequence, String id, int version, long access, String... texts) {
        DocumentRef document = document(id, version);
        List<Chunk> chunks = chunks(document, texts);
        index.put(document, access, chunks);
        index.putVectors(document, access, chunks, vectors(chunks));
        index.commit(sequence);
        index.commitVectors(sequence);
    }

    /** Ids of the chunks that words find. */
    static Set<String> byWords(CollectionIndex index, String words, Scope scope) {
        return found(index, words, null, scope);
    }

    /** Ids of the chunks that a vector finds: all of them, up to a hundred. */
    static Set<String> byMeaning(CollectionIndex index, Scope scope) {
        return found(index, null, axis(0), scope);
    }

    private static Set<String> found(CollectionIndex index, String words, float[] meaning, Scope scope) {
        var ids = new TreeSet<String>();
        try (Snapshot snapshot = index.snapshot()) {
            snapshot.candidates(words, meaning == null ? null : () -> meaning, scope, 100)
                    .all()
                    .forEach(each -> ids.add(each.chunkId()));
        }
        return ids;
    }
}
