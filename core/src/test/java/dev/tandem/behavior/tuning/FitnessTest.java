package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class FitnessTest {

    @Test
    void twentyDifferentTextsOfTwoLabelsAndOneToMeasureOnAreEnough() {
        Fitness.require(and(learned(20, i -> i < 17 ? "a" : "b"), test("b")));
        List<Example> validated = new ArrayList<>(and(learned(20, i -> i % 2 == 0 ? "a" : "b"), test("b")));
        validated.replaceAll(each -> each.part() == Part.TRAIN ? each.in(Part.VALIDATION) : each);
        Fitness.require(validated);
    }

    @Test
    void oneLabel() {
        refused(
                and(learned(30, _ -> "only"), test("only")),
                "Every training example has the label 'only'",
                "other label");
    }

    @Test
    void tooFewExamples() {
        refused(
                and(learned(10, i -> i % 2 == 0 ? "a" : "b"), test("a")),
                "There are 10 examples to learn from, beside 1 to measure on; at least 20",
                "Add examples");
        refused(List.of(), "There are 0 examples", "Add examples");
    }

    @Test
    void oneTextManyTimesIsOneText() {
        var same = new ArrayList<Example>();
        for (int i = 0; i < 40; i++) {
            same.add(
                    new Example(i % 2 == 0 ? "The same" : " the SAME ", i % 2 == 0 ? "a" : "b", "", Part.TRAIN, i + 1));
        }
        refused(
                and(same, test("a")),
                "There are 40 examples to learn from, beside 1 to measure on, with 1 different text;",
                "Add examples");
    }

    @Test
    void labelsThatDifferByCaseOrBlanksAlone() {
        for (String other : List.of("CARD arrival", "card  arrival", "card arrival ", "cardarrival")) {
            refused(
                    and(learned(30, i -> i == 7 ? other : "card arrival"), test("card arrival")),
                    "'card arrival' (line 1) and '" + other + "' (line 8) differ by case or blanks alone",
                    "Write them alike");
        }
        refused(
                and(learned(30, i -> i % 2 == 0 ? "a" : "b"), test("B")),
                "'b' (line 2) and 'B' (line 1001)",
                "Write them alike");
    }

    @Test
    void aLabelWithTooFewDifferentTexts() {
        refused(
                and(learned(30, i -> i < 2 ? "rare" : i % 2 == 0 ? "a" : "b"), test("a")),
                "The label 'rare' has 2 different training examples, and at least 3",
                "take it out");
        refused(
                and(learned(30, i -> i < 1 ? "rare" : i % 2 == 0 ? "a" : "b"), test("a")),
                "The label 'rare' has 1 different training example,",
                "take it out");
    }

    @Test
    void aLabelThatIsMeasuredAndNotLearned() {
        refused(
                and(learned(30, i -> i % 2 == 0 ? "a" : "b"), test("c")),
                "The label 'c' stands among the test examples (line 1001) and not among the training examples",
                "Add training examples of it");
    }

    @Test
    void nothingToMeasureOn() {
        refused(learned(30, i -> i % 2 == 0 ? "a" : "b"), "There are no test examples", "--test FILE");
    }

    @Test
    void controlCharactersOfALabelStayInIt() {
        assertThatThrownBy(() -> Fitness.require(and(learned(30, i -> i % 2 == 0 ? "a" : "b"), test("\u001b[2Jevil"))))
                .message()
                .contains("evil")
                .doesNotContain("\u001b");
    }

    private static List<Example> learned(int count, IntFunction<String> label) {
        var examples = new ArrayList<Example>();
        for (int i = 0; i < count; i++) {
            examples.add(new Example("text " + i, label.apply(i), "", Part.TRAIN, i + 1));
        }
        return examples;
    }

    private static Example test(String label) {
        return new Example("a text to measure on", label, "", Part.TEST, 1001);
    }

    private static List<Example> and(List<Example> examples, Example another) {
        var all = new ArrayList<>(examples);
        all.add(another);
        return all;
    }

    /** In one line, with the next step. */
    private static void refused(List<Example> examples, String message, String next) {
        assertThatThrownBy(() -> Fitness.require(examples)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(failure).hasMessageContaining(message);
            assertThat(failure.getMessage()).doesNotContain("\n").endsWith(".");
            assertThat(failure.nextStep()).contains(next).endsWith(".");
        });
    }
}
