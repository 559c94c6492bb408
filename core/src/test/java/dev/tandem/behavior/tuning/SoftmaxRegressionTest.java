package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {

    private static final int CLASSES = 3;
    private static final int FEATURES = 7;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private float[][] rows(int examples) {
        var rows = new float[examples][FEATURES];
        for (float[] row : rows) {
            for (int d = 0; d < FEATURES; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private int[] classes(int examples) {
        return random.ints(examples, 0, CLASSES).toArray();
    }

    /** What the objective is, written down once more the plain way. */
    private static double loss(float[][] rows, int[] classOf, double[] x, double l2) {
        double loss = 0;
        for (int i = 0; i < rows.length; i++) {
            var scores = new double[CLASSES];
            double all = 0;
            for (int c = 0; c < CLASSES; c++) {
                scores[c] = x[CLASSES * FEATURES + c];
                for (int d = 0; d < FEATURES; d++) {
                    scores[c] += x[c * FEATURES + d] * rows[i][d];
                }
                all += Math.exp(scores[c]);
            }
            loss += Math.log(all) - scores[classOf[i]];
        }
        double squares = 0;
        for (int k = 0; k < CLASSES * FEATURES; k++) {
            squares += x[k] * x[k];
        }
        return loss / rows.length + l2 / 2 * squares;
    }

    @Test
    void whatItFitsIsWhereTheLossHasNoSlope() {
        for (int examples : new int[] {5, 255, 256, 257, 700}) {
            float[][] rows = rows(examples);
            int[] classOf = classes(examples);
            var regression = new SoftmaxRegression(rows, classOf, CLASSES);
            double[] x = regression.start();
            double before = loss(rows, classOf, x, 0.01);
            regression.fit(x, 0.01, 500, 1e-12);

            assertThat(loss(rows, classOf, x, 0.01)).as("seed %d", seed).isLessThanOrEqualTo(before);
            for (int k = 0; k < x.length; k++) {
                double step = 1e-4;
                double at = x[k];
                x[k] = at + step;
                double above = loss(rows, classOf, x, 0.01);
                x[k] = at - step;
                double below = loss(rows, classOf, x, 0.01);
                x[k] = at;
                assertThat((above - below) / (2 * step))
                        .as("seed %d, %d examples, parameter %d", seed, examples, k)
                        .isCloseTo(0, within(2e-3));
            }
        }
    }

    @Test
    void itGivesTheSameWeightsToTheLastBitEveryTime() {
        float[][] rows = rows(1_000);
        int[] classOf = classes(1_000);
        double[] one = new SoftmaxRegression(rows, classOf, CLASSES).start();
        double[] other = one.clone();
        new SoftmaxRegression(rows, classOf, CLASSES).fit(one, 0.01, 50, 1e-6);
        new SoftmaxRegression(rows, classOf, CLASSES).fit(other, 0.01, 50, 1e-6);
        assertThat(other).as("seed %d", seed).containsExactly(one);
    }

    @Test
    void aStrongerPenaltyGivesSmallerWeights() {
        float[][] rows = rows(200);
        int[] classOf = classes(200);
        var regression = new SoftmaxRegression(rows, classOf, CLASSES);
        double last = Double.POSITIVE_INFINITY;
        for (double l2 : new double[] {0.001, 0.01, 0.1, 1}) {
            double[] x = regression.start();
            regression.fit(x, l2, 300, 1e-10);
            double squares = 0;
            for (int k = 0; k < CLASSES * FEATURES; k++) {
                squares += x[k] * x[k];
            }
            assertThat(squares).as("seed %d", seed).isLessThan(last);
            last = squares;
        }
    }
}
