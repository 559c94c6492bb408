package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.LoraClassifierTraining.Turns;
import dev.tandem.behavior.tuning.Parity;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenEmbedder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The recipe of an encoder that finds passages: questions are brought near the passages that answer them, and away from those
 * of other questions and from those that only look as if they did. It is held against the encoder as it is, on the same
 * passages, and on a suite that it was not tuned for.
 */
public final class RetrieverTraining extends PassageTraining {

    /** What such an adapter is called. */
    public static final String KIND = Registry.RETRIEVER;

    /** By which cosines are divided: small, for the base's own training had it small. */
    private static final double TEMPERATURE = .05;

    private static final int MOST_TOKENS = 256;
    private static final int COMPARED = 32;

    /** Passages that look as if they answered, of each question that is learned from, and of each that is stopped by. */
    private static final int NEGATIVES = 1;

    private static final int HELD_NEGATIVES = 10;

    private final PassageIndex index;

    /**
     * @param index passages near a question, as the asker's own index finds them; hard negatives come from there, too, and
     *     it is measured among them
     */
    public RetrieverTraining(Turns turns, Registry registry, TunableBase base, Trainer trainer, PassageIndex index) {
        super(turns, registry, new RetrieverMeasure(base, index), trainer);
        this.index = index;
    }

    @Override
    String task() {
        return "retrieve";
    }

    @Override
    Trainer.TunedEncoder learn(Parts parts, TrainingSettings settings, Listener listener, Trainer.Listener steps) {
        var learned = new Pool(parts.learned(), index);
        var held = new Pool(parts.held(), index);
        Trainer.Ranked train;
        Trainer.Ranked validation;
        try (OpenEmbedder plain = base.embedder()) {
            listener.on("looking for passages that only look as if they answered", 0);
            train = ranked(learned, plain, NEGATIVES);
            listener.on("looking for passages that only look as if they answered", .9);
            validation = ranked(held, plain, HELD_NEGATIVES);
        }
        return trainer.retriever(base.model(), train, validation, TEMPERATURE, settings, steps);
    }

    private Trainer.Ranked ranked(Pool pool, Embedder plain, int negatives) {
        List<List<Integer>> hard = pool.negatives(pool.questionVectors(plain), pool.passageVectors(plain), negatives);
        // Only what is learned from goes to the trainer.
        Map<Integer, Integer> places = new HashMap<>();
        var texts = new ArrayList<String>();
        var pairs = new ArrayList<Trainer.Ranked.Match>();
        for (int query = 0; query < pool.asked().size(); query++) {
            List<Integer> wrong = hard.get(query).stream()
                    .map(each -> place(each, pool, places, texts))
                    .toList();
            for (int answer : pool.asked().get(query).answers()) {
                pairs.add(new Trainer.Ranked.Match(query, place(answer, pool, places, texts), wrong));
            }
        }
        return new Trainer.Ranked(
                base.tokens(pool.questions(), Embedder.Role.QUERY, MOST_TOKENS),
                base.tokens(texts, Embedder.Role.PASSAGE, MOST_TOKENS),
                pairs);
    }

    private static int place(int passage, Pool pool, Map<Integer, Integer> places, List<String> texts) {
        return places.computeIfAbsent(passage, number -> {
            texts.add(pool.passages().get(number));
            return texts.size() - 1;
        });
    }

    @Override
    double parity(Parts parts, Trainer.TunedEncoder tuned, Lora lora, String hash, int threads) {
        List<String> some = parts.held().stream()
                .map(Example::output)
                .distinct()
                .limit(COMPARED)
                .toList();
        try (OpenEmbedder merged = base.embedder(lora, hash)) {
            return Parity.furthest(
                    trainer.vectors(
                            base.model(),
                            tuned.lora(),
                            base.tokens(some, Embedder.Role.PASSAGE, Integer.MAX_VALUE),
                            threads),
                    merged.embed(some, Embedder.Role.PASSAGE));
        }
    }
}
