package dev.tandem.behavior.tuning;

import dev.tandem.behavior.dataset.Families;
import dev.tandem.behavior.dataset.Finding;
import dev.tandem.behavior.dataset.Finding.Case;
import dev.tandem.behavior.dataset.Finding.Place;
import dev.tandem.behavior.dataset.Labels;
import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.DoubleConsumer;

/**
 * Labels that the other examples speak against: a head on the frozen encoder that has not seen the example, nor a near copy
 * of it, finds another label at least twenty times as likely. Cross-validation gives each example such a head
 * ({@link HeadTraining}). {@code bench/run LabelNoise} measures how many planted errors it finds; thresholds of each
 * label, as confident learning has them (Northcutt et al. 2021), found fewer of them.
 */
public final class SuspiciousLabels {

    private static final double TIMES = 20;

    /** With fewer examples, nobody can say what is like a label. */
    private static final int FEWEST = 5;

    /**
     * One of them.
     *
     * @param likelier the label that is more likely
     * @param times how many times as likely
     */
    public record Suspect(Example example, String likelier, double times) {}

    private SuspiciousLabels() {}

    /**
     * The clearest first; none where outputs are no labels, or there is one label only.
     *
     * @param vectors of the inputs, in the order of the examples
     */
    public static List<Suspect> of(List<Example> examples, List<float[]> vectors, DoubleConsumer progress) {
        SortedMap<String, Integer> counts = Labels.counts(examples);
        if (!Labels.are(examples) || counts.size() < 2) {
            return List.of();
        }
        HeadTraining.Trained trained = HeadTraining.train(
                vectors,
                examples.stream().map(Example::output).toList(),
                Families.of(examples),
                HeadSettings.STANDARD,
                progress);
        List<String> labels = trained.head().labels();
        var suspects = new ArrayList<Suspect>();
        for (int i = 0; i < examples.size(); i++) {
            String given = examples.get(i).output();
            float[] likely = trained.heldOut().get(i);
            int best = HeadTraining.argmax(likely);
            double times = likely[best] / Math.max(Float.MIN_NORMAL, likely[labels.indexOf(given)]);
            if (times >= TIMES && counts.getOrDefault(given, 0) >= FEWEST) {
                suspects.add(new Suspect(examples.get(i), labels.get(best), times));
            }
        }
        suspects.sort(Comparator.comparingDouble(Suspect::times).reversed());
        return List.copyOf(suspects);
    }

    /** What {@code dataset check} says of them. */
    public static Optional<Finding> finding(List<Suspect> suspects) {
        if (suspects.isEmpty()) {
            return Optional.empty();
        }
        String count = String.format(
                Locale.ROOT, suspects.size() == 1 ? "%,d label looks wrong" : "%,d labels look wrong", suspects.size());
        return Optional.of(new Finding(
                Finding.Kind.SUSPICIOUS_LABELS,
                false,
                count + ": to a classifier that has not seen the example, another is 20 times as likely.",
                suspects.stream()
                        .map(each -> new Case(
                                each.example().input(),
                                List.of(new Place(
                                        each.example().part(),
                                        each.example().line(),
                                        each.example().output())),
                                "'" + each.likelier() + "' rather than '"
                                        + each.example().output() + "'"))
                        .toList()));
    }
}
