package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Outside;
import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExaminedTest {

    private static final Embedder WHOLE = new HashingEmbedder();

    /** Two questions to three passages that share words with them. */
    private static final RetrievalSuite SUITE = new RetrievalSuite(
            "a small library",
            List.of("the lake freezes in winter", "the train leaves at noon", "bread needs salt and flour"),
            List.of(
                    new RetrievalSuite.Case("when does the train leave at noon", Set.of(1)),
                    new RetrievalSuite.Case("what bread needs: flour", Set.of(2)),
                    new RetrievalSuite.Case("the lake in winter", Set.of(0))));

    /** An encoder that reads something else than what it is given. */
    private record Reading(UnaryOperator<String> text) implements Embedder {
        @Override
        public Encoder encoder() {
            return WHOLE.encoder();
        }

        @Override
        public List<float[]> embed(List<String> texts, Role role) {
            return WHOLE.embed(texts.stream().map(text).toList(), role);
        }

        @Override
        public int countTokens(String text) {
            return WHOLE.countTokens(text);
        }
    }

    private final List<Example> test = examples(Part.TEST, 60);
    private final Head head;

    ExaminedTest() {
        List<Example> train = examples(Part.TRAIN, 60);
        head = HeadTraining.train(
                        WHOLE.embed(train.stream().map(Example::input).toList(), Embedder.Role.PASSAGE),
                        train.stream().map(Example::output).toList(),
                        IntStream.range(0, train.size()).toArray(),
                        AdapterHouse.QUICK,
                        _ -> {})
                .head();
    }

    private static List<Example> examples(Part part, int each) {
        var examples = new ArrayList<Example>();
        for (int i = 0; i < each; i++) {
            examples.add(new Example("my bill is too high " + part + i, "bills", "", part, i + 1));
            examples.add(new Example("the parcel did not arrive " + part + i, "parcels", "", part, i + 1));
        }
        return examples;
    }

    private Examined examined(Embedder tuned, String budget) {
        var conditions = new Conditions(Budgets.OF_LABELS.with(budget), Outside.texts(), SUITE, LocalDate.EPOCH);
        var examination = new Examination(test, conditions, 100, 1, true);
        return examination.beside(sheet(examination, tuned), sheet(examination, WHOLE));
    }

    private Examination.Sheet sheet(Examination examination, Embedder embedder) {
        List<float[]> vectors = embedder.embed(test.stream().map(Example::input).toList(), Embedder.Role.PASSAGE);
        return examination.answers(head, head.threshold(), vectors, embedder);
    }

    private static List<String> exceeded(Examined examined, String budget) {
        return Worth.exceeded(examined.losses(), Budgets.OF_LABELS.with(budget));
    }

    @Test
    void theSameEncoderLosesNothing() {
        Examined examined = examined(WHOLE, "forgetting=0");
        assertThat(examined.losses())
                .hasSize(10)
                .allSatisfy(each -> assertThat(each.by().value()).isZero());
        assertThat(exceeded(examined, "forgetting=0")).isEmpty();
    }

    @Test
    void oneThatCannotReadCapitalsIsNotRobustAndNothingElse() {
        Examined examined =
                examined(new Reading(text -> text.equals(text.toUpperCase(Locale.ROOT)) ? "?" : text), "forgetting=0");
        assertThat(exceeded(examined, "forgetting=0"))
                .singleElement()
                .asString()
                .startsWith("accuracy lost by upper case");
    }

    @Test
    void oneThatReadsNothingIsWorseInWhatItLabelsAndForgetsToFind() {
        Embedder nothing = new Reading(_ -> "my bill is too high");
        Examined examined = examined(nothing, "forgetting=0");
        assertThat(exceeded(examined, "forgetting=0").stream()
                        .map(each -> each.replaceFirst(":.*", ""))
                        .toList())
                .containsExactly(
                        "accuracy on the test examples",
                        "calibration error",
                        "wrong answers with a probability of .9 or more");
        assertThat(examined.losses())
                .filteredOn(each -> each.budget().equals(Budgets.FORGETTING))
                .singleElement()
                .extracting(Loss::by)
                .satisfies(by -> assertThat(by.value()).isGreaterThan(.2));
        assertThat(exceeded(examined, "accuracy=1,outside=1,calibration=1,confident=1"))
                .as("forgetting is reported, and keeps nothing back unless it is asked for")
                .isEmpty();

        var card = new StringBuilder();
        examined.into(card);
        assertThat(card.toString())
                .contains("Not to be promoted", "0 mended, 60 broken", "`parcels`: 0 of 60 right, before 60");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        examined.into(json);
        assertThat(json.path("changes").path("labels").path(0).path("label").asText())
                .isEqualTo("parcels");
        assertThat(json.path("forgetting").path("cases").asInt()).isEqualTo(3);
        for (String figure : List.of("error", "error_over_frozen", "confident_wrong")) {
            assertThat(json.path("calibration").path(figure).path("high").isNumber())
                    .as(figure)
                    .isTrue();
        }
    }

    @Test
    void ofAHeadAloneNothingIsComparedAndNothingForgotten() {
        var examination = new Examination(test, Conditions.ofLabels(), 10, 1, false);
        Examined alone = examination.alone(sheet(examination, WHOLE));
        assertThat(alone.losses()).isEmpty();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        alone.into(json);
        assertThat(json.path("forgetting").path("lost").path("value").asDouble(1))
                .isZero();
        assertThat(json.path("robustness").path("cases").asInt()).isEqualTo(10);
        assertThat(json.path("robustness")
                        .path("typos")
                        .path("lost")
                        .path("low")
                        .isNumber())
                .isTrue();
        assertThat(json.path("worth").path("exceeded")).isEmpty();
    }
}
