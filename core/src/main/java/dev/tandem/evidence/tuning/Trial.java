package dev.tandem.evidence.tuning;

import dev.tandem.domain.Authority;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Reranker;
import dev.tandem.domain.Searcher;
import dev.tandem.domain.Span;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.IndexText;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.retrieve.Fusion;
import dev.tandem.knowledge.retrieve.Reranking;
import dev.tandem.knowledge.retrieve.Retriever;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The corpus cut one way, in an index of its own that is searched as every other. */
final class Trial implements AutoCloseable {

    /** Enough for every budget, however small the chunks. */
    static final int HITS = 60;

    private static final String COLLECTION = "tuning";
    private static final Principal ASKER = Principal.ofUser("tuning");
    private static final long ALL = 1;

    private final ChunkSettings settings;
    private final Embedder embedder;
    private final CollectionIndex index;
    private final Map<String, DocumentRef> documents = new HashMap<>();
    private final Map<String, List<Chunk>> chunks = new HashMap<>();
    private final Authority everything = new Everything();
    private final double cutting;
    private final double embedding;

    /** @param directory for the index alone; whoever gave it deletes it */
    Trial(Path directory, ChunkSettings settings, List<Corpus.Text> texts, Embedder embedder) {
        this.settings = settings;
        this.embedder = embedder;
        this.index = CollectionIndex.write(directory, embedder.encoder());
        var chunker = new Chunker(settings, embedder);
        long nanosCutting = 0;
        long nanosEmbedding = 0;
        for (Corpus.Text text : texts) {
            DocumentRef document = text.document();
            long start = System.nanoTime();
            List<Chunk> cut = chunker.chunk(document.id(), document.version(), text.extracted());
            long between = System.nanoTime();
            documents.put(document.id(), document);
            chunks.put(document.id(), cut);
            index.put(document, ALL, cut);
            if (embedder.encoder().knows(document.language())) {
                List<String> passages =
                        cut.stream().map(chunk -> IndexText.of(document, chunk)).toList();
                index.putVectors(document, ALL, cut, embedder.embed(passages, Embedder.Role.PASSAGE));
            }
            nanosCutting += between - start;
            nanosEmbedding += System.nanoTime() - between;
        }
        index.commit(1);
        index.commitVectors(1);
        this.cutting = nanosCutting / 1e9;
        this.embedding = nanosEmbedding / 1e9;
    }

    ChunkSettings settings() {
        return settings;
    }

    /** Seconds for the whole corpus. */
    double cutting() {
        return cutting;
    }

    /** Seconds for the whole corpus, words indexed as well. */
    double embedding() {
        return embedding;
    }

    int chunkCount() {
        return chunks.values().stream().mapToInt(List::size).sum();
    }

    /** @param reranker null for the order of the index */
    List<Hit> search(String question, double lexicalWeight, @Nullable Reranker reranker) {
        Indexes indexes = (_, _) -> Optional.of(index);
        Searcher searcher =
                Retriever.fused(indexes, embedder, everything, Fusion.standard().weighing(lexicalWeight));
        return new Reranking(searcher, _ -> Optional.ofNullable(reranker))
                .search(new Query(question, ASKER, COLLECTION, Filter.everything(), HITS));
    }

    /** Of the quoted spans, the share that no chunk holds whole; NaN where nothing is quoted. */
    double cutShare(List<TuningCase> cases) {
        long spans = 0;
        long parted = 0;
        for (TuningCase each : cases) {
            for (Map.Entry<String, @Nullable Span> gold : each.gold().entrySet()) {
                Span span = gold.getValue();
                if (span != null) {
                    spans++;
                    parted += chunks.getOrDefault(gold.getKey(), List.of()).stream()
                                    .noneMatch(chunk -> chunk.span().contains(span))
                            ? 1
                            : 0;
                }
            }
        }
        return spans == 0 ? Double.NaN : (double) parted / spans;
    }

    @Override
    public void close() {
        index.close();
    }

    /** Whose corpus it is was asked before. */
    private final class Everything implements Authority {

        @Override
        public Set<Long> readableAccessSets(Principal asker) {
            return Set.of(ALL);
        }

        @Override
        public boolean readsAll(Principal asker, String collection) {
            return true;
        }

        @Override
        public boolean isLocalOnly(String collection) {
            return false;
        }

        @Override
        public Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds) {
            return new ArrayList<>(documentIds)
                    .stream()
                            .distinct()
                            .filter(documents::containsKey)
                            .collect(Collectors.toMap(
                                    id -> id,
                                    id -> Optional.ofNullable(documents.get(id)).orElseThrow()));
        }
    }
}
