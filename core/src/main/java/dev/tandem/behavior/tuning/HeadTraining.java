package dev.tandem.behavior.tuning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;

/**
 * Trains a {@link Head} on vectors: cuts the examples into folds, fits on all but one of them for each penalty, strongest
 * first and each from where the last one ended, and keeps the penalty whose predictions for the folds left out were
 * likeliest. Temperature and threshold come from the same predictions. Then the head is fitted on everything.
 */
public final class HeadTraining {

    private static final int MOST_STEPS = 150;
    /** Of the loss; folds only have to tell penalties apart. */
    private static final double ROUGH = 1e-3;

    private static final double FINE = 1e-4;

    /**
     * What came of it.
     *
     * @param head fitted on all examples
     * @param penalty chosen
     * @param temperature by which scores were divided
     * @param heldOut probabilities of each example by a head that did not see it, [examples, labels]
     * @param heldOutAccuracy share of examples whose likeliest label is right among those
     * @param tried penalty and held-out loss, as far as the search went
     * @param took for all of it
     */
    public record Trained(
            Head head,
            double penalty,
            double temperature,
            List<float[]> heldOut,
            double heldOutAccuracy,
            List<Tried> tried,
            Duration took) {}

    /** A penalty and the mean negative log-likelihood of the examples left out, at the best temperature. */
    public record Tried(double penalty, double loss) {}

    private HeadTraining() {}

    /**
     * Trains a head; the same for the same arguments, to the last bit.
     *
     * @param vectors [examples, dimensions]
     * @param labelOf of each example
     * @param familyOf of each example: those with the same number are never in two folds
     * @param progress told the share of the work that is done, in [0, 1]
     */
    public static Trained train(
            List<float[]> vectors,
            List<String> labelOf,
            int[] familyOf,
            HeadSettings settings,
            DoubleConsumer progress) {
        long start = System.nanoTime();
        List<String> labels = List.copyOf(new TreeSet<>(labelOf));
        int[] classOf = labelOf.stream().mapToInt(labels::indexOf).toArray();
        Scaling scaling = Scaling.of(vectors);
        float[][] rows = vectors.stream().map(scaling::apply).toArray(float[][]::new);
        Choice choice = choose(rows, classOf, familyOf, labels.size(), settings, progress);
        var all = new SoftmaxRegression(rows, classOf, labels.size());
        double[] parameters = all.start();
        // The path of stronger penalties is a short way to a weak one.
        for (double penalty : settings.penalties()) {
            boolean last = penalty <= choice.penalty();
            all.fit(parameters, penalty, last ? MOST_STEPS : 8, last ? FINE : ROUGH);
            if (last) {
                break;
            }
        }
        Head head = scaling.head(parameters, labels, choice.temperature());
        List<float[]> heldOut = choice.scores().stream()
                .map(scores -> Softmax.of(scores, choice.temperature()))
                .toList();
        int right = 0;
        for (int i = 0; i < classOf.length; i++) {
            right += argmax(heldOut.get(i)) == classOf[i] ? 1 : 0;
        }
        double threshold = Threshold.of(heldOut, classOf, settings.precision());
        progress.accept(1);
        return new Trained(
                head.withThreshold(threshold),
                choice.penalty(),
                choice.temperature(),
                heldOut,
                (double) right / rows.length,
                choice.tried(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private record Choice(double penalty, double temperature, List<double[]> scores, List<Tried> tried) {}

    private static Choice choose(
            float[][] rows,
            int[] classOf,
            int[] familyOf,
            int classes,
            HeadSettings settings,
            DoubleConsumer progress) {
        int[] foldOf = Folds.of(classOf, familyOf, classes, settings.folds(), settings.seed());
        var folds = new ArrayList<Fold>();
        for (int fold = 0; fold < settings.folds(); fold++) {
            folds.add(new Fold(rows, classOf, classes, foldOf, fold));
        }
        var tried = new ArrayList<Tried>();
        Choice best = null;
        for (double penalty : settings.penalties()) {
            var filled = new double[rows.length][];
            for (Fold fold : folds) {
                fold.fit(penalty);
                fold.score(rows, filled);
            }
            List<double[]> scores = Arrays.asList(filled);
            double temperature = Softmax.temperature(scores, classOf);
            double loss = Softmax.loss(scores, classOf, temperature);
            tried.add(new Tried(penalty, loss));
            progress.accept(0.8 * tried.size() / settings.penalties().size());
            if (best != null && loss > tried.get(tried.size() - 2).loss()) {
                break;
            }
            best = new Choice(penalty, temperature, scores, tried);
        }
        if (best == null) {
            throw new IllegalStateException("no penalty to choose from");
        }
        return best;
    }

    /** The examples of all folds but one, and what was fitted on them so far. */
    private static final class Fold {
        private final SoftmaxRegression regression;
        private final double[] parameters;
        private final int[] leftOut;
        private final int classes;

        Fold(float[][] rows, int[] classOf, int classes, int[] foldOf, int fold) {
            int[] in = indices(foldOf, fold, false);
            this.leftOut = indices(foldOf, fold, true);
            this.classes = classes;
            this.regression = new SoftmaxRegression(
                    Arrays.stream(in).mapToObj(i -> rows[i]).toArray(float[][]::new),
                    Arrays.stream(in).map(i -> classOf[i]).toArray(),
                    classes);
            this.parameters = regression.start();
        }

        void fit(double penalty) {
            regression.fit(parameters, penalty, 40, ROUGH);
        }

        void score(float[][] rows, double[][] scores) {
            int features = rows[0].length;
            Arrays.stream(leftOut).parallel().forEach(i -> {
                var score = new double[classes];
                for (int c = 0; c < classes; c++) {
                    double sum = parameters[classes * features + c];
                    for (int d = 0; d < features; d++) {
                        sum += parameters[c * features + d] * rows[i][d];
                    }
                    score[c] = sum;
                }
                scores[i] = score;
            });
        }

        private static int[] indices(int[] foldOf, int fold, boolean inside) {
            return java.util.stream.IntStream.range(0, foldOf.length)
                    .filter(i -> (foldOf[i] == fold) == inside)
                    .toArray();
        }
    }

    static int argmax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
