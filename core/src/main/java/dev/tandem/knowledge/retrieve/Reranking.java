package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.Hit;
import dev.tandem.domain.Query;
import dev.tandem.domain.Reranker;
import dev.tandem.domain.Searcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The first hits of another searcher, in the order of a reranker where the collection has one. What the asker may not read
 * never comes here. A hit keeps its channels; its score is the reranker's, and hits further down keep their order below those.
 */
public final class Reranking implements Searcher {

    /** Read by the reranker: more seldom hold what the first do not, and each costs a run of its model. */
    public static final int DEPTH = 30;

    private final Searcher searcher;
    private final Function<String, Optional<Reranker>> rerankers;

    /** @param rerankers of a collection, by its name */
    public Reranking(Searcher searcher, Function<String, Optional<Reranker>> rerankers) {
        this.searcher = searcher;
        this.rerankers = rerankers;
    }

    @Override
    public List<Hit> search(Query query) {
        Optional<Reranker> reranker = rerankers.apply(query.collection());
        if (reranker.isEmpty()) {
            return searcher.search(query);
        }
        List<Hit> hits = searcher.search(new Query(
                query.text(),
                query.asker(),
                query.collection(),
                query.filter(),
                Math.min(Query.MOST_HITS, Math.max(query.limit(), DEPTH))));
        List<Hit> read = hits.subList(0, Math.min(DEPTH, hits.size()));
        double[] scores = reranker.get()
                .score(
                        query.text(),
                        read.stream().map(hit -> hit.chunk().text()).toList());
        var ordered = new ArrayList<Hit>();
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i])) // stable: equal ones stay as they were
                .forEach(i -> ordered.add(ranked(read.get(i), ordered.size() + 1, scores[i])));
        double least = ordered.isEmpty() ? 0 : ordered.getLast().score();
        hits.subList(read.size(), hits.size())
                .forEach(hit -> ordered.add(ranked(hit, ordered.size() + 1, Math.min(least, hit.score()))));
        return List.copyOf(ordered.subList(0, Math.min(query.limit(), ordered.size())));
    }

    private static Hit ranked(Hit hit, int rank, double score) {
        return new Hit(hit.document(), hit.chunk(), rank, score, hit.lexical(), hit.dense());
    }
}
