package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Perturbation;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.measure.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How retrievers, rerankers and readers are measured: beside what they began from, question by question. */
public abstract sealed class PassageMeasure permits RetrieverMeasure, RerankerMeasure, ReaderMeasure {

    final TunableBase base;

    private final String kind;
    private final int outputs;

    /**
     * Of one kind.
     *
     * @param kind what such an adapter is called
     * @param outputs of the layer on top of it; 0 where there is none
     */
    PassageMeasure(TunableBase base, String kind, int outputs) {
        this.base = base;
        this.kind = kind;
        this.outputs = outputs;
    }

    final String kind() {
        return kind;
    }

    /**
     * What was measured of it.
     *
     * @param figure the name of the one that counts
     * @param before of each question by the name of the figure, of what it began from
     * @param after the same of what was tuned
     * @param questions in the order of the figure that counts
     */
    record Measured(
            String figure,
            SortedMap<String, double[]> before,
            SortedMap<String, double[]> after,
            List<String> questions,
            List<Loss> losses) {

        /** Over all questions. */
        SortedMap<String, PassageResult.Figure> figures() {
            var figures = new TreeMap<String, PassageResult.Figure>();
            before.forEach((name, first) -> {
                double[] second = after.getOrDefault(name, first);
                figures.put(
                        name,
                        new PassageResult.Figure(
                                Bootstrap.mean(first), Bootstrap.mean(second), Bootstrap.difference(second, first)));
            });
            return figures;
        }
    }

    /** The layer on top, as it stands in an adapter's files. */
    final Optional<Linear> head(SortedMap<String, byte[]> files) {
        return outputs == 0
                ? Optional.empty()
                : Optional.of(TopFiles.read(files, outputs, base.shape().hidden()));
    }

    /** Whether an example has what it takes. */
    boolean isWanted(Example example) {
        return !(example.beside() instanceof Beside.Context);
    }

    /**
     * Measures what is merged of these weights.
     *
     * @param test examples that it did not learn from
     * @param hash of its files
     */
    abstract Measured of(
            Conditions conditions,
            List<Example> test,
            Lora lora,
            Optional<Linear> head,
            String hash,
            PassageTraining.Listener listener);

    /**
     * What perturbing the questions costs, over what it costs what this began from; each perturbation for itself.
     *
     * @param figure in words
     * @param before of what it began from
     * @param after of what was tuned
     */
    static List<Loss> robustness(
            String figure,
            List<String> questions,
            PassageTraining.Listener listener,
            Perturbable before,
            Perturbable after) {
        var losses = new ArrayList<Loss>();
        for (Perturbation each : Perturbation.values()) {
            listener.on("measuring questions with " + each.word(), .8);
            List<String> perturbed = questions.stream()
                    .map(question -> each.of(question, Bootstrap.SEED))
                    .toList();
            losses.add(new Loss(
                    Budgets.ROBUSTNESS,
                    figure + " of questions with " + each.word(),
                    Bootstrap.difference(after.lost(perturbed), before.lost(perturbed))));
        }
        return losses;
    }

    /**
     * Figures that perturbing may cost: of each question as it is, and of others in their place.
     */
    static final class Perturbable {
        private final double[] whole;
        private final Function<List<String>, double[]> of;

        Perturbable(double[] whole, Function<List<String>, double[]> of) {
            this.whole = whole;
            this.of = of;
        }

        double[] lost(List<String> perturbed) {
            double[] left = of.apply(perturbed);
            return IntStream.range(0, whole.length)
                    .mapToDouble(i -> whole[i] - left[i])
                    .toArray();
        }
    }
}
