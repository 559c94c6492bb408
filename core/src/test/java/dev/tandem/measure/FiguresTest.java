package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void percentilesAreMeasurementsThatWereMade() {
        double[] hundred =
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();
        assertThat(Percentiles.of(hundred)).isEqualTo(new Percentiles(50, 95, 99));
        assertThat(Percentiles.of(new double[] {4})).isEqualTo(new Percentiles(4, 4, 4));
        assertThat(Percentiles.of(new double[] {1, 2})).isEqualTo(new Percentiles(1, 2, 2));
        assertThatThrownBy(() -> Percentiles.of(new double[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void holmAdjustsByHandComputedStepsInTheOrderGiven() {
        // Sorted .005, .01, .03, .04 times 4, 3, 2, 1: .02, .03, .06, .04 → the last may not fall below .06
        assertThat(Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
        assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjust(new double[0])).isEmpty();
    }

    @Test
    void aNamedStreamIsTheSameEverywhereAndIndependentOfOthers() {
        assertThat(Seeds.stream(1, "split").nextLong())
                .isEqualTo(Seeds.stream(1, "split").nextLong());
        assertThat(Seeds.stream(1, "split").nextLong())
                .isNotEqualTo(Seeds.stream(1, "bootstrap").nextLong())
                .isNotEqualTo(Seeds.stream(2, "split").nextLong());
    }
}
