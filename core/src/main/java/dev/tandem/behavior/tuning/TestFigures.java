package dev.tandem.behavior.tuning;

import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Classification;
import dev.tandem.measure.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a classifier did on examples that it did not learn from.
 *
 * @param cases how many
 * @param calibrationError expected calibration error of the likeliest label's probability
 * @param worst classes with the lowest F1, worst first
 * @param confused what is taken for what, most frequent first
 * @param kept share of the cases whose probability reaches the threshold
 * @param keptAccuracy accuracy among those
 */
public record TestFigures(
        int cases,
        Interval accuracy,
        Interval macroF1,
        double calibrationError,
        List<Classification.PerClass> worst,
        List<Classification.Confusion> confused,
        double kept,
        double keptAccuracy) {

    private static final int SHOWN = 5;

    /** Of anything that labels vectors, with a threshold of its probabilities. */
    static TestFigures of(Labelling head, double threshold, List<float[]> vectors, List<String> labels) {
        var said = new ArrayList<String>();
        var probabilities = new double[labels.size()];
        for (int i = 0; i < probabilities.length; i++) {
            float[] p = head.probabilities(vectors.get(i));
            int best = HeadTraining.argmax(p);
            said.add(head.labels().get(best));
            probabilities[i] = p[best];
        }
        return of(labels, said, probabilities, threshold);
    }

    /** Of labels that were given, with their probabilities. */
    static TestFigures of(List<String> labels, List<String> said, double[] probabilities, double threshold) {
        var right = new boolean[labels.size()];
        var correct = new double[labels.size()];
        int kept = 0;
        int keptRight = 0;
        for (int i = 0; i < right.length; i++) {
            right[i] = said.get(i).equals(labels.get(i));
            correct[i] = right[i] ? 1 : 0;
            if (probabilities[i] >= threshold) {
                kept++;
                keptRight += right[i] ? 1 : 0;
            }
        }
        Classification classification = Classification.of(labels, said);
        return new TestFigures(
                right.length,
                Bootstrap.mean(correct),
                classification.macroF1(Bootstrap.SEED),
                Classification.calibrationError(probabilities, right),
                classification.perClass().stream()
                        .sorted(Comparator.comparingDouble(Classification.PerClass::f1))
                        .filter(each -> each.f1() < 1)
                        .limit(SHOWN)
                        .toList(),
                classification.confusions(SHOWN),
                (double) kept / right.length,
                kept == 0 ? 0 : (double) keptRight / kept);
    }

    public TestFigures {
        worst = List.copyOf(worst);
        confused = List.copyOf(confused);
    }
}
