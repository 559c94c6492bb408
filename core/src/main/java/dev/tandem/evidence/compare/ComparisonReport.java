package dev.tandem.evidence.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.evidence.Figures;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Classification;
import dev.tandem.measure.Interval;
import dev.tandem.measure.PairedComparison;
import dev.tandem.measure.Percentiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison found.
 *
 * @param run id of the comparison
 * @param arms in the order they were given
 * @param pairs every measured arm with every other, on {@link Task#metric}
 * @param classes for labels: by the right label, most cases first
 * @param tags by tag, by name; a case may have several
 * @param seconds that this run took, without what was measured before
 */
public record ComparisonReport(
        String run,
        Suite suite,
        Setup.@Nullable Train train,
        Leakage leakage,
        List<ArmReport> arms,
        List<PairedComparison> pairs,
        List<Group> classes,
        List<Group> tags,
        double seconds) {

    private static final int MILLIS_DIGITS = 2;
    private static final int COST_DIGITS = 8;
    private static final int P_DIGITS = 5;

    /** How an arm did. */
    public sealed interface ArmReport {
        String arm();
    }

    /**
     * An arm that was measured.
     *
     * @param figures by name, the first is the one arms are compared by: {@code accuracy} and {@code macro_f1}, or
     *     {@code token_f1} and {@code exact_match}
     * @param calibrationError of the probabilities of its labels; NaN where it gave none
     * @param latency in milliseconds
     * @param costUsd mean of a case
     * @param outcomes of every case, in the order of the suite
     */
    public record Measured(
            String arm,
            SequencedMap<String, Interval> figures,
            double calibrationError,
            Percentiles latency,
            double costUsd,
            int abstained,
            List<Outcome> outcomes)
            implements ArmReport {
        public Measured {
            figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
            outcomes = List.copyOf(outcomes);
        }
    }

    /** One that was not, why, and what to run so that it will be. */
    public record NotRun(String arm, String reason, String command) implements ArmReport {}

    /**
     * Cases that have something in common.
     *
     * @param scores mean of the metric per measured arm
     */
    public record Group(String name, int cases, SequencedMap<String, Double> scores) {
        public Group {
            scores = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(scores));
        }
    }

    public ComparisonReport {
        arms = List.copyOf(arms);
        pairs = List.copyOf(pairs);
        classes = List.copyOf(classes);
        tags = List.copyOf(tags);
    }

    static ComparisonReport of(
            String run,
            Suite suite,
            Setup setup,
            List<Contender> contenders,
            SequencedMap<String, List<Outcome>> outcomes,
            double seconds) {
        var arms = new ArrayList<ArmReport>();
        var scores = new LinkedHashMap<String, double[]>();
        for (Contender each : contenders) {
            switch (each) {
                case Contender.NotRun not -> arms.add(new NotRun(not.arm(), not.reason(), not.command()));
                case Contender.Runs runs -> {
                    List<Outcome> mine = outcomes.getOrDefault(runs.arm(), List.of());
                    arms.add(measured(runs.arm(), suite, mine));
                    scores.put(
                            runs.arm(),
                            mine.stream()
                                    .mapToDouble(outcome -> outcome.score(suite.task()))
                                    .toArray());
                }
            }
        }
        return new ComparisonReport(
                run,
                suite,
                setup.train(),
                setup.leakage(),
                arms,
                PairedComparison.all(scores, Bootstrap.SEED),
                suite.task() == Task.CLASSIFY ? groups(suite, Case::answers, scores, true) : List.of(),
                groups(suite, Case::tags, scores, false),
                seconds);
    }

    private static Measured measured(String arm, Suite suite, List<Outcome> outcomes) {
        var figures = new LinkedHashMap<String, Interval>();
        double[] exact = outcomes.stream().mapToDouble(Outcome::exact).toArray();
        double[] tokenF1 = outcomes.stream().mapToDouble(Outcome::tokenF1).toArray();
        switch (suite.task()) {
            case CLASSIFY -> {
                figures.put("accuracy", Bootstrap.mean(exact));
                figures.put("macro_f1", classification(suite, outcomes).macroF1(Bootstrap.SEED));
            }
            case ANSWER -> {
                figures.put("token_f1", Bootstrap.mean(tokenF1));
                figures.put("exact_match", Bootstrap.mean(exact));
            }
        }
        return new Measured(
                arm,
                figures,
                calibrationError(outcomes),
                Percentiles.of(outcomes.stream()
                        .mapToDouble(Outcome::millis)
                        .filter(millis -> !Double.isNaN(millis))
                        .toArray()),
                outcomes.stream().mapToDouble(Outcome::costUsd).average().orElse(0),
                (int) outcomes.stream().filter(Outcome::abstained).count(),
                outcomes);
    }

    /** Of what an arm made of a suite of labels. */
    static Classification classification(Suite suite, List<Outcome> outcomes) {
        return Classification.of(
                suite.cases().stream().map(each -> each.answers().getFirst()).toList(),
                outcomes.stream().map(Outcome::said).toList());
    }

    private static double calibrationError(List<Outcome> outcomes) {
        List<Outcome> labelled = outcomes.stream()
                .filter(each -> !Double.isNaN(each.probability()))
                .toList();
        if (labelled.isEmpty()) {
            return Double.NaN;
        }
        var right = new boolean[labelled.size()];
        IntStream.range(0, right.length).forEach(i -> right[i] = labelled.get(i).exact() == 1);
        return Classification.calibrationError(
                labelled.stream().mapToDouble(Outcome::probability).toArray(), right);
    }

    private static List<Group> groups(
            Suite suite,
            Function<Case, List<String>> names,
            SequencedMap<String, double[]> scores,
            boolean largestFirst) {
        var members = new TreeMap<String, List<Integer>>();
        for (int i = 0; i < suite.cases().size(); i++) {
            int ordinal = i;
            names.apply(suite.cases().get(i)).stream()
                    .distinct()
                    .forEach(name -> members.computeIfAbsent(name, any -> new ArrayList<>())
                            .add(ordinal));
        }
        var groups = new ArrayList<Group>();
        members.forEach((name, cases) -> {
            var means = new LinkedHashMap<String, Double>();
            scores.forEach((arm, all) -> means.put(
                    arm, cases.stream().mapToDouble(i -> all[i]).average().orElse(0)));
            groups.add(new Group(name, cases.size(), means));
        });
        if (largestFirst) {
            groups.sort(Comparator.comparingInt(Group::cases).reversed());
        }
        return groups;
    }

    /** Arms that were measured, in order. */
    public List<Measured> measured() {
        return arms.stream()
                .filter(each -> each instanceof Measured)
                .map(each -> (Measured) each)
                .toList();
    }

    /** Whether cases stand among the training examples, so that the figures say less than they seem to. */
    public boolean leaked() {
        return !leakage.ids().isEmpty();
    }

    /**
     * One line: {@code {"run","task","metric","suite":{"name","hash"},"train","cases","leakage":{"cases","allowed","ids"},
     * "arms":[…],"pairs":[…],"classes":[…],"tags":[…],"seconds"}}. Only {@code latency_ms} and {@code seconds} may differ
     * between two runs of the same comparison.
     */
    public String toJson() {
        ObjectNode json = Figures.object();
        json.put("run", run);
        json.put("task", suite.task().toString());
        json.put("metric", suite.task().metric());
        json.putObject("suite").put("name", suite.name()).put("hash", suite.hash());
        if (train == null) {
            json.putNull("train");
        } else {
            json.putObject("train").put("name", train.name()).put("hash", train.hash());
        }
        json.put("cases", suite.cases().size());
        ObjectNode leaks = json.putObject("leakage");
        leaks.put("cases", leakage.ids().size());
        leaks.put("allowed", leakage.allowed());
        ArrayNode ids = leaks.putArray("ids");
        leakage.ids().forEach(ids::add);
        ArrayNode each = json.putArray("arms");
        arms.forEach(arm -> each.add(json(arm)));
        ArrayNode paired = json.putArray("pairs");
        pairs.forEach(pair -> paired.add(json(pair)));
        ArrayNode perClass = json.putArray("classes");
        classes.forEach(group -> perClass.add(json("class", group)));
        ArrayNode perTag = json.putArray("tags");
        tags.forEach(group -> perTag.add(json("tag", group)));
        json.put("seconds", Figures.rounded(seconds, 2));
        return json.toString();
    }

    private static ObjectNode json(ArmReport arm) {
        ObjectNode json = Figures.object();
        json.put("arm", arm.arm());
        switch (arm) {
            case NotRun not -> {
                json.put("status", "not run");
                json.put("reason", not.reason());
                json.put("command", not.command());
            }
            case Measured measured -> {
                json.put("status", "measured");
                ObjectNode figures = json.putObject("figures");
                measured.figures().forEach((name, figure) -> figures.set(name, Figures.json(figure)));
                if (!Double.isNaN(measured.calibrationError())) {
                    json.put("calibration_error", Figures.share(measured.calibrationError()));
                }
                json.putObject("latency_ms")
                        .put("p50", Figures.rounded(measured.latency().p50(), MILLIS_DIGITS))
                        .put("p95", Figures.rounded(measured.latency().p95(), MILLIS_DIGITS));
                json.put("cost_per_case_usd", Figures.rounded(measured.costUsd(), COST_DIGITS));
                json.put("abstained", measured.abstained());
            }
        }
        return json;
    }

    private ObjectNode json(PairedComparison pair) {
        ObjectNode json = Figures.object();
        json.put("left", pair.left());
        json.put("right", pair.right());
        json.put("metric", suite.task().metric());
        json.set("difference", Figures.json(pair.difference()));
        json.put("p", Figures.rounded(pair.p(), P_DIGITS));
        json.put("p_holm", Figures.rounded(pair.pHolm(), P_DIGITS));
        json.put("significant", pair.significant());
        json.put("words", pair.words());
        return json;
    }

    private ObjectNode json(String kind, Group group) {
        ObjectNode json = Figures.object();
        json.put(kind, group.name());
        json.put("n", group.cases());
        ObjectNode scores = json.putObject(suite.task().metric());
        group.scores().forEach((arm, score) -> scores.put(arm, Figures.share(score)));
        return json;
    }
}
