package dev.tandem.knowledge.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FusionTest {

    @Test
    void theDefaultIsTheOneThatWasMeasured() {
        assertThat(Fusion.standard()).isEqualTo(new Fusion(.45, .4, 1));
    }

    @Test
    void eachScoreIsNormalisedOverItsRangeAndCutOffAtItsEnds() {
        var fusion = new Fusion(.5, .4, .9);
        assertThat(fusion.lexical(3, 12)).isEqualTo(.25);
        assertThat(fusion.lexical(13, 12)).isEqualTo(1);
        assertThat(fusion.dense(.65)).isCloseTo(.5, within(1e-12));
        assertThat(fusion.dense(.2)).isZero();
        assertThat(fusion.dense(.95)).isEqualTo(1);
    }

    @Test
    void whatAChannelDidNotScoreCountsAsNothing() {
        var fusion = Fusion.standard();
        assertThat(fusion.lexical(Double.NaN, 12)).isZero();
        assertThat(fusion.lexical(0, 0)).isZero();
        assertThat(fusion.dense(Double.NaN)).isZero();
    }

    @Test
    void theFusedScoreIsTheWeightedMeanAndStaysBetweenNoughtAndOne() {
        var fusion = new Fusion(.4, .4, 1);
        assertThat(fusion.fused(.5, .25)).isCloseTo(.35, within(1e-12));
        assertThat(fusion.fused(1, 1)).isEqualTo(1);
        assertThat(fusion.fused(0, 0)).isZero();
    }

    @Test
    void whatIsNoFusionIsRefused() {
        assertThatThrownBy(() -> new Fusion(1.1, .4, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Fusion(Double.NaN, .4, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Fusion(.5, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
