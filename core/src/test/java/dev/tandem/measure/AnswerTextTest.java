package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTest {

    @Test
    void caseArticlesPunctuationAndSpaceDoNotCount() {
        assertThat(AnswerText.exactMatch(" The  U.S. Army!", List.of("us army")))
                .isEqualTo(1);
        assertThat(AnswerText.exactMatch("another army", List.of("other army"))).isZero();
        assertThat(AnswerText.tokens("The 3rd, a \"U.S.\" fleet—of an era"))
                .containsExactly("3rd", "us", "fleet—of", "era");
    }

    @Test
    void theBestOfSeveralRightAnswersCounts() {
        assertThat(AnswerText.exactMatch("Denver Broncos", List.of("Carolina Panthers", "Denver Broncos")))
                .isEqualTo(1);
        // Against "the Broncos": precision 1/2, recall 1; against "Denver": the same; against the full name: 1
        assertThat(AnswerText.f1("Denver Broncos", List.of("the Broncos"))).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(AnswerText.f1("Denver Broncos", List.of("the Broncos", "Denver Broncos of Colorado")))
                .isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void aRepeatedTokenCountsAsOftenAsTheRightAnswerHasIt() {
        // Common: one "new" and one "york" of three predicted and two right tokens: P 2/3, R 1
        assertThat(AnswerText.f1("New York New", List.of("New York"))).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void theEmptyTextMatchesOnlyNoAnswer() {
        assertThat(AnswerText.exactMatch("", List.of())).isEqualTo(1);
        assertThat(AnswerText.f1("", List.of())).isEqualTo(1);
        assertThat(AnswerText.f1("something", List.of())).isZero();
        assertThat(AnswerText.f1("", List.of("something"))).isZero();
        assertThat(AnswerText.f1("the", List.of("something"))).isZero();
    }
}
