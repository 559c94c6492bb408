package dev.tandem.behavior.worth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import dev.tandem.measure.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorthTest {

    @Test
    void aLossCountsWhereItsWholeIntervalLiesBeyondTheBudget() {
        var surely = new Loss(Budgets.ROBUSTNESS, "typos", new Interval(.09, .06, .12));
        var perhaps = new Loss(Budgets.ROBUSTNESS, "order", new Interval(.09, .04, .14));
        var gain = new Loss(Budgets.ACCURACY, "accuracy", new Interval(-.05, -.08, -.02));
        var within = new Loss(Budgets.ACCURACY, "accuracy", new Interval(.01, 0, .02));

        assertThat(Worth.exceeded(List.of(surely, perhaps, gain, within), Budgets.OF_LABELS))
                .singleElement()
                .asString()
                .contains("typos", "9.0 points (6.0 to 12.0)", "robustness=0.05");
        assertThat(Worth.exceeded(List.of(surely), Budgets.OF_LABELS.with("robustness=.06")))
                .isEmpty();
    }

    @Test
    void whatHasNoBudgetKeepsNothingBack() {
        var forgotten = new Loss(Budgets.FORGETTING, "nDCG@10", new Interval(.4, .3, .5));
        assertThat(Worth.exceeded(List.of(forgotten), Budgets.OF_LABELS)).isEmpty();
        assertThat(Worth.exceeded(List.of(forgotten), Budgets.OF_LABELS.with("robustness=.1, forgetting=.05")))
                .hasSize(1);
        assertThat(Worth.exceeded(List.of(forgotten), Budgets.OF_FINDING)).hasSize(1);
    }

    @Test
    void whatIsNoBudgetIsRefusedWithTheNames() {
        for (String wrong : new String[] {
            "", "robustness", "robustness=", "robustness=2", "speed=.1", "robustness=-.1", "robustness=.1,"
        }) {
            assertThatThrownBy(() -> Budgets.OF_LABELS.with(wrong))
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            Failure.class,
                            e -> assertThat(e.nextStep())
                                    .contains("accuracy, calibration, confident, forgetting, outside, robustness"));
        }
    }
}
