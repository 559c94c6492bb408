package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FollowUpTest {

    private static final StandAlone.Said BEFORE =
            new StandAlone.Said(7, "How much may a hotel in London cost?", "£165 [1]", List.of("Expenses and travel"));

    private static StandAlone.Whole after(String question) {
        return StandAlone.byRules().of(List.of(BEFORE), question, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "And in Groningen?                | How much may a hotel in Groningen cost?",
                "What about Västerås?             | How much may a hotel in Västerås cost?",
                "and for directors?               | How much may a hotel in London cost, for directors?",
                "Why?                             | Why: How much may a hotel in London cost?",
                "Who pays for it?                 | Who pays for it? (hotel London cost Expenses travel)",
                "Is that before tax?              | Is that before tax? (hotel London cost Expenses travel)",
                "What if I am late?               | What if I am late? (hotel London cost Expenses travel)",
                "What happens if I don't?         | What happens if I don't? (hotel London cost Expenses travel)",
            })
    void whatIsLeftOutOrPointedAtIsTakenOver(String question, String whole) {
        assertThat(after(question)).isEqualTo(new StandAlone.Whole(whole, java.util.Set.of(7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How do I report a lost laptop?",
                "Which rules apply to documents that expire?",
                "How many days of leave are there this year?",
                "Is there a fee for returns?",
                "And how do I rotate the gateway's certificate?",
            })
    void aNewQuestionStandsAlone(String question) {
        assertThat(after(question)).isEqualTo(StandAlone.Whole.asItIs(question));
    }

    @Test
    void theFirstQuestionIsAskedAsItIs() {
        assertThat(StandAlone.byRules().of(List.of(), "And for it?", Duration.ZERO))
                .isEqualTo(StandAlone.Whole.asItIs("And for it?"));
    }

    @Test
    void aLongConversationDoesNotMakeALongQuestion() {
        var said = new StandAlone.Said(1, "How much may a hotel in London cost?", "", List.of());
        for (int i = 2; i < 40; i++) {
            StandAlone.Whole whole = StandAlone.byRules()
                    .of(List.of(said), "What does it mean for word" + i + " and thing" + i + "?", Duration.ZERO);
            assertThat(Words.of(whole.question())).hasSizeLessThan(25);
            said = new StandAlone.Said(i, whole.question(), "", List.of());
        }
    }
}
