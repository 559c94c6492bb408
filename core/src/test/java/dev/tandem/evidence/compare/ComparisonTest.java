package dev.tandem.evidence.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Setup SETUP = Setup.of(SimulatedComparison.ANA, "default");

    @TempDir
    private Path folder;

    /** Stands for the end of the process: nothing that could still be done is done. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void killedAnywhereAndStartedAgainItGivesTheSameReportTimesApart() throws Exception {
        Suite suite = SimulatedComparison.labels(7, 40);
        String whole = withoutTimes(run(suite, Journal.inMemory(), SimulatedComparison.contenders(suite)));
        long seed = System.nanoTime();
        System.out.println("killed at points drawn with seed " + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 4; round++) {
            Journal journal = Journal.in(Home.at(folder.resolve("home" + round)), SimulatedComparison.ANA);
            var asked = new AtomicInteger();
            int kills = 0;
            ComparisonReport report = null;
            while (report == null) {
                int killedAt = asked.get() + 10 + random.nextInt(400);
                try {
                    report = run(suite, journal, dyingAt(killedAt, asked, suite));
                } catch (Killed e) {
                    kills++;
                }
            }
            assertThat(withoutTimes(report))
                    .as("after %d kills, seed %d", kills, seed)
                    .isEqualTo(whole);
            assertThat(asked.get())
                    .as("what was journaled is not asked again")
                    .isLessThan(3 * suite.cases().size() + kills * (64 + 10) + 60);
        }
    }

    private static List<Contender> dyingAt(int killedAt, AtomicInteger asked, Suite suite) {
        var all = new ArrayList<Contender>();
        for (Contender each : SimulatedComparison.contenders(suite)) {
            all.add(
                    each instanceof Contender.Runs runs
                            ? new Contender.Runs(
                                    runs.arm(),
                                    query -> {
                                        if (asked.incrementAndGet() == killedAt) {
                                            throw new Killed();
                                        }
                                        return runs.answerer().answer(query);
                                    },
                                    runs.cost(),
                                    runs.made())
                            : each);
        }
        return all;
    }

    /** The same with a process of its own, ended by the operating system without a word. */
    @Test
    void aProcessThatIsKilledLosesAtMostWhatWasNotJournaled() throws Exception {
        Suite suite = SimulatedComparison.labels(5, 60);
        String whole = withoutTimes(run(suite, Journal.inMemory(), SimulatedComparison.contenders(suite)));
        Path home = folder.resolve("killed");
        var random = new SplittableRandom(System.nanoTime());
        for (int kill = 0; kill < 2; kill++) {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SlowComparison.class.getName(),
                            home.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var said = process.inputReader()) {
                assertThat(said.readLine()).isEqualTo("asked 100");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
                process.destroyForcibly().waitFor();
            }
        }
        var asked = new AtomicInteger();
        ComparisonReport report = run(
                suite, Journal.in(Home.at(home), SimulatedComparison.ANA), dyingAt(Integer.MAX_VALUE, asked, suite));
        assertThat(withoutTimes(report)).isEqualTo(whole);
        assertThat(asked.get()).isLessThan(3 * suite.cases().size());
    }

    /** Takes its time, so that it can be killed in between. */
    static final class SlowComparison {
        public static void main(String[] args) {
            Suite suite = SimulatedComparison.labels(5, 60);
            var asked = new AtomicInteger();
            var slow = new ArrayList<Contender>();
            for (Contender each : SimulatedComparison.contenders(suite)) {
                slow.add(
                        each instanceof Contender.Runs runs
                                ? new Contender.Runs(
                                        runs.arm(),
                                        query -> {
                                            if (asked.incrementAndGet() == 100) {
                                                System.out.println("asked 100");
                                            }
                                            try {
                                                TimeUnit.MILLISECONDS.sleep(3);
                                            } catch (InterruptedException e) {
                                                throw new IllegalStateException(e);
                                            }
                                            return runs.answerer().answer(query);
                                        },
                                        runs.cost(),
                                        runs.made())
                                : each);
            }
            run(suite, Journal.in(Home.at(Path.of(args[0])), SimulatedComparison.ANA), slow);
        }
    }

    @Test
    void aFinishedComparisonAsksNothingAndReportsTheSameTimesIncluded() throws Exception {
        Suite suite = SimulatedComparison.labels(3, 20);
        Journal journal = Journal.in(Home.at(folder), SimulatedComparison.ANA);
        ComparisonReport first = run(suite, journal, SimulatedComparison.contenders(suite));
        ComparisonReport second = run(suite, journal, dyingAt(1, new AtomicInteger(), suite));
        ObjectNode a = (ObjectNode) JSON.readTree(first.toJson());
        ObjectNode b = (ObjectNode) JSON.readTree(second.toJson());
        assertThat(a.without("seconds").toString())
                .isEqualTo(b.without("seconds").toString());
    }

    @Test
    void armsWhoseNamesAreSwappedGetEachOthersFigures() throws Exception {
        Suite suite = SimulatedComparison.labels(5, 40);
        Answerer good = SimulatedComparison.labeller(suite, "one", 0.9);
        Answerer poor = SimulatedComparison.labeller(suite, "two", 0.7);
        String there = withoutTimes(run(suite, Journal.inMemory(), two("tuned", good, "rag", poor)));
        String back = withoutTimes(run(suite, Journal.inMemory(), two("rag", good, "tuned", poor)));
        assertThat(there).isNotEqualTo(back);
        assertThat(swapped(there)).isEqualTo(back);
    }

    private static String swapped(String json) {
        return json.replace("rag", "\0").replace("tuned", "rag").replace("\0", "tuned");
    }

    private static List<Contender> two(String first, Answerer a, String second, Answerer b) {
        return List.of(Contender.Runs.free(first, a, Map.of()), Contender.Runs.free(second, b, Map.of()));
    }

    @Test
    void theReportHoldsWhatAnAdviserReads() throws Exception {
        Suite suite = SimulatedComparison.labels(7, 40);
        JsonNode json = JSON.readTree(run(suite, Journal.inMemory(), SimulatedComparison.contenders(suite))
                .toJson());
        assertThat(names(json))
                .containsExactly(
                        "run", "task", "metric", "suite", "train", "cases", "leakage", "arms", "pairs", "classes",
                        "tags", "seconds");
        assertThat(json.at("/run").asText()).matches("[0-9a-f]{12}");
        assertThat(json.at("/task").asText()).isEqualTo("classify");
        assertThat(json.at("/metric").asText()).isEqualTo("accuracy");
        assertThat(json.at("/cases").asInt()).isEqualTo(280);
        assertThat(json.at("/train").isNull()).isTrue();
        assertThat(names(json.at("/arms/0")))
                .containsExactly(
                        "arm",
                        "status",
                        "figures",
                        "calibration_error",
                        "latency_ms",
                        "cost_per_case_usd",
                        "abstained");
        assertThat(names(json.at("/arms/0/figures"))).containsExactly("accuracy", "macro_f1");
        assertThat(names(json.at("/arms/0/figures/accuracy"))).containsExactly("value", "low", "high");
        assertThat(json.at("/arms/3").toString())
                .isEqualTo("{\"arm\":\"hybrid\",\"status\":\"not run\","
                        + "\"reason\":\"no head was trained on retrieved neighbours\","
                        + "\"command\":\"tandem train --hybrid tickets\"}");
        assertThat(json.at("/pairs")).hasSize(3);
        assertThat(names(json.at("/pairs/0")))
                .containsExactly("left", "right", "metric", "difference", "p", "p_holm", "significant", "words");
        assertThat(json.at("/pairs/1/words").asText()).startsWith("tuned is better than baseline by ");
        assertThat(json.at("/classes")).hasSize(7);
        assertThat(names(json.at("/classes/0"))).containsExactly("class", "n", "accuracy");
        assertThat(names(json.at("/classes/0/accuracy"))).containsExactly("baseline", "rag", "tuned");
        assertThat(json.at("/tags")).hasSize(3);
    }

    @Test
    void answersAreMeasuredByOverlapAndAbstainingIsRightWhereNothingAnswers() throws Exception {
        var suite = Suite.of(
                "made",
                Task.ANSWER,
                List.of(
                        new Case("1", "when?", List.of("in 1969", "July 1969"), List.of()),
                        new Case("2", "why?", List.of(), List.of())));
        Answerer abstaining = query -> new Answer.Abstained("nothing", 0, List.of());
        Answerer labelled = query -> new Answer.Labelled("1969", 0.9, List.of(), List.of(), "x");
        ComparisonReport report = run(suite, Journal.inMemory(), two("rag", abstaining, "tuned", labelled));
        var rag = report.measured().getFirst();
        assertThat(rag.figures().get("exact_match").value()).isEqualTo(0.5);
        assertThat(rag.figures().get("token_f1").value()).isEqualTo(0.5);
        assertThat(rag.abstained()).isEqualTo(2);
        assertThat(report.measured().get(1).figures().get("token_f1").value()).isEqualTo(1.0 / 3);
        assertThat(report.pairs().getFirst().significant()).isFalse();
    }

    @Test
    void warmUpIsAskedAndNotCountedAndCostsAreMeansOfTheCases() throws Exception {
        Suite suite = SimulatedComparison.labels(2, 10);
        Answerer right = SimulatedComparison.labeller(suite, "one", 1);
        var asked = new AtomicInteger();
        // The first ten calls are slow: were they counted, p95 of twenty cases would show it.
        Answerer cold = query -> {
            if (asked.incrementAndGet() <= 10) {
                try {
                    TimeUnit.MILLISECONDS.sleep(30);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return right.answer(query);
        };
        var arm = new Contender.Runs("rag", cold, (each, answer) -> each.id().equals("c0") ? 1 : 0, new TreeMap<>());
        ComparisonReport report = run(suite, Journal.inMemory(), List.of(arm));
        assertThat(asked.get()).isEqualTo(30);
        assertThat(report.measured().getFirst().latency().p95()).isLessThan(20);
        assertThat(report.measured().getFirst().costUsd()).isEqualTo(0.05);
    }

    @Test
    void anArmThatFailsEndsTheComparisonAndWhatWasMeasuredStays() throws Exception {
        Suite suite = SimulatedComparison.labels(2, 20);
        Answerer right = SimulatedComparison.labeller(suite, "one", 1);
        var asked = new AtomicInteger();
        Answerer failing = query -> {
            if (asked.incrementAndGet() == 40) {
                throw new Failure(Failure.Kind.UPSTREAM, "The model is away.", "Start it.");
            }
            return right.answer(query);
        };
        Journal journal = Journal.in(Home.at(folder), SimulatedComparison.ANA);
        var arm = List.<Contender>of(Contender.Runs.free("rag", failing, Map.of()));
        assertThatThrownBy(() -> run(suite, journal, arm)).hasMessage("The model is away.");
        run(suite, journal, arm);
        assertThat(asked.get())
                .as("29 measured, one failed, 10 + 10 to warm up, 11 left")
                .isEqualTo(40 + 10 + 11);
    }

    @Test
    void whatAnswersDependOnMakesTheIdentity() {
        Suite suite = SimulatedComparison.labels(2, 10);
        Answerer any = SimulatedComparison.labeller(suite, "one", 1);
        String id = of(suite, List.of(Contender.Runs.free("rag", any, Map.of("model", "a"))))
                .id();
        assertThat(of(suite, List.of(Contender.Runs.free("rag", any, Map.of("model", "a"))))
                        .id())
                .isEqualTo(id);
        assertThat(of(suite, List.of(Contender.Runs.free("rag", any, Map.of("model", "b"))))
                        .id())
                .isNotEqualTo(id);
        assertThat(of(suite, List.of(Contender.Runs.free("tuned", any, Map.of("model", "a"))))
                        .id())
                .isNotEqualTo(id);
        assertThat(of(SimulatedComparison.labels(2, 11), List.of(Contender.Runs.free("rag", any, Map.of("model", "a"))))
                        .id())
                .isNotEqualTo(id);
        // An arm that cannot run changes no outcome.
        assertThat(of(
                                suite,
                                List.of(
                                        Contender.Runs.free("rag", any, Map.of("model", "a")),
                                        new Contender.NotRun("tuned", "none", "x")))
                        .id())
                .isEqualTo(id);
        assertThatThrownBy(() -> of(suite, two("rag", any, "rag", any))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void casesThatWereTrainedOnAreRefusedUnlessAllowedAndThenSaid() throws Exception {
        Suite suite = SimulatedComparison.labels(2, 10);
        String seen =
                "  " + suite.cases().get(3).input().toUpperCase(Locale.ROOT).replace(" ", "  ");
        Leakage found = Leakage.of(suite, List.of(seen, "something else"), false);
        assertThat(found.ids()).containsExactly("c3");
        var train = new Setup.Train("tickets", "ab");
        List<Contender> arms = SimulatedComparison.contenders(suite);
        Setup strict = SETUP.trainedOn(train, found, Set.of());
        assertThatThrownBy(
                        () -> new Comparison(strict, suite, arms, Journal.inMemory(), SimulatedComparison.everything())
                                .run(progress -> {}))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("1 of 20 cases of the suite simulated stand among the training examples");
        Setup allowed = SETUP.trainedOn(train, Leakage.of(suite, List.of(seen), true), Set.of());
        ComparisonReport report = new Comparison(
                        allowed, suite, arms, Journal.inMemory(), SimulatedComparison.everything())
                .run(progress -> {});
        assertThat(report.toJson())
                .contains("\"leakage\":{\"cases\":1,\"allowed\":true,\"ids\":[\"c3\"]}")
                .contains("\"train\":{\"name\":\"tickets\",\"hash\":\"ab\"}");
    }

    @Test
    void whatTheAskerMayNoLongerReadIsWithheldAndItsFiguresStay() {
        Suite suite = SimulatedComparison.questions(30);
        Journal journal = Journal.inMemory();
        List<Contender> arms = SimulatedComparison.contenders(suite);
        ComparisonReport before = run(suite, journal, arms);
        ComparisonReport after = new Comparison(SETUP, suite, arms, journal, SimulatedComparison.without(Set.of("dq1")))
                .run(progress -> {});
        Outcome shown = before.measured().getFirst().outcomes().get(1);
        Outcome hidden = after.measured().getFirst().outcomes().get(1);
        assertThat(shown.evidence()).isNotEmpty();
        assertThat(hidden).isEqualTo(shown.withheld());
        assertThat(hidden.said() + hidden.evidence()).isEqualTo("[]");
        assertThat(after.measured().getFirst().outcomes().get(2))
                .isEqualTo(before.measured().getFirst().outcomes().get(2));
    }

    @Test
    void progressCountsEveryOutcomeAndEndsWhole() {
        Suite suite = SimulatedComparison.labels(2, 10);
        var seen = new ArrayList<Progress>();
        new Comparison(
                        SETUP,
                        suite,
                        SimulatedComparison.contenders(suite),
                        Journal.inMemory(),
                        SimulatedComparison.everything())
                .run(seen::add);
        assertThat(seen).hasSize(60);
        assertThat(seen.getLast().share()).isEqualTo(1);
        assertThat(seen.getLast().left()).isZero();
        assertThat(seen.getFirst().left()).isPositive();
        assertThat(seen.getFirst().arm()).isEqualTo("baseline");
    }

    private static ComparisonReport run(Suite suite, Journal journal, List<Contender> arms) {
        return new Comparison(SETUP, suite, arms, journal, SimulatedComparison.everything()).run(progress -> {});
    }

    private static Comparison of(Suite suite, List<Contender> arms) {
        return new Comparison(SETUP, suite, arms, Journal.inMemory(), SimulatedComparison.everything());
    }

    private static String withoutTimes(ComparisonReport report) throws Exception {
        ObjectNode json = (ObjectNode) JSON.readTree(report.toJson());
        json.remove("seconds");
        // The run's id names the arms with it: nothing that the evaluation could tell them by.
        json.remove("run");
        json.path("arms").forEach(arm -> ((ObjectNode) arm).remove("latency_ms"));
        return json.toString();
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
