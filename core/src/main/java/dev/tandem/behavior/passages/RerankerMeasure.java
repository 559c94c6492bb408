package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.OpenReranker;
import dev.tandem.measure.Bootstrap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** Order: against that in which the encoder as it is finds the passages. */
public final class RerankerMeasure extends PassageMeasure {

    /** The nearest passages of each test question, which are put in another order. */
    private static final int RERANKED = 20;

    private final PassageIndex index;

    /** @param index as for {@link RerankerTraining} */
    public RerankerMeasure(TunableBase base, PassageIndex index) {
        super(base, RerankerTraining.KIND, RerankerTraining.OUTPUTS);
        this.index = index;
    }

    @Override
    Measured of(
            Conditions conditions,
            List<Example> test,
            Lora lora,
            Optional<Linear> head,
            String hash,
            PassageTraining.Listener listener) {
        var pool = new Pool(test, index);
        try (OpenEmbedder plain = base.embedder();
                OpenReranker merged = base.reranker(lora, head.orElseThrow(), hash)) {
            listener.on("finding passages with the encoder as it is", 0);
            List<List<Integer>> found = Pool.nearest(pool.questionVectors(plain), pool.passageVectors(plain), RERANKED);
            listener.on("putting them in another order", .3);
            SortedMap<String, double[]> before = pool.figures(found);
            SortedMap<String, double[]> after = pool.figures(reranked(pool, found, pool.questions(), merged));
            double[] plainNdcg = Pool.ndcg(before);
            double[] mergedNdcg = Pool.ndcg(after);
            var losses = new ArrayList<Loss>();
            losses.add(new Loss(Budgets.ACCURACY, "nDCG@10", Bootstrap.difference(plainNdcg, mergedNdcg)));
            // The same passages are found: what is held against is the order alone.
            losses.addAll(robustness(
                    "nDCG@10",
                    pool.questions(),
                    listener,
                    new Perturbable(plainNdcg, _ -> plainNdcg),
                    new Perturbable(
                            mergedNdcg, asked -> Pool.ndcg(pool.figures(reranked(pool, found, asked, merged))))));
            return new Measured(Pool.NDCG, before, after, pool.questions(), losses);
        }
    }

    private static List<List<Integer>> reranked(
            Pool pool, List<List<Integer>> found, List<String> questions, OpenReranker reranker) {
        return IntStream.range(0, found.size())
                .mapToObj(i -> {
                    List<Integer> numbers = found.get(i);
                    double[] scores = reranker.score(
                            questions.get(i),
                            numbers.stream().map(pool.passages()::get).toList());
                    return IntStream.range(0, scores.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble(place -> -scores[place]))
                            .map(numbers::get)
                            .toList();
                })
                .toList();
    }
}
