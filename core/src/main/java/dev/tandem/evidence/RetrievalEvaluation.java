package dev.tandem.evidence;

import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import dev.tandem.measure.Percentiles;
import dev.tandem.measure.Ranking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Measures searchers on the queries of a suite, one query after the other as one person would ask them.
 *
 * <p>A searcher gives chunks, judgements are of documents: a document ranks where its best chunk does. Each search asks
 * for {@value #HITS} chunks, so recall@100 counts the documents among those and can only be understated. The first
 * {@value #WARM_UP} queries are asked once beforehand, so that latencies are those of a running program.
 */
public final class RetrievalEvaluation {

    public static final int HITS = 100;
    private static final int WARM_UP = 50;

    private final Principal asker;
    private final String collection;
    private final Function<DocumentRef, String> corpusId;

    /**
     * @param asker who may read the corpus
     * @param collection where it was ingested
     * @param corpusId how the judgements call a document; see {@link CorpusIds}
     */
    public RetrievalEvaluation(Principal asker, String collection, Function<DocumentRef, String> corpusId) {
        this.asker = asker;
        this.collection = collection;
        this.corpusId = corpusId;
    }

    /** Every mode on every query; the last mode, the one that is meant to win, is paired with each of the others. */
    public RetrievalReport run(BeirSuite suite, SequencedMap<String, Searcher> modes) {
        var outcomes = new LinkedHashMap<String, Outcomes>();
        modes.forEach((name, searcher) -> outcomes.put(name, measure(suite.cases(), searcher)));
        var figures = new LinkedHashMap<String, RetrievalReport.Mode>();
        outcomes.forEach((name, outcome) -> figures.put(name, outcome.figures()));
        var paired = new LinkedHashMap<String, Interval>();
        String last = outcomes.sequencedKeySet().getLast();
        double[] best = outcomes.sequencedValues().getLast().ndcgAt10;
        outcomes.forEach((name, outcome) -> {
            if (!name.equals(last)) {
                paired.put(last + "-" + name, Bootstrap.difference(best, outcome.ndcgAt10));
            }
        });
        return new RetrievalReport(
                suite.name(), suite.documents(), suite.cases().size(), figures, paired, null);
    }

    private Outcomes measure(List<BeirSuite.Case> cases, Searcher searcher) {
        cases.stream().limit(WARM_UP).forEach(each -> searcher.search(query(each)));
        var outcomes = new Outcomes(cases.size());
        for (int i = 0; i < cases.size(); i++) {
            BeirSuite.Case each = cases.get(i);
            long start = System.nanoTime();
            List<Hit> hits = searcher.search(query(each));
            double millis = (System.nanoTime() - start) / 1e6;
            outcomes.set(i, documents(hits), each, millis);
        }
        return outcomes;
    }

    private Query query(BeirSuite.Case each) {
        return new Query(each.text(), asker, collection, Filter.everything(), HITS);
    }

    /** Corpus ids, best first, each where its best chunk stands. */
    private List<String> documents(List<Hit> hits) {
        var ids = new LinkedHashSet<String>();
        hits.forEach(hit -> ids.add(corpusId.apply(hit.document())));
        return new ArrayList<>(ids);
    }

    /** Figures per case, in the order of the cases. */
    private static final class Outcomes {

        private final double[] ndcgAt10;
        private final double[] precisionAt5;
        private final double[] recallAt5;
        private final double[] recallAt10;
        private final double[] recallAt100;
        private final double[] reciprocalRankAt10;
        private final double[] millis;

        Outcomes(int cases) {
            ndcgAt10 = new double[cases];
            precisionAt5 = new double[cases];
            recallAt5 = new double[cases];
            recallAt10 = new double[cases];
            recallAt100 = new double[cases];
            reciprocalRankAt10 = new double[cases];
            millis = new double[cases];
        }

        void set(int i, List<String> ranked, BeirSuite.Case each, double took) {
            ndcgAt10[i] = Ranking.ndcg(ranked, each.grades(), 10);
            precisionAt5[i] = Ranking.precision(ranked, each.grades(), 5);
            recallAt5[i] = Ranking.recall(ranked, each.grades(), 5);
            recallAt10[i] = Ranking.recall(ranked, each.grades(), 10);
            recallAt100[i] = Ranking.recall(ranked, each.grades(), 100);
            reciprocalRankAt10[i] = Ranking.reciprocalRank(ranked, each.grades(), 10);
            millis[i] = took;
        }

        RetrievalReport.Mode figures() {
            return new RetrievalReport.Mode(
                    Bootstrap.mean(ndcgAt10),
                    Bootstrap.mean(precisionAt5),
                    Bootstrap.mean(recallAt5),
                    Bootstrap.mean(recallAt10),
                    Bootstrap.mean(recallAt100),
                    Bootstrap.mean(reciprocalRankAt10),
                    Percentiles.of(millis));
        }
    }
}
