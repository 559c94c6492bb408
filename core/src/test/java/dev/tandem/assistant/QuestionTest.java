package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "When does the dock close on Fridays?            | WHEN        | ''      | false",
                "In what year was the mill built?                | WHEN        | year    | false",
                "Who painted the ceiling?                        | WHO         | ''      | true",
                "Who did the board appoint?                      | WHO         | ''      | false",
                "How many days of leave do I have?               | HOW_MANY    | day     | false",
                "How much does a probe cost?                     | HOW_MUCH    | ''      | false",
                "How long is the warranty?                       | HOW_LONG    | ''      | true",
                "Which river flows through Kendal?               | WHAT_PLACE  | river   | true",
                "What share of the deliveries was on time?       | WHAT_NUMBER | share   | false",
                "What is the name of the new supplier?           | WHAT_NAME   | supplier| false",
                "What is the notice period?                      | WHEN        | period  | false",
                "What does E4 mean?                              | WHAT        | ''      | false",
                "Why were the alarms late?                       | WHY         | ''      | true",
                "How do I rotate the certificate?                | HOW         | ''      | true",
                "Can a logger be packed with dry ice?            | YES_NO      | ''      | false",
                "notice period                                   | OTHER       | ''      | false"
            })
    void tellsWhatIsAskedFor(String text, Question.Kind kind, String focus, boolean subject) {
        Question question = Question.of(text);
        assertThat(question.kind()).isEqualTo(kind);
        assertThat(question.focus())
                .isEqualTo(focus.isEmpty() ? "" : Words.of(focus).getFirst().stem());
        if (kind == Question.Kind.WHO || kind == Question.Kind.WHAT_PLACE) {
            assertThat(question.subject()).isEqualTo(subject);
        }
    }
}
