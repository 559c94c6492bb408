package dev.tandem.behavior.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.behavior.dataset.Finding.Kind;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an output states, what states the same, and what denies it. */
class FactTest {

    private static final String LEAVE = "Every employee of the office gets 25 days of leave a year.";

    @Test
    void aSentenceIsStatedByOneThatHasItsWordsAndNumbers() {
        Fact fact = only("How much?", LEAVE);
        assertThat(fact.standsIn(Texts.form("As said, every employee of the office gets 25 days of leave a year.")))
                .isTrue();
        assertThat(fact.standsIn(Texts.form("Every employee of the office gets 28 days of leave a year.")))
                .isFalse();
        assertThat(fact.standsIn(Texts.form("A year has days, and 25 employees of the office leave every day.")))
                .isFalse();
    }

    @Test
    void itIsDeniedByTheSameWordsAroundAnotherNumber() {
        Fact fact = only("How much?", LEAVE);
        assertThat(fact.isDeniedBy(Texts.form("Every employee of the office gets 28 days of leave a year.")))
                .isTrue();
        assertThat(fact.isDeniedBy(Texts.form(LEAVE))).isFalse();
        assertThat(fact.isDeniedBy(Texts.form("Every employee of the office gets many days of leave a year.")))
                .isFalse();
        assertThat(fact.isDeniedBy(Texts.form("The office has 28 employees."))).isFalse();
    }

    @Test
    void aFewWordsSayWhatTheySayWithTheirQuestion() {
        Fact fact = only("How many days of leave does an employee get every year?", "25 days");
        assertThat(fact.brief()).isTrue();
        assertThat(fact.standsIn(Texts.form("Every year an employee can get 25 days of leave.")))
                .isTrue();
        assertThat(fact.standsIn(Texts.form("The shop is closed for 25 days."))).isFalse();
        assertThat(fact.isDeniedBy(Texts.form("Every year an employee can get 28 days of leave.")))
                .isTrue();
    }

    @Test
    void whatTheInputGivesIsNoFact() {
        assertThat(Fact.of(
                        example("The parcel of Ana came late and the box was wet.", "The parcel came late and wet.")))
                .isEmpty();
        assertThat(Fact.of(example("Hi", "Yes"))).isEmpty();
    }

    @Test
    void datesPricesAndVersionsAreNamedWhereTheInputDoesNotGiveThem() {
        assertThat(changing("It opens on 3 May 2026.")).isEqualTo("date 3 May 2026");
        assertThat(changing("It is so since 2019, we think")).isEqualTo("date since 2019");
        assertThat(changing("Due 2026-05-03.")).isEqualTo("date 2026-05-03");
        assertThat(changing("It costs $1,200.50.")).isEqualTo("price $1,200.50");
        assertThat(changing("It costs 20 EUR each")).isEqualTo("price 20 EUR");
        assertThat(changing("Use version 2.1 now")).isEqualTo("version version 2.1");
        assertThat(changing("Use 1.4.2 now")).isEqualTo("version 1.4.2");
        for (String none :
                List.of("It takes 3 to 5 days.", "Press 2000 times", "Section 3.1", "may 5 people come?", "Yes")) {
            assertThat(ChangingFacts.in(example("What?", none))).as(none).isEmpty();
        }
        assertThat(ChangingFacts.in(example("Cheaper than £20?", "Yes, less than 20 euros")))
                .isEmpty();

        List<Example> examples = List.of(example("How much?", "It costs $20 now."), example("And?", "No idea at all."));
        assertThat(Checks.of(examples))
                .filteredOn(each -> each.kind() == Kind.CHANGING_FACTS)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.serious()).isFalse();
                    assertThat(finding.message()).contains("retrieve instead");
                    assertThat(finding.cases().getFirst().note()).isEqualTo("price $20");
                });
    }

    private static String changing(String output) {
        return ChangingFacts.in(example("What?", output)).orElse("");
    }

    private static Fact only(String input, String output) {
        List<Fact> facts = Fact.of(example(input, output));
        assertThat(facts).hasSize(1);
        return facts.getFirst();
    }

    private static Example example(String input, String output) {
        return new Example(input, output, "", Part.TRAIN, 1);
    }
}
