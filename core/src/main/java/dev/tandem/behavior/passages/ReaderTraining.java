package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.LoraClassifierTraining.Turns;
import dev.tandem.behavior.tuning.ReaderData;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.SpanReader;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The recipe of an encoder that reads a question and a passage together and says where the answer stands, or that there is
 * none. It is held against a reader that needs no training, on the same passages.
 */
public final class ReaderTraining extends PassageTraining {

    /** What such an adapter is called. */
    public static final String KIND = Registry.READER;

    /** Of each token: whether the answer begins there, and whether it ends there. */
    public static final int OUTPUTS = 2;

    private static final int MOST_TOKENS = 160;
    private static final int MOST_TOKENS_LOOKED_AT = 256;
    private static final int COMPARED = 16;

    /** Questions that are stopped by: to look at all of them after each epoch could take longer than the epoch. */
    private static final int LOOKED_AT = 500;

    /** @param plain what it is held against */
    public ReaderTraining(Turns turns, Registry registry, TunableBase base, Trainer trainer, SpanReader plain) {
        super(turns, registry, new ReaderMeasure(base, plain), trainer);
    }

    @Override
    String task() {
        return "read";
    }

    @Override
    String wanted() {
        return "{\"question\": \"…\", \"context\": \"…\", \"answers\": [\"…\"]}, without answers where the context has none";
    }

    /** {@inheritDoc} Of how much likelier the answer is than none, a difference of logits. */
    @Override
    double tolerance() {
        return 1e-2;
    }

    /** {@inheritDoc} Questions about the same passage stay together. */
    @Override
    int[] families(List<Example> examples) {
        var numbers = new HashMap<String, Integer>();
        return examples.stream()
                .mapToInt(each -> numbers.computeIfAbsent(context(each).passage(), _ -> numbers.size()))
                .toArray();
    }

    private static Beside.Context context(Example example) {
        if (example.beside() instanceof Beside.Context context) {
            return context;
        }
        throw new IllegalArgumentException("no context beside the example");
    }

    static List<ReaderData.Case> cases(List<Example> examples) {
        return examples.stream()
                .map(each -> new ReaderData.Case(
                        each.input(), context(each).passage(), context(each).answers()))
                .toList();
    }

    @Override
    Trainer.TunedEncoder learn(Parts parts, TrainingSettings settings, Listener listener, Trainer.Listener steps) {
        listener.on("cutting passages into tokens", 0);
        return trainer.reader(
                base.model(),
                ReaderData.of(base, cases(parts.learned()), MOST_TOKENS, settings.seed()),
                ReaderData.of(base, cases(spread(parts.held(), LOOKED_AT)), MOST_TOKENS_LOOKED_AT, settings.seed()),
                settings,
                steps);
    }

    /** So many of them, from beginning to end. */
    static <T> List<T> spread(List<T> all, int most) {
        return all.size() <= most
                ? all
                : IntStream.range(0, most)
                        .mapToObj(i -> all.get((int) ((long) i * all.size() / most)))
                        .toList();
    }

    @Override
    double parity(Parts parts, Trainer.TunedEncoder tuned, Lora lora, String hash, int threads) {
        Linear head = tuned.head().orElseThrow();
        List<ReaderData.Case> some = cases(parts.held().stream().limit(COMPARED).toList());
        List<TunableBase.Joined> joined = base.joined(
                some.stream().map(ReaderData.Case::question).toList(),
                some.stream().map(ReaderData.Case::passage).toList(),
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
        try (OpenSpanReader merged = base.reader(lora, head, hash)) {
            for (int i = 0; i < some.size(); i++) {
                Optional<SpanReader.Found> served = merged.read(
                                some.get(i).question(), List.of(some.get(i).passage()))
                        .getFirst();
                double trained = margin(head, states.get(i), joined.get(i));
                double margin = served.map(SpanReader.Found::margin).orElse(trained);
                furthest = Math.max(furthest, Math.abs(trained - margin));
            }
        }
        return furthest;
    }

    /** By how much the likeliest answer is likelier than none. */
    private static double margin(Linear head, float[] states, TunableBase.Joined joined) {
        double best = Double.NEGATIVE_INFINITY;
        int count = joined.starts().size();
        for (int first = 0; first < count; first++) {
            double begins = head.at(0, states, joined.second() + first);
            for (int last = first; last < Math.min(count, first + SpanReader.LONGEST); last++) {
                best = Math.max(best, begins + head.at(1, states, joined.second() + last));
            }
        }
        return best - head.at(0, states, 0) - head.at(1, states, 0);
    }
}
