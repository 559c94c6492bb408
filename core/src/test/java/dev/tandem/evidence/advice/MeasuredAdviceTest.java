package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.AdviserScenariosTest.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was measured on the user's cases overrides every prior, and never a hard constraint. */
class MeasuredAdviceTest {

    private static final String BASELINE = arm("baseline", 0.80, 40, "0.002");
    private static final String RAG = arm("rag", 0.84, 90, "0.004");
    private static final String TUNED = arm("tuned", 0.93, 10, "0.0001");

    @Test
    void aMeasurementOverridesThePriors() {
        Situation.Builder documents = Situation.builder().task(Task.CLASSIFY).documents(50_000);
        assertThat(advise(documents, null).recommendation()).isEqualTo(Arm.RAG);
        Advice advice = advise(
                documents,
                run(
                        BASELINE + "," + RAG + "," + TUNED,
                        pair("tuned", "rag", 0.09, true),
                        pair("tuned", "baseline", 0.13, true)));
        assertThat(advice.recommendation()).isEqualTo(Arm.TUNED);
        assertThat(advice.basis()).isEqualTo(Advice.Basis.MEASURED);
        assertThat(reason(advice, "overridden").text()).contains("r8", "rag", "overrides");
        assertThat(advice.reasons()).noneMatch(reason -> reason.kind() == Reason.Kind.PRIOR);
        assertThat(reason(advice, "accuracy").source()).isEqualTo("run r-1");
    }

    @Test
    void theTaskIsThatOfTheRunAndNoOther() {
        String run = run(RAG + "," + TUNED, pair("tuned", "rag", 0.09, true));
        assertThatThrownBy(() -> advise(Situation.builder().task(Task.ANSWER), run))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("The run r-1 measured the task classify")
                .hasMessageContaining("the task answer")
                .satisfies(thrown -> {
                    assertThat(((Failure) thrown).kind()).isEqualTo(Failure.Kind.INVALID);
                    assertThat(((Failure) thrown).nextStep()).contains("--task");
                });
        String shortOfIt = run(BASELINE + "," + RAG, pair("rag", "baseline", 0.04, true));
        assertThat(advise(Situation.builder().bar(0.9), shortOfIt))
                .isEqualTo(advise(Situation.builder().bar(0.9).task(Task.CLASSIFY), shortOfIt));
        assertThat(advise(Situation.builder().task(Task.ANSWER), run.replace("\"task\":\"classify\",", ""))
                        .recommendation())
                .as("a report that names no task")
                .isEqualTo(Arm.TUNED);
    }

    @Test
    void aBudgetIsTheUsersOwnLimitAndNoPrior() {
        String run = run(
                BASELINE + "," + RAG + "," + TUNED,
                pair("tuned", "rag", 0.09, true),
                pair("tuned", "baseline", 0.13, true),
                pair("rag", "baseline", 0.04, true));
        Advice enough = advise(Situation.builder().budget(new BigDecimal("500")), run);
        assertThat(enough.recommendation()).isEqualTo(Arm.TUNED);
        Advice tight = advise(Situation.builder().budget(new BigDecimal("499")), run);
        assertThat(tight.recommendation()).isEqualTo(Arm.RAG);
        assertThat(tight.basis()).isEqualTo(Advice.Basis.MIXED);
        assertThat(reason(tight, "r11").kind()).isEqualTo(Reason.Kind.LIMIT);
        assertThat(reason(tight, "budget").text())
                .isEqualTo("tuned is out: its set-up costs $500–10,000+ (published), and the budget is $499.");
        assertThat(tight.wouldChange()).contains("Without the limit on the budget: tuned");
        assertThat(tight.reasons())
                .filteredOn(reason -> reason.name().equals("overridden"))
                .noneMatch(reason -> reason.text().contains("r11"));

        Advice none = advise(
                Situation.builder().needs(Set.of(Need.CITATIONS)).budget(BigDecimal.ONE),
                run(RAG + "," + TUNED, pair("tuned", "rag", 0.09, true)));
        assertThat(none.recommendation()).isEqualTo(Arm.RAG);
        assertThat(reason(none, "budget").text()).contains("Every measured arm that may be used costs more");
    }

    @Test
    void whereNothingWasPaidToRunPublishedCostsTellWhenTuningPays() {
        Advice advice = advise(
                Situation.builder().volume(100_000),
                run(
                        arm("rag", 0.84, 90, "0.0") + "," + arm("tuned", 0.93, 9, "0.0"),
                        pair("tuned", "rag", 0.09, true)));
        assertThat(advice.cost().paidNothing()).isTrue();
        assertThat(advice.cost()
                        .paybacks()
                        .getFirst()
                        .best()
                        .queries()
                        .orElseThrow()
                        .words())
                .isEqualTo("50,000");
        assertThat(advice.cost().assumptions()).anyMatch(line -> line.contains("nothing was paid to a language model"));
        assertThat(advice.reasons()).anyMatch(reason -> reason.text().endsWith("p95 9 ms, $0 a case."));
        assertThat(advice.chart()).contains("<circle", "Break-even at best after 0.5 months", "Measured: $0 a query");
        assertThat(advice.toJson()).contains("\"measured_usd_a_query\":0");

        Advice alike = advise(
                Situation.builder(),
                run(
                        arm("rag", 0.86, 90, "0.0") + "," + arm("tuned", 0.85, 9, "0.0"),
                        pair("rag", "tuned", 0.01, false)));
        assertThat(alike.recommendation()).as("no query costs anything").isEqualTo(Arm.RAG);
        assertThat(alike.basis()).isEqualTo(Advice.Basis.MEASURED);
    }

    @Test
    void theChartSaysNeverWhereNothingPays() {
        String chart = advise(
                        Situation.builder().volume(100_000),
                        run(
                                arm("rag", 0.84, 90, "0.001") + "," + arm("tuned", 0.93, 9, "0.002"),
                                pair("tuned", "rag", 0.09, true)))
                .chart();
        assertThat(chart).doesNotContain("<circle").contains("Break-even: never", ">$0</text>");
    }

    @Test
    void aHardConstraintStays() {
        Advice advice = advise(
                Situation.builder().needs(Set.of(Need.CITATIONS)),
                run(RAG + "," + TUNED, pair("tuned", "rag", 0.09, true)));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
        assertThat(advice.basis()).isEqualTo(Advice.Basis.MIXED);
        assertThat(reason(advice, "r2").kind()).isEqualTo(Reason.Kind.HARD);
        assertThat(advice.wouldChange()).contains("Without the need for citations: tuned");
    }

    @Test
    void onlyBarredArmsWereMeasuredSoThePriorsDecide() {
        Advice advice = advise(
                Situation.builder().needs(Set.of(Need.CITATIONS)),
                run(BASELINE + "," + TUNED, pair("tuned", "baseline", 0.1, true)));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
        assertThat(advice.basis()).isEqualTo(Advice.Basis.MIXED);
        assertThat(advice.notMeasured()).anyMatch(line -> line.startsWith("rag: not part of the run"));
    }

    @Test
    void theCheapestOfThoseThatAreNotSignificantlyWorseWins() {
        String tuned = arm("tuned", 0.85, 10, "0.0001");
        String rag = arm("rag", 0.86, 90, "0.02");
        Advice cheap = advise(
                Situation.builder().volume(1_000_000), run(rag + "," + tuned, pair("rag", "tuned", 0.01, false)));
        assertThat(cheap.recommendation()).isEqualTo(Arm.TUNED);
        assertThat(cheap.basis()).as("published prices have a part").isEqualTo(Advice.Basis.MIXED);
        assertThat(reason(cheap, "cost").text()).contains("cheapest", "over 12 months at 1,000,000");

        Advice worse =
                advise(Situation.builder().volume(1_000_000), run(rag + "," + tuned, pair("rag", "tuned", 0.01, true)));
        assertThat(worse.recommendation()).isEqualTo(Arm.RAG);
        assertThat(worse.basis()).isEqualTo(Advice.Basis.MEASURED);

        Advice few =
                advise(Situation.builder().volume(1_000), run(rag + "," + tuned, pair("rag", "tuned", 0.01, false)));
        assertThat(few.recommendation())
                .as("too few queries to earn its set-up")
                .isEqualTo(Arm.RAG);
    }

    @Test
    void withoutAVolumeTheMeasuredCostOfAQueryDecides() {
        Advice advice = advise(
                Situation.builder(),
                run(
                        arm("rag", 0.86, 90, "0.02") + "," + arm("tuned", 0.85, 10, "0.0001"),
                        pair("rag", "tuned", 0.01, false)));
        assertThat(advice.recommendation()).isEqualTo(Arm.TUNED);
        assertThat(advice.basis()).isEqualTo(Advice.Basis.MEASURED);
    }

    @Test
    void amongEqualsTheSimplestWins() {
        Advice advice = advise(
                Situation.builder(),
                run(
                        arm("hybrid", 0.86, 90, "0.0") + "," + arm("baseline", 0.85, 10, "0.0"),
                        pair("hybrid", "baseline", 0.01, false)));
        assertThat(advice.recommendation()).isEqualTo(Arm.BASELINE);
        assertThat(reason(advice, "cost").text()).contains("simplest");
    }

    @Test
    void anArmThatWasNotComparedIsNotTakenForBeingCheaper() {
        Advice advice =
                advise(Situation.builder(), run(arm("rag", 0.86, 90, "0.02") + "," + arm("baseline", 0.85, 10, "0.0")));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
        assertThat(advice.wouldChange()).anyMatch(line -> line.contains("did not compare"));
    }

    @Test
    void whatDoesNotReachTheBarIsOut() {
        String run = run(
                BASELINE + "," + RAG + "," + TUNED,
                pair("tuned", "rag", 0.09, false),
                pair("tuned", "baseline", 0.13, false));
        assertThat(advise(Situation.builder(), run).recommendation())
                .as("nothing is significant, tuned is cheapest")
                .isEqualTo(Arm.TUNED);
        Advice advice = advise(Situation.builder().bar(0.84), run);
        assertThat(advice.reasons())
                .anyMatch(reason -> reason.text().equals("baseline falls short of the bar of 84 %."));
        assertThat(advise(Situation.builder().bar(0.95), run).recommendation()).isEqualTo(Arm.TUNED);
    }

    @Test
    void thePromptThatReachesTheBarAndIsNotWorseIsEnough() {
        Advice advice = advise(
                Situation.builder().bar(0.79).documents(50_000),
                run(BASELINE + "," + arm("rag", 0.81, 90, "0.004"), pair("rag", "baseline", 0.01, false)));
        assertThat(advice.recommendation()).isEqualTo(Arm.BASELINE);
    }

    @Test
    void promptAndRetrievalBothShortOfTheBarLeadToTuning() {
        String run = run(BASELINE + "," + RAG, pair("rag", "baseline", 0.04, true));
        Advice plain = advise(Situation.builder().bar(0.9), run);
        assertThat(plain.recommendation()).isEqualTo(Arm.TUNED);
        assertThat(plain.basis()).isEqualTo(Advice.Basis.MIXED);
        assertThat(reason(plain, "r17").source()).startsWith("S4:149");
        assertThat(advise(Situation.builder().bar(0.9).documents(50_000), run).recommendation())
                .isEqualTo(Arm.HYBRID);
        assertThat(advise(Situation.builder().bar(0.84), run).recommendation()).isEqualTo(Arm.RAG);
        assertThat(advise(Situation.builder().bar(0.9).examples(0), run).recommendation())
                .as("nothing to tune with")
                .isEqualTo(Arm.RAG);
        for (String one : new String[] {BASELINE, RAG}) {
            assertThat(advise(Situation.builder().bar(0.95), run(one + "," + TUNED))
                            .reasons())
                    .as("both have to be measured")
                    .noneMatch(reason -> reason.name().equals("r17"));
        }
    }

    @Test
    void aMeasuredLatencyReplacesThePublishedOne() {
        String run = run(arm("rag", 0.95, 90, "0.004") + "," + TUNED, pair("rag", "tuned", 0.02, true));
        Advice fits = advise(Situation.builder().latencyMs(90), run);
        assertThat(reason(fits, "r15").text()).contains("within 90 ms", "replaces the published prior");
        assertThat(fits.recommendation()).isEqualTo(Arm.RAG);
        assertThat(advise(Situation.builder().latencyMs(89), run).recommendation())
                .isEqualTo(Arm.TUNED);
        Advice slow = advise(Situation.builder().latencyMs(89).needs(Set.of(Need.CITATIONS)), run);
        assertThat(slow.recommendation()).isEqualTo(Arm.RAG);
        assertThat(slow.reasons())
                .anyMatch(reason -> reason.text().contains("No arm that may be used answers within 89 ms"));
    }

    @Test
    void differencesAreSaidAsTheComparisonSaysThem() {
        String arms = arm("tuned", 0.4865, 9, "0.0") + "," + arm("hybrid", 0.4865, 9, "0.0");
        String none = pair("hybrid", "tuned", 0.0, false)
                .replaceFirst("\"low\":[^,]*,\"high\":[^}]*", "\"low\":-0.02,\"high\":0.02");
        Advice computed = advise(Situation.builder(), run(arms, none));
        assertThat(reason(computed, "difference").text())
                .isEqualTo("hybrid and tuned: not significant, 0.0 points (-2.0 to 2.0); Holm-adjusted p 0.010.");
        Advice quoted = advise(
                Situation.builder(), run(arms, none.replace("\"p_holm\"", "\"words\":\"what it said\",\"p_holm\"")));
        assertThat(reason(quoted, "difference").text()).startsWith("what it said; ");
    }

    @Test
    void anAccuracyIsShownAsTheComparisonShowsIt() {
        // 72 of 148 are 48.648…%: 48.6 there, .4865 in the report.
        String run = run(arm("tuned", 0.4865, 9, "0.0") + "," + BASELINE).replace("3080", "148");
        assertThat(advise(Situation.builder(), run).reasons())
                .anyMatch(reason -> reason.text().startsWith("tuned: 48.6 % ("));
    }

    @Test
    void aLeakedRunSaysSo() {
        String run = run(RAG + "," + TUNED, pair("tuned", "rag", 0.09, true)).replace("\"cases\":0", "\"cases\":12");
        Advice advice = advise(Situation.builder(), run);
        assertThat(reason(advice, "leakage").text()).contains("12 held-out cases", "look better than they are");
        assertThat(advise(Situation.builder(), run(RAG)).reasons())
                .noneMatch(reason -> reason.name().equals("leakage"));
    }

    @Test
    void oneArmAloneDecidesNothingWithoutABar() {
        Advice advice = advise(Situation.builder().documents(50_000), run(BASELINE));
        assertThat(advice.recommendation()).isEqualTo(Arm.RAG);
        assertThat(advice.basis()).isEqualTo(Advice.Basis.MIXED);
        assertThat(advise(Situation.builder().documents(50_000).bar(0.8), run(BASELINE))
                        .recommendation())
                .isEqualTo(Arm.BASELINE);
    }

    @Test
    void aPairIsReadWhicheverWayItWasWritten() {
        Measurements run = read(run(RAG + "," + TUNED, pair("rag", "tuned", -0.09, true)));
        assertThat(run.pairs())
                .containsExactly(new Measurements.Pair(
                        Arm.TUNED,
                        Arm.RAG,
                        0.09,
                        0.08,
                        0.10,
                        0.01,
                        true,
                        "tuned is better than rag by 9.0 points (8.0 to 10.0)"));
    }

    @Test
    void aRunThatDecidesNothingIsRefusedWithTheReason() {
        String good = run(RAG + "," + TUNED, pair("tuned", "rag", 0.09, true));
        refused(good.replace("{\"run\"", "{\"status\":\"running\",\"run\""), "not finished (running)");
        refused(good.replace("{\"run\"", "{\"finished\":false,\"run\""), "not finished");
        refused(
                run(
                        "{\"arm\":\"tuned\",\"status\":\"not run\",\"reason\":\"No adapter is there.\",\"command\":\"tandem train\"}"),
                "measured no arm: tuned was not run, No adapter is there.");
        refused(good.replace("\"arm\":\"tuned\"", "\"arm\":\"tund\""), "unknown arm 'tund'");
        refused(
                good.replace("\"metric\":\"accuracy\",\"cases\"", "\"metric\":\"f1\",\"cases\""),
                "has no f1 of the arm");
        refused("{\"run\":\"r-1\",\"metric\":\"accuracy\",\"pairs\":[]}", "no list \"arms\"");
        refused("{}", "has no \"run\"");
        refused(good.replace("\"p50\"", "\"p51\""), "no number \"p50\"");
    }

    @Test
    void anArmThatWasNotRunIsNamedWithItsReasonAndCommand() {
        Advice advice = advise(
                Situation.builder(),
                run(
                        RAG + "," + BASELINE
                                + ",{\"arm\":\"hybrid\",\"status\":\"not run\",\"reason\":\"No adapter.\",\"command\":\"tandem train x\"}"));
        assertThat(advice.notMeasured()).contains("hybrid: No adapter; tandem train x");
    }

    private static void refused(String json, String why) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(why)
                .satisfies(thrown -> assertThat(((Failure) thrown).nextStep()).isNotBlank());
    }

    private static Advice advise(Situation.Builder situation, @Nullable String run) {
        return Adviser.advise(
                situation.build(), Optional.ofNullable(run).map(MeasuredAdviceTest::read), Prices.published());
    }

    private static Measurements read(String json) {
        try {
            return Measurements.read(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    static String run(String arms, String... pairs) {
        return "{\"run\":\"r-1\",\"task\":\"classify\",\"metric\":\"accuracy\",\"cases\":3080,"
                + "\"leakage\":{\"cases\":0,\"allowed\":false},\"arms\":[" + arms + "],\"pairs\":["
                + String.join(",", pairs) + "]}";
    }

    static String arm(String arm, double value, int p95, String cost) {
        return "{\"arm\":\"%s\",\"status\":\"measured\",\"figures\":{\"accuracy\":{\"value\":%s,\"low\":%s,\"high\":%s}},\"latency_ms\":{\"p50\":%d,\"p95\":%d},\"cost_per_case_usd\":%s}"
                .formatted(arm, value, value - 0.01, value + 0.01, p95 / 2, p95, cost);
    }

    static String pair(String left, String right, double difference, boolean significant) {
        return "{\"left\":\"%s\",\"right\":\"%s\",\"metric\":\"accuracy\",\"difference\":{\"value\":%s,\"low\":%.2f,\"high\":%.2f},\"p_holm\":0.01,\"significant\":%s}"
                .formatted(left, right, difference, difference - 0.01, difference + 0.01, significant);
    }
}
