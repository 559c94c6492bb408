package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.AdviserScenariosTest.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a rule begins and ends: the last value on one side and the first on the other. */
class AdviserBoundariesTest {

    @ParameterizedTest
    @CsvSource({"MONTHLY, false", "WEEKLY, true", "DAILY, true", "HOURLY, true", "QUARTERLY, false", "YEARLY, false"})
    void moreThanOnceAMonthBeginsAtWeeklyAndAnyChangeLeadsToRetrieval(Changes changes, boolean moreThanMonthly) {
        Advice advice = advise(Situation.builder().changes(changes));
        assertThat(has(advice, "r6")).isEqualTo(moreThanMonthly);
        assertThat(has(advice, "x8")).isEqualTo(!moreThanMonthly);
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
    }

    @Test
    void factsThatNeverChangeCallForNothing() {
        Advice advice = advise(Situation.builder().changes(Changes.NEVER));
        assertThat(advice.recommendation()).isEqualTo(Arm.BASELINE);
        assertThat(has(advice, "r7")).isFalse();
        assertThat(has(advice, "r22")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, BASELINE, below every guide",
        "99, BASELINE, below every guide",
        "100, BASELINE, one guide of five",
        "499, BASELINE, one guide of five",
        "500, BASELINE, contested",
        "999, BASELINE, contested",
        "1000, TUNED, dissents below about 2",
        "1999, TUNED, dissents below about 2",
        "2000, TUNED, 'format, style and labels.'",
        "4999, TUNED, 'format, style and labels.'",
        "5000, TUNED, for reasoning and for long notes",
    })
    void examplesAreGraded(long examples, Arm arm, String grade) {
        Advice advice =
                advise(Situation.builder().task(Task.CLASSIFY).narrow(true).examples(examples));
        assertThat(advice.recommendation()).isEqualTo(arm);
        assertThat(reason(advice, "x1").text()).contains(grade);
        assertThat(has(advice, "r14")).isEqualTo(examples >= 500);
        assertThat(has(advice, "r23")).isEqualTo(examples < 1000);
    }

    @Test
    void noExamplesAtAllIsAHardConstraint() {
        Advice advice = advise(Situation.builder()
                .task(Task.CLASSIFY)
                .examples(0)
                .needs(Set.of(Need.TONE))
                .volume(5_000_000));
        assertThat(advice.recommendation()).isEqualTo(Arm.BASELINE);
        assertThat(reason(advice, "r5").kind()).isEqualTo(Reason.Kind.HARD);
    }

    @ParameterizedTest
    @CsvSource({"4999, RAG", "5000, HYBRID"})
    void reasoningTakesFiveThousandExamples(long examples, Arm arm) {
        Advice advice = advise(Situation.builder()
                .task(Task.ANSWER)
                .changes(Changes.MONTHLY)
                .examples(examples)
                .needs(Set.of(Need.REASONING)));
        assertThat(advice.recommendation()).isEqualTo(arm);
    }

    @ParameterizedTest
    @CsvSource({"4999, true, BASELINE", "5000, true, TUNED", "999, false, BASELINE", "1000, false, TUNED"})
    void longNotesTakeFiveThousandExamplesAndOtherFormatsOneThousand(long examples, boolean longOutput, Arm arm) {
        assertThat(advise(Situation.builder()
                                .task(Task.WRITE)
                                .longOutput(longOutput)
                                .examples(examples)
                                .needs(Set.of(Need.FORMAT)))
                        .recommendation())
                .isEqualTo(arm);
    }

    @Test
    void examplesOfAClassificationAreAlsoCountedByClass() {
        Advice advice =
                advise(Situation.builder().task(Task.CLASSIFY).examples(800).classes(77));
        assertThat(reason(advice, "x1").text()).contains("about 10 for each of 77 classes");
    }

    @ParameterizedTest
    @CsvSource({"99999, BASELINE, 'on cost, retrieval'", "100000, TUNED, tuning may pay"})
    void tuningBeginsToPayAtAHundredThousandAMonth(long volume, Arm arm, String text) {
        Advice advice = advise(Situation.builder().task(Task.CLASSIFY).volume(volume));
        assertThat(advice.recommendation()).isEqualTo(arm);
        assertThat(reason(advice, "r18").text()).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"300, BASELINE, whole corpus in the prompt", "301, RAG, more than a few hundred"})
    void moreThanThreeHundredDocumentsAreMany(long documents, Arm arm, String text) {
        Advice advice = advise(Situation.builder().task(Task.ANSWER).documents(documents));
        assertThat(advice.recommendation()).isEqualTo(arm);
        assertThat(reason(advice, "r8").text()).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"7, RAG", "8, HYBRID"})
    void aPrototypeWithinAWeekIsNotTuned(long days, Arm arm) {
        Advice advice =
                advise(Situation.builder().deadlineDays(days).documents(8_000).needs(Set.of(Need.TERMS)));
        assertThat(advice.recommendation()).isEqualTo(arm);
        assertThat(has(advice, "r9")).isEqualTo(days <= 7);
    }

    @ParameterizedTest
    @CsvSource({
        "199, TUNED, without a retrieval step",
        "200, BASELINE, 'at risk, measure'",
        "800, BASELINE, 'at risk, measure'",
        "801, BASELINE, it fits",
    })
    void unmeasuredLatencyIsComparedWithWhatRetrievalAddsByTheGuides(long limit, Arm arm, String text) {
        Advice advice = advise(Situation.builder().task(Task.WRITE).latencyMs(limit));
        assertThat(advice.recommendation()).isEqualTo(arm);
        assertThat(reason(advice, "r15").text()).contains(text);
        assertThat(has(advice, "x11")).isEqualTo(limit <= 800);
    }

    @Test
    void theLatencyPriorRulesRetrievalOutNowhere() {
        Advice advice =
                advise(Situation.builder().latencyMs(199).documents(50_000).needs(Set.of(Need.CITATIONS)));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
        assertThat(reason(advice, "r15").text()).contains("measure before anything else");
    }

    @Test
    void aBudgetDropsWhatCostsMoreToBuildButNoHardConstraint() {
        Situation.Builder terms = Situation.builder().task(Task.WRITE).needs(Set.of(Need.TERMS));
        assertThat(advise(terms.budget(new BigDecimal("500"))).recommendation()).isEqualTo(Arm.TUNED);
        assertThat(advise(terms.budget(new BigDecimal("499"))).recommendation()).isEqualTo(Arm.BASELINE);
        assertThat(advise(Situation.builder().needs(Set.of(Need.CITATIONS)).budget(BigDecimal.ONE))
                        .recommendation())
                .isEqualTo(Arm.RAG);
    }

    @Test
    void whereEveryArmThatMayBeUsedIsHeldBackTheOneWithTheFewestReasonsAgainstItStands() {
        Advice advice = advise(Situation.builder()
                .documents(5_000)
                .needs(Set.of(Need.TERMS, Need.CITATIONS))
                .budget(BigDecimal.ONE)
                .deadlineDays(7));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
    }

    @Test
    void contentThatMustStayOutOfWeightsIsNotTrainedOnButOtherExamplesMayBe() {
        Situation.Builder secret = Situation.builder().examples(5_000).needs(Set.of(Need.PRIVACY, Need.TONE));
        assertThat(advise(secret).recommendation()).isEqualTo(Arm.RAG);
        assertThat(advise(secret.publicExamples(true)).recommendation()).isEqualTo(Arm.HYBRID);
    }

    @Test
    void aClosedModelHasNoTunedArm() {
        Situation.Builder labels = Situation.builder().task(Task.EXTRACT).examples(5_000);
        Advice advice = advise(labels.closedModel(true));
        assertThat(advice.recommendation()).isEqualTo(Arm.BASELINE);
        assertThat(advice.wouldChange()).contains("On a base model that can be tuned: tuned");
    }

    @Test
    void offlineExcludesRetrievalOnlyWhereTheDeviceMayHoldNoIndex() {
        Situation.Builder offline = Situation.builder().documents(5_000).needs(Set.of(Need.LOCAL_ONLY));
        assertThat(advise(offline).recommendation()).isEqualTo(Arm.RAG);
        assertThat(advise(offline.noIndexOnDevice(true)).recommendation()).isEqualTo(Arm.TUNED);
        assertThatThrownBy(() -> advise(offline.needs(Set.of(Need.LOCAL_ONLY, Need.CITATIONS))))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("leave no arm")
                .hasMessageContaining("r2")
                .hasMessageContaining("x5");
    }

    @Test
    void bothTakeSomebodyToLookAfterThem() {
        Situation.Builder both = Situation.builder().documents(8_000).needs(Set.of(Need.TERMS));
        assertThat(advise(both.noMlTeam(true)).recommendation()).isEqualTo(Arm.RAG);
        assertThat(reason(advise(both), "r12").text()).contains("one command trains here");
    }

    @ParameterizedTest
    @CsvSource({"300, BASELINE, whole corpus into the prompt", "301, RAG, go over every document"})
    void questionsOverTheWholeBaseAreNotForPlainRetrieval(long documents, Arm arm, String text) {
        Advice advice =
                advise(Situation.builder().synthesis(true).documents(documents).needs(Set.of(Need.FACTUAL)));
        assertThat(advice.recommendation()).isEqualTo(arm);
        assertThat(reason(advice, "r21").text()).contains(text);
    }

    @Test
    void whatWouldChangeTheAdviceWasTriedOut() {
        Advice advice = advise(Situation.builder()
                .task(Task.ANSWER)
                .documents(10_000)
                .examples(800)
                .needs(Set.of(Need.TERMS, Need.CITATIONS)));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
        assertThat(advice.wouldChange()).contains("With 1,000 clean examples or more: hybrid");
    }

    @Test
    void ofExamplesThatNobodyCountedThereIsNoFewer() {
        Situation.Builder unknown = Situation.builder().task(Task.CLASSIFY).volume(3_000);
        assertThat(advise(unknown).wouldChange()).noneMatch(line -> line.startsWith("With fewer than"));
    }

    @Test
    void everyCountOfExamplesThatWouldChangeItDoes() {
        for (Task task : Task.values()) {
            for (Set<Need> needs : List.of(Set.<Need>of(), Set.of(Need.TONE), Set.of(Need.REASONING))) {
                for (OptionalLong examples : List.of(
                        OptionalLong.empty(), OptionalLong.of(0), OptionalLong.of(700), OptionalLong.of(9_000))) {
                    Situation.Builder given =
                            Situation.builder().task(task).needs(needs).examples(examples);
                    for (String line : advise(given).wouldChange()) {
                        counts(line)
                                .forEach(count -> assertThat(advise(given.examples(count))
                                                .recommendation()
                                                .toString())
                                        .as("%s %s: %s, tried with %d", task, needs, line, count)
                                        .isEqualTo(line.substring(line.indexOf(": ") + 2)));
                        given.examples(examples);
                    }
                }
            }
        }
    }

    /** Counts that a line speaks of. */
    private static LongStream counts(String line) {
        Matcher words = Pattern.compile("With (fewer than )?([0-9,]+)(?: to ([0-9,]+))? clean examples( or more)?: .*")
                .matcher(line);
        if (!words.matches()) {
            return LongStream.empty();
        }
        long from = Long.parseLong(words.group(2).replace(",", ""));
        long low = words.group(1) == null ? from : 0;
        long high = words.group(1) != null
                ? from - 1
                : words.group(3) != null ? Long.parseLong(words.group(3).replace(",", "")) : 1_000_000;
        return LongStream.of(0, 1, 99, 100, 499, 500, 999, 1_000, 1_999, 2_000, 4_999, 5_000, 1_000_000)
                .filter(count -> low <= count && count <= high);
    }

    private static Advice advise(Situation.Builder situation) {
        return Adviser.advise(situation.build(), Optional.empty(), Prices.published());
    }

    private static boolean has(Advice advice, String rule) {
        return advice.reasons().stream().anyMatch(reason -> reason.name().equals(rule));
    }
}
