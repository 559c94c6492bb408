package dev.tandem.behavior.tuning;

import java.util.ArrayList;
import java.util.List;

/** Two labellings of the same labels, weighted: {@code (1 − weight) · first + weight · second}. */
public final class Blend implements Labelling {

    private static final int STEPS = 20;
    private static final int MOST_ASKED = 1_500;

    /** Share of every probability that is spread evenly: votes say 0 of labels that are merely rare. */
    private static final double DOUBT = 0.02;

    private final Labelling first;
    private final Labelling second;
    private final double weight;

    private Blend(Labelling first, Labelling second, double weight) {
        this.first = first;
        this.second = second;
        this.weight = weight;
    }

    /**
     * The head and the neighbours, weighted so that training examples are likeliest which neither saw: the head's
     * probabilities are those of folds, the neighbours' leave the example itself out.
     *
     * @param vectors of the training examples, in the order in which both were made
     */
    public static Blend chosen(
            HeadTraining.Trained trained,
            NearestExamples nearest,
            List<float[]> vectors,
            List<String> labelOf,
            long seed) {
        List<String> labels = nearest.labels();
        int[] asked = NearestExamples.sample(vectors.size(), MOST_ASKED, seed);
        var votes = new ArrayList<float[]>();
        for (int i : asked) {
            votes.add(nearest.probabilitiesWithout(i, vectors.get(i)));
        }
        double least = Double.POSITIVE_INFINITY;
        double best = 0;
        for (int step = 0; step <= STEPS; step++) {
            double weight = (double) step / STEPS;
            double loss = 0;
            for (int k = 0; k < asked.length; k++) {
                int right = labels.indexOf(labelOf.get(asked[k]));
                double p = (1 - weight) * trained.heldOut().get(asked[k])[right] + weight * votes.get(k)[right];
                loss -= Math.log(likely(p, labels.size()));
            }
            if (loss < least) {
                least = loss;
                best = weight;
            }
        }
        return new Blend(trained.head(), nearest, best);
    }

    static double likely(double probability, int labels) {
        return (1 - DOUBT) * probability + DOUBT / labels;
    }

    /** Of the second, in [0, 1]. */
    public double weight() {
        return weight;
    }

    @Override
    public List<String> labels() {
        return first.labels();
    }

    @Override
    public float[] probabilities(float[] vector) {
        float[] a = first.probabilities(vector);
        float[] b = second.probabilities(vector);
        var blended = new float[a.length];
        for (int c = 0; c < a.length; c++) {
            blended[c] = (float) ((1 - weight) * a[c] + weight * b[c]);
        }
        return blended;
    }
}
