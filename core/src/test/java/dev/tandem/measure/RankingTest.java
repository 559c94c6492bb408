package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static final Map<String, Integer> GRADES = Map.of("a", 3, "b", 2, "c", 1, "d", 0, "e", -1);

    @Test
    void ndcgAgreesWithAHandComputedGradedExample() {
        // DCG: 2/log2(2) + 0 + 3/log2(4) = 2 + 1.5; ideal: 3 + 2/log2(3) + 1/log2(4) = 3 + 1.2618595 + 0.5
        assertThat(Ranking.ndcg(List.of("b", "d", "a"), GRADES, 10)).isCloseTo(3.5 / 4.7618595, within(1e-7));
    }

    @Test
    void ndcgIsOneForTheIdealOrderWhateverFollowsAndCountsIdealGainOnlyUpToTheCut() {
        assertThat(Ranking.ndcg(List.of("a", "b", "c", "x", "y"), GRADES, 10)).isEqualTo(1);
        assertThat(Ranking.ndcg(List.of("a"), GRADES, 1)).isEqualTo(1);
        // Cut at 2 with the best first and nothing second: 3 / (3 + 2/log2(3))
        assertThat(Ranking.ndcg(List.of("a", "x"), GRADES, 2)).isCloseTo(3 / 4.2618595, within(1e-7));
    }

    @Test
    void aGradeBelowZeroNeitherGainsNorCosts() {
        assertThat(Ranking.ndcg(List.of("e", "a"), Map.of("a", 1, "e", -1), 10)).isCloseTo(1 / 1.5849625, within(1e-7));
        assertThat(Ranking.recall(List.of("e"), Map.of("a", 1, "e", -1), 10)).isZero();
    }

    @Test
    void whatStandsBelowTheCutDoesNotCount() {
        var ranked = List.of("x", "y", "a", "b");
        assertThat(Ranking.ndcg(ranked, GRADES, 2)).isZero();
        assertThat(Ranking.reciprocalRank(ranked, GRADES, 2)).isZero();
        assertThat(Ranking.reciprocalRank(ranked, GRADES, 10)).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(Ranking.recall(ranked, GRADES, 3)).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(Ranking.recall(ranked, GRADES, 4)).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void precisionDividesByTheCutEvenWhenLessCameBack() {
        assertThat(Ranking.precision(List.of("a", "b"), GRADES, 5)).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void nothingRelevantGivesZeroAndAnEmptyRankingToo() {
        assertThat(Ranking.ndcg(List.of("x"), Map.of(), 10)).isZero();
        assertThat(Ranking.recall(List.of("x"), Map.of("x", 0), 10)).isZero();
        assertThat(Ranking.ndcg(List.of(), GRADES, 10)).isZero();
    }

    @Test
    void aDocumentThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> Ranking.ndcg(List.of("a", "a"), GRADES, 10))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ranking.recall(List.of("a"), GRADES, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
