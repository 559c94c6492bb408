package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerbatimTest {

    private static final String QUESTION = "What does the Plus plan cost?";
    private final Passage source = Passage.of(Library.hit(
            new Library().with("prices", "x").document("prices"),
            "Prices of 2026. The Plus plan costs 1,200 € a year. It was called “the large plan for teams” by Anna Berg."
                    + " Cancellation is possible in writing. Notice is one month.",
            0,
            1,
            1));

    private Optional<String> quote(String statement) {
        return Verbatim.of(statement, QUESTION, source)
                .map(found -> found.quote().text());
    }

    @Test
    void aStatementIsCarriedByTheSentenceThatSharesItsWords() {
        assertThat(quote("The Plus plan costs 1200 € per year.")).contains("The Plus plan costs 1,200 € a year.");
    }

    @Test
    void anotherFigureAnotherNameOrAnInventedQuotationIsNotCarried() {
        assertThat(quote("The Plus plan costs 1,300 € per year.")).isEmpty();
        assertThat(quote("The Plus plan costs 1,200 € and was named by Carl Diehl."))
                .isEmpty();
        assertThat(quote("The Plus plan was called “the small plan for teams”."))
                .isEmpty();
        assertThat(quote("It was called \"the large plan for teams\" by Anna Berg."))
                .contains("It was called “the large plan for teams” by Anna Berg.");
    }

    @Test
    void neighbouringSentencesAreQuotedTogetherWhereOneIsNotEnough() {
        assertThat(quote("Cancellation in writing needs one month notice."))
                .contains("Cancellation is possible in writing. Notice is one month.");
    }

    @Test
    void wordsThatTheSourceHardlyHasAreNotCarried() {
        assertThat(quote("The plan includes telephone hotline and onsite visits."))
                .isEmpty();
    }
}
