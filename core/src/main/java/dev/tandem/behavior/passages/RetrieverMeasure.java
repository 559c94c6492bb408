package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.measure.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Finding: against the encoder as it is, on the same passages, and on a suite that it was not tuned for. */
public final class RetrieverMeasure extends PassageMeasure {

    private final PassageIndex index;

    /** @param index of the passages beside those of the dataset; see {@link RetrieverTraining} */
    public RetrieverMeasure(TunableBase base, PassageIndex index) {
        super(base, RetrieverTraining.KIND, 0);
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
        RetrievalSuite general = conditions.general();
        try (OpenEmbedder plain = base.embedder();
                OpenEmbedder merged = base.embedder(lora, hash)) {
            listener.on("measuring the encoder as it is", 0);
            List<float[]> plainVectors = pool.passageVectors(plain);
            SortedMap<String, double[]> before = figures(pool, plain, plainVectors, pool.questions());
            listener.on("measuring what was tuned", .4);
            List<float[]> mergedVectors = pool.passageVectors(merged);
            SortedMap<String, double[]> after = figures(pool, merged, mergedVectors, pool.questions());
            double[] plainNdcg = Pool.ndcg(before);
            double[] mergedNdcg = Pool.ndcg(after);
            var losses = new ArrayList<Loss>();
            losses.add(new Loss(Budgets.ACCURACY, "nDCG@10", Bootstrap.difference(plainNdcg, mergedNdcg)));
            losses.addAll(robustness(
                    "nDCG@10",
                    pool.questions(),
                    listener,
                    new Perturbable(plainNdcg, asked -> Pool.ndcg(figures(pool, plain, plainVectors, asked))),
                    new Perturbable(mergedNdcg, asked -> Pool.ndcg(figures(pool, merged, mergedVectors, asked)))));
            if (general != null) {
                listener.on("measuring " + general.name(), .9);
                losses.add(new Loss(
                        Budgets.FORGETTING,
                        "nDCG@10 on " + general.name(),
                        Bootstrap.difference(general.ndcg(plain), general.ndcg(merged))));
            }
            return new Measured(Pool.NDCG, before, after, pool.questions(), losses);
        }
    }

    private static SortedMap<String, double[]> figures(
            Pool pool, Embedder embedder, List<float[]> vectors, List<String> questions) {
        return pool.figures(Pool.nearest(embedder.embed(questions, Embedder.Role.QUERY), vectors, Pool.RANKS));
    }
}
