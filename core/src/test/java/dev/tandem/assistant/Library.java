package dev.tandem.assistant;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.domain.Span;
import dev.tandem.domain.TextSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A hand-made library for tests: documents of one chunk each, found by shared words, readable by those who may. */
final class Library implements Searcher, TextSource, Embedder {

    static final Principal ANA = Principal.ofUser("ana");

    private record Shelved(DocumentRef document, String text, AccessSet access) {}

    private final Map<String, Shelved> documents = new LinkedHashMap<>();

    Library with(String id, String text) {
        return with(id, text, AccessSet.parse(Principal.EVERYONE));
    }

    Library with(String id, String text, AccessSet access) {
        int version = documents.containsKey(id) ? documents.get(id).document().version() + 1 : 1;
        documents.put(
                id,
                new Shelved(
                        new DocumentRef(
                                id,
                                version,
                                "default",
                                "Title of " + id,
                                id + ".md",
                                "file",
                                Instant.EPOCH,
                                Collections.emptySortedMap()),
                        text,
                        access));
        return this;
    }

    void remove(String id) {
        documents.remove(id);
    }

    static Query ask(String question) {
        return new Query(question, ANA, "default", Filter.everything(), 10);
    }

    @Override
    public List<Hit> search(Query query) {
        Set<String> asked = Words.contentStems(query.text());
        var hits = new ArrayList<Hit>();
        for (Shelved shelved : documents.values()) {
            if (!shelved.access().allows(query.asker())) {
                continue;
            }
            Set<String> shared = Words.contentStems(shelved.text());
            shared.retainAll(asked);
            if (!shared.isEmpty()) {
                hits.add(hit(shelved.document(), shelved.text(), 0, 1, (double) shared.size() / asked.size()));
            }
        }
        hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        var ranked = new ArrayList<Hit>();
        for (Hit hit : hits.subList(0, Math.min(hits.size(), query.limit()))) {
            ranked.add(
                    new Hit(hit.document(), hit.chunk(), ranked.size() + 1, hit.score(), hit.lexical(), hit.dense()));
        }
        return ranked;
    }

    /** A hit on a chunk of the document that begins at the code point {@code start}. */
    static Hit hit(DocumentRef document, String text, int start, int rank, double score) {
        var span = new Span(start, start + text.codePointCount(0, text.length()));
        var chunk = new Chunk(document.id(), document.version(), start, span, span, "", 0, text);
        return new Hit(document, chunk, rank, score, Hit.Channel.NONE, Hit.Channel.NONE);
    }

    DocumentRef document(String id) {
        return documents.get(id).document();
    }

    @Override
    public Optional<String> text(Principal asker, String documentId, int version) {
        return Optional.ofNullable(documents.get(documentId))
                .filter(shelved -> shelved.document().version() == version)
                .filter(shelved -> shelved.access().allows(asker))
                .map(Shelved::text);
    }

    @Override
    public Encoder encoder() {
        return new Encoder("shared words", "0".repeat(64), 256, 512);
    }

    /** Stems hashed into 256 dimensions: texts that share words have similar vectors. */
    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        return texts.stream().map(Library::vector).toList();
    }

    @Override
    public int countTokens(String text) {
        return Words.of(text).size() + 2;
    }

    private static float[] vector(String text) {
        var counts = new HashMap<Integer, Integer>();
        Words.contentStems(text).forEach(stem -> counts.merge(Math.floorMod(stem.hashCode(), 255), 1, Integer::sum));
        var vector = new float[256];
        vector[255] = 1;
        counts.forEach((at, count) -> vector[at] = count);
        double norm = 0;
        for (float value : vector) {
            norm += value * value;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(norm);
        }
        return vector;
    }
}
