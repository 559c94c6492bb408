package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    private static final long SEED = Long.getLong("tandem.seed", 20_261_128L);

    private final Random random = new Random(SEED);

    private double[] probabilities(int cases) {
        return random.doubles(cases, .5, 1).toArray();
    }

    /** Right as often as the probabilities say, less so much. */
    private boolean[] right(double[] probabilities, double less) {
        var right = new boolean[probabilities.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = random.nextDouble() < probabilities[i] - less;
        }
        return right;
    }

    @Test
    void probabilitiesThatAreTooHighByTenPointsHaveAnErrorOfTenPoints() {
        double[] p = probabilities(20_000);
        Interval error = Calibration.error(p, right(p, .1));
        assertThat(error.value()).as("seed %d", SEED).isCloseTo(.1, within(.015));
        assertThat(error.low()).isLessThanOrEqualTo(error.value()).isGreaterThan(.07);
        assertThat(error.high()).isGreaterThanOrEqualTo(error.value()).isLessThan(.13);
        assertThat(Calibration.error(p, right(p, 0)).value()).isLessThan(.02);
    }

    @Test
    void equalProbabilitiesFallIntoBinsAllTheSameAndTheErrorIsTheirGap() {
        double[] p = {.9, .9, .9, .9};
        assertThat(Calibration.error(p, new boolean[] {true, true, true, true}).value())
                .isCloseTo(.1, within(1e-9));
        assertThat(Calibration.error(new double[] {1, 1}, new boolean[] {true, true}))
                .isEqualTo(new Interval(0, 0, 0));
    }

    @Test
    void theOrderOfTheCasesDoesNotMatter() {
        double[] p = {.6, .9, .7, .95};
        boolean[] right = {false, true, true, false};
        double[] otherP = {.95, .7, .6, .9};
        boolean[] otherRight = {false, true, false, true};
        assertThat(Calibration.error(p, right).value())
                .isEqualTo(Calibration.error(otherP, otherRight).value());
    }

    @Test
    void aDifferenceOfTheSameAnswersIsNothingAndARealOneIsFound() {
        double[] p = probabilities(2_000);
        boolean[] fine = right(p, 0);
        assertThat(Calibration.difference(p, fine, p, fine)).isEqualTo(new Interval(0, 0, 0));
        Interval worse = Calibration.difference(p, right(p, .15), p, fine);
        assertThat(worse.low()).as("seed %d", SEED).isGreaterThan(.05);
    }

    @Test
    void aScoreThatTellsTwoKindsApartHasAnAreaOfOneAndOneThatDoesNotOfAHalf() {
        assertThat(Separation.auroc(new double[] {.9, .8}, new double[] {.1, .2})
                        .value())
                .isEqualTo(1);
        assertThat(Separation.auroc(new double[] {.1}, new double[] {.9}).value())
                .isZero();
        assertThat(Separation.auroc(new double[] {.5, .5}, new double[] {.5}).value())
                .isEqualTo(.5);
        // Of six pairs four are won and one is even.
        assertThat(Separation.auroc(new double[] {.4, .6, .9}, new double[] {.4, .5})
                        .value())
                .isCloseTo(4.5 / 6, within(1e-12));
        Interval chance = Separation.auroc(
                random.doubles(500).toArray(), random.doubles(300).toArray());
        assertThat(chance.low()).as("seed %d", SEED).isLessThan(.5);
        assertThat(chance.high()).as("seed %d", SEED).isGreaterThan(.5);
    }

    @Test
    void twoFiguresOfOtherCasesLeaveTheirDifferenceRoom() {
        Interval difference = new Interval(.9, .86, .93).less(new Interval(.8, .77, .83));
        assertThat(difference.value()).isCloseTo(.1, within(1e-12));
        assertThat(difference.low()).isCloseTo(.1 - .05, within(1e-12));
        assertThat(difference.high()).isCloseTo(.1 + Math.hypot(.03, .03), within(1e-12));
    }
}
