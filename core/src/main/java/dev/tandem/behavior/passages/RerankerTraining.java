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
import dev.tandem.behavior.worth.Perturbation;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.OpenReranker;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Ranking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The recipe of an encoder that reads question and passage together and says how well the one answers the other: pairs that do
 * beside pairs that only look as if they did. It is held against the order in which the encoder as it is finds the passages.
 */
public final class RerankerTraining extends PassageTraining {

    /** What such an adapter is called. */
    public static final String KIND = Registry.RERANKER;

    private static final int MOST_TOKENS = 256;
    private static final int RANKS = 10;
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
    String wanted() {
        return "{\"query\": \"…\", \"passage\": \"…\"}, perhaps with \"negatives\"";
    }

    @Override
    boolean isWanted(Example example) {
        return !(example.beside() instanceof Beside.Context);
    }

    /** {@inheritDoc} Of a probability. */
    @Override
    double tolerance() {
        return 1e-3;
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
        var before = new TreeMap<String, double[]>();
        var after = new TreeMap<String, double[]>();
        var losses = new ArrayList<Loss>();
        try (OpenEmbedder plain = base.embedder();
                OpenReranker merged = base.reranker(lora, head.orElseThrow(), hash)) {
            listener.on("finding passages with the encoder as it is", 0);
            List<float[]> vectors = pool.passageVectors(plain);
            List<List<Integer>> found = pool.questionVectors(plain).stream()
                    .map(question -> Pool.nearest(question, vectors, RERANKED))
                    .toList();
            listener.on("putting them in another order", .3);
            double[] plainNdcg = figures(pool, found, before);
            double[] mergedNdcg = figures(pool, reranked(pool, found, pool.questions(), merged), after);
            losses.add(new Loss(Budgets.ACCURACY, "nDCG@10", Bootstrap.difference(plainNdcg, mergedNdcg)));
            for (Perturbation each : Perturbation.values()) {
                listener.on("measuring questions with " + each.word(), .6);
                List<String> perturbed = pool.questions().stream()
                        .map(question -> each.of(question, Bootstrap.SEED))
                        .toList();
                // The same passages are found: what is held against is the order alone.
                double[] changed = figures(pool, reranked(pool, found, perturbed, merged), new TreeMap<>());
                losses.add(new Loss(
                        Budgets.ROBUSTNESS,
                        "nDCG@10 of questions with " + each.word(),
                        Bootstrap.difference(mergedNdcg, changed)));
            }
        }
        return new Measured("ndcg_at_10", before, after, pool.questions(), losses);
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

    private static double[] figures(Pool pool, List<List<Integer>> orders, Map<String, double[]> into) {
        var ndcg = new double[orders.size()];
        var reciprocal = new double[orders.size()];
        for (int i = 0; i < ndcg.length; i++) {
            Map<String, Integer> grades = new HashMap<>();
            pool.asked().get(i).answers().forEach(each -> grades.put(each.toString(), 1));
            List<String> order = orders.get(i).stream().map(String::valueOf).toList();
            ndcg[i] = Ranking.ndcg(order, grades, RANKS);
            reciprocal[i] = Ranking.reciprocalRank(order, grades, RANKS);
        }
        into.put("ndcg_at_10", ndcg);
        into.put("mrr_at_10", reciprocal);
        return ndcg;
    }
}
