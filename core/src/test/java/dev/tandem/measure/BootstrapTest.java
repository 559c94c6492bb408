package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final long SEED = 7;

    @Test
    void theIntervalOfACoinAgreesWithTheNormalApproximation() {
        var cases = new double[400];
        for (int i = 0; i < cases.length; i++) {
            cases[i] = i % 2;
        }
        Interval mean = Bootstrap.mean(cases, SEED);
        // Standard error sqrt(.25 / 400) = .025, so .5 ± 1.96 · .025
        assertThat(mean.value()).isEqualTo(0.5);
        assertThat(mean.low()).isCloseTo(0.451, within(0.006));
        assertThat(mean.high()).isCloseTo(0.549, within(0.006));
    }

    @Test
    void theIntervalCoversTheTruthAboutNineteenTimesInTwenty() {
        var random = new SplittableRandom(SEED);
        int covered = 0;
        for (int trial = 0; trial < 300; trial++) {
            double[] cases = random.doubles(60).toArray();
            Interval mean = Bootstrap.mean(cases, random.nextLong());
            covered += mean.low() <= 0.5 && 0.5 <= mean.high() ? 1 : 0;
        }
        assertThat(covered / 300.0).as("coverage with seed %d", SEED).isBetween(0.90, 0.98);
    }

    @Test
    void pairingSeesASmallSteadyDifferenceThatTheSpreadOfCasesWouldHide() {
        var random = new SplittableRandom(SEED);
        double[] right = random.doubles(100).toArray();
        var left = new double[100];
        for (int i = 0; i < left.length; i++) {
            left[i] = right[i] + 0.01 + 0.005 * random.nextDouble();
        }
        Interval difference = Bootstrap.difference(left, right, SEED);
        assertThat(difference.excludesZero()).isTrue();
        assertThat(difference.value()).isBetween(0.01, 0.015);
        assertThat(Bootstrap.pValue(left, right, SEED)).isLessThan(0.002);
        assertThat(Bootstrap.pValue(left, left, SEED)).isEqualTo(1);
        assertThat(Bootstrap.difference(left, left, SEED).excludesZero()).isFalse();
    }

    @Test
    void oneSeedGivesOneIntervalAndASingleCaseIsItsOwnInterval() {
        double[] cases = {0, 1, 1, 0, 1};
        assertThat(Bootstrap.mean(cases, SEED)).isEqualTo(Bootstrap.mean(cases, SEED));
        assertThat(Bootstrap.mean(new double[] {0.3}, SEED)).isEqualTo(new Interval(0.3, 0.3, 0.3));
    }

    @Test
    void casesThatAllSucceedLeaveRoomForDoubt() {
        var right = new double[40];
        Arrays.fill(right, 1);
        Interval all = Bootstrap.mean(right, SEED);
        assertThat(all.value()).isEqualTo(1);
        assertThat(all.high()).isEqualTo(1);
        // Clopper and Pearson for 40 of 40
        assertThat(all.low()).isCloseTo(.9119, within(1e-4));
        Interval none = Bootstrap.mean(new double[40], SEED);
        assertThat(none.high()).isCloseTo(.0881, within(1e-4));
        assertThat(Bootstrap.difference(right, right, SEED)).isEqualTo(new Interval(0, 0, 0));
    }

    @Test
    void noCasesAndUnequalPairsAreRefused() {
        assertThatThrownBy(() -> Bootstrap.mean(new double[0], SEED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bootstrap.difference(new double[2], new double[3], SEED))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
