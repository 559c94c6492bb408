package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.LoraClassifierTraining.Turns;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.OpenReranker;
import java.util.ArrayList;
import java.util.List;

/**
 * The recipe of an encoder that reads question and passage together and says how well the one answers the other: pairs that do
 * beside pairs that only look as if they did. It is held against the order in which the encoder as it is finds the passages.
 */
public final class RerankerTraining extends PassageTraining {

    /** What such an adapter is called. */
    public static final String KIND = Registry.RERANKER;

    /** Of the first token: whether the passage answers. */
    static final int OUTPUTS = 1;

    private static final int MOST_TOKENS = 256;
    private static final int COMPARED = 16;

    /** For each pair that answers so many that do not. */
    private static final int NEGATIVES = 3;

    private final PassageIndex index;

    /** @param index as for {@link RetrieverTraining} */
    public RerankerTraining(Turns turns, Registry registry, TunableBase base, Trainer trainer, PassageIndex index) {
        super(turns, registry, new RerankerMeasure(base, index), trainer);
        this.index = index;
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
}
