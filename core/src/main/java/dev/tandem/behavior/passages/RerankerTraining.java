package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.LoraClassifierTraining.Turns;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
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

/**
 * The recipe of an encoder that reads question and passage together and says how well the one answers the other: pairs that do
 * beside pairs that only look as if they did. It is held against the order in which the encoder as it is finds the passages.
 */
public final class RerankerTraining extends PassageTraining {

    /** What such an adapter is called. */
    public static final String KIND = Registry.RERANKER;

    private static final int MOST_TOKENS = 256;
    private static final int COMPARED = 16;

    /** The nearest passages of each test question, which are put in another order. */
    private static final int RERANKED = 20;

    /** For each pair that answers so many that do not. */
    private static final int NEGATIVES = 3;

    private final PassageIndex index;

    /** @param index as for {@link RetrieverTraining} */
    public RerankerTraining(Turns turns, Registry registry, TunableBase base, Trainer trainer, PassageIndex index) {
        super(turns, registry, base, trainer);
        this.index = index;
    }

    @Override
    String kind() {
        return KIND;
    }

    @Override
    String task() {
        return "rerank";
    }

    @Override
    Trainer.TunedEncoder learn(Parts parts, TrainingSettings settings, Listener listener, Trainer.Listener steps) {
        Trainer.Judged train;
        Trainer.Judged validation;
        try (OpenEmbedder plain = base.embedder()) {
            listener.on("looking for passages that only look as if they answered", 0);
            train = judged(new Pool(parts.learned(), index), plain);
            listener.on("looking for passages that only look as if they answered", .9);
            validation = judged(new Pool(parts.held(), index), plain);
        }
        return trainer.reranker(base.model(), train, validation, settings, steps);
    }

    private Trainer.Judged judged(Pool pool, OpenEmbedder plain) {
        List<List<Integer>> hard = pool.negatives(pool.questionVectors(plain), pool.passageVectors(plain), NEGATIVES);
        var questions = new ArrayList<String>();
        var passages = new ArrayList<String>();
        var relevant = new ArrayList<Integer>();
        for (int i = 0; i < pool.asked().size(); i++) {
            Pool.Asked asked = pool.asked().get(i);
            for (int answer : asked.answers()) {
                questions.add(asked.question());
                passages.add(pool.passages().get(answer));
                relevant.add(1);
            }
            for (int wrong : hard.get(i)) {
                questions.add(asked.question());
                passages.add(pool.passages().get(wrong));
                relevant.add(0);
            }
        }
        List<TunableBase.Joined> joined = base.joined(questions, passages, MOST_TOKENS);
        return new Trainer.Judged(
                joined.stream()
                        .map(each -> each.ids().stream().mapToInt(i -> i).toArray())
                        .toList(),
                joined.stream().map(TunableBase.Joined::second).toList(),
                relevant);
    }

    @Override
    double parity(Parts parts, Trainer.TunedEncoder tuned, Lora lora, String hash, int threads) {
        Linear head = tuned.head().orElseThrow();
        List<Example> some = parts.held().stream().limit(COMPARED).toList();
        List<TunableBase.Joined> joined = base.joined(
                some.stream().map(Example::input).toList(),
                some.stream().map(Example::output).toList(),
                Integer.MAX_VALUE);
        List<float[]> states = trainer.states(
                base.model(),
                tuned.lora(),
                joined.stream()
                        .map(each -> each.ids().stream().mapToInt(i -> i).toArray())
                        .toList(),
                joined.stream().map(TunableBase.Joined::second).toList(),
                threads);
        double furthest = 0;
        try (OpenReranker merged = base.reranker(lora, head, hash)) {
            for (int i = 0; i < some.size(); i++) {
                double trained = 1 / (1 + Math.exp(-head.at(0, states.get(i), 0)));
                double served =
                        merged.score(some.get(i).input(), List.of(some.get(i).output()))[0];
                furthest = Math.max(furthest, Math.abs(trained - served));
            }
        }
        return furthest;
    }

    @Override
    Measured measure(
            PassageRequest request, Parts parts, Lora lora, Optional<Linear> head, String hash, Listener listener) {
        var pool = new Pool(parts.test(), index);
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
