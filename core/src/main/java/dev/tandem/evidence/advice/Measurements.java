package dev.tandem.evidence.advice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.measure.Interval;
import dev.tandem.measure.PairedComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of arms on the user's own held-out cases came to.
 *
 * @param run its id
 * @param metric by which the arms are compared; more is better
 * @param leakage whether held-out cases were met in training
 * @param arms those that were measured
 * @param pairs which arm is better than which by that metric, on the same cases
 * @param notRun those that were not measured, and why
 */
public record Measurements(
        String run,
        String task,
        String metric,
        int cases,
        Leakage leakage,
        List<ArmFigure> arms,
        List<Pair> pairs,
        List<NotRun> notRun) {

    /**
     * Held-out cases that were also met in training.
     *
     * @param allowed whether the run went on although it knew
     */
    public record Leakage(int cases, boolean allowed) {}

    /**
     * One arm's figure with its 95% interval.
     *
     * @param costPerCase USD, where the run knows it
     */
    public record ArmFigure(
            Arm arm, double value, double low, double high, double p50Ms, double p95Ms, OptionalDouble costPerCase) {}

    /**
     * One arm against another, case by case.
     *
     * @param difference never negative: better less than
     * @param pHolm adjusted for all pairs
     * @param words what may be said about it, as the comparison says it
     */
    public record Pair(
            Arm better,
            Arm than,
            double difference,
            double low,
            double high,
            double pHolm,
            boolean significant,
            String words) {}

    /**
     * An arm without a figure.
     *
     * @param command that would measure it, or empty
     */
    public record NotRun(Arm arm, String reason, String command) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By how much a figure of four digits may differ from what was measured; the last term is for binary fractions. */
    private static final double ROUNDING = 0.5e-4 + 1e-12;

    /** States of a run that has not come to its end. */
    private static final Set<String> UNFINISHED =
            Set.of("running", "unfinished", "incomplete", "stopped", "cancelled", "interrupted", "failed");

    public Measurements {
        arms = List.copyOf(arms);
        pairs = List.copyOf(pairs);
        notRun = List.copyOf(notRun);
        if (arms.stream().map(ArmFigure::arm).distinct().count() != arms.size()) {
            throw broken(run, "has an arm twice");
        }
    }

    /** {@code 48.6 % (41.9–55.4)}, as the comparison itself shows it. */
    String percent(ArmFigure arm) {
        return String.format(
                Locale.ROOT,
                "%.1f %% (%.1f–%.1f)",
                100 * exact(arm.value()),
                100 * exact(arm.low()),
                100 * exact(arm.high()));
    }

    /**
     * A report holds four digits; to round those again may lead to another tenth than the comparison's. An accuracy is a
     * count of its cases, so the share that was rounded can be found again.
     */
    private double exact(double rounded) {
        if (cases == 0 || !metric.equals("accuracy")) {
            return rounded;
        }
        double share = Math.rint(rounded * cases) / cases;
        return Math.abs(share - rounded) <= ROUNDING ? share : rounded;
    }

    /** The JSON object that a comparison printed, from a file. */
    public static Measurements read(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            if (node == null || !node.isObject()) {
                throw notJson(file, null);
            }
            return read(node);
        } catch (JsonProcessingException e) {
            throw notJson(file, e);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The report " + Printable.of(file.toString()) + " cannot be read.",
                    "Check that it is there, whole and readable.",
                    e);
        }
    }

    /** Refuses a run that has not come to its end, or in which no arm was measured, with the reason. */
    public static Measurements read(JsonNode report) {
        String run = text(report, "run", "a report");
        String state = report.path("status").asText("");
        if (UNFINISHED.contains(state)
                || (report.has("finished") && !report.path("finished").asBoolean(true))) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The run " + Printable.of(run) + " is not finished" + (state.isEmpty() ? "" : " (" + state + ")")
                            + ": half a comparison decides nothing.",
                    "Let it come to its end, then ask for advice again.");
        }
        String metric = text(report, "metric", run);
        var measured = new ArrayList<ArmFigure>();
        var notRun = new ArrayList<NotRun>();
        for (JsonNode node : array(report, "arms", run)) {
            Arm arm = arm(node.path("arm").asText(""), run);
            if (node.path("status").asText("measured").equals("measured")) {
                measured.add(figure(node, arm, metric, run));
            } else {
                notRun.add(new NotRun(
                        arm,
                        node.path("reason").asText(node.path("status").asText()),
                        node.path("command").asText("")));
            }
        }
        if (measured.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The run " + Printable.of(run) + " measured no arm"
                            + notRun.stream()
                                    .findFirst()
                                    .map(first -> ": " + first.arm() + " was not run, "
                                            + Printable.of(first.reason()).replaceFirst("\\.$", ""))
                                    .orElse("")
                            + ".",
                    "Measure at least one arm, or leave --report out for advice from published priors.");
        }
        var pairs = new ArrayList<Pair>();
        for (JsonNode node : array(report, "pairs", run)) {
            if (node.path("metric").asText(metric).equals(metric)) {
                pairs.add(pair(node, run));
            }
        }
        JsonNode leakage = report.path("leakage");
        return new Measurements(
                run,
                report.path("task").asText(""),
                metric,
                report.path("cases").asInt(0),
                new Leakage(
                        leakage.path("cases").asInt(0), leakage.path("allowed").asBoolean(false)),
                measured,
                pairs,
                notRun);
    }

    /** The situation with the task of this run; refuses one with another task. */
    Situation of(Situation situation) {
        if (task.isEmpty()) {
            return situation;
        }
        if (situation.task().isPresent()) {
            String asked = situation.task().orElseThrow().toString();
            if (!asked.equals(task)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The run " + Printable.of(run) + " measured the task " + Printable.of(task)
                                + ", and advice is asked for the task " + asked + ".",
                        "Leave --task out to take that of the run, or give the report of a run of the task " + asked
                                + ".");
            }
            return situation;
        }
        return Arrays.stream(Task.values())
                .filter(each -> each.toString().equals(task))
                .findFirst()
                .map(each -> situation.toBuilder().task(each).build())
                .orElse(situation);
    }

    Optional<ArmFigure> of(Arm arm) {
        return arms.stream().filter(figure -> figure.arm() == arm).findFirst();
    }

    /** Whether no arm cost anything to run, where that was measured at all. */
    boolean paidNothing() {
        return arms.stream().anyMatch(arm -> arm.costPerCase().isPresent())
                && arms.stream().allMatch(arm -> arm.costPerCase().orElse(0) == 0);
    }

    /** How the two compare, whichever is better; none where they were not compared. */
    Optional<Pair> between(Arm one, Arm other) {
        return pairs.stream()
                .filter(pair -> (pair.better() == one && pair.than() == other)
                        || (pair.better() == other && pair.than() == one))
                .findFirst();
    }

    private static ArmFigure figure(JsonNode node, Arm arm, String metric, String run) {
        JsonNode figures = node.path("figures");
        if (!figures.has(metric)) {
            throw broken(run, "has no " + Printable.of(metric) + " of the arm " + arm);
        }
        Interval value = interval(figures.path(metric), run, arm + "'s " + metric);
        JsonNode latency = node.path("latency_ms");
        JsonNode cost = node.path("cost_per_case_usd");
        return new ArmFigure(
                arm,
                value.value(),
                value.low(),
                value.high(),
                number(latency, "p50", run, arm + "'s latency"),
                number(latency, "p95", run, arm + "'s latency"),
                cost.isNumber() ? OptionalDouble.of(notNegative(cost.asDouble(), run, arm)) : OptionalDouble.empty());
    }

    private static Pair pair(JsonNode node, String run) {
        Arm left = arm(node.path("left").asText(""), run);
        Arm right = arm(node.path("right").asText(""), run);
        Interval by = interval(node.path("difference"), run, left + " against " + right);
        double p = node.path("p_holm").asDouble(Double.NaN);
        boolean significant = node.path("significant").asBoolean(false);
        String said = Printable.of(node.path("words").asText(""));
        String words =
                said.isBlank() ? PairedComparison.words(left.toString(), right.toString(), by, significant) : said;
        return by.value() >= 0
                ? new Pair(left, right, by.value(), by.low(), by.high(), p, significant, words)
                : new Pair(right, left, -by.value(), -by.high(), -by.low(), p, significant, words);
    }

    private static Interval interval(JsonNode node, String run, String what) {
        return new Interval(
                number(node, "value", run, what), number(node, "low", run, what), number(node, "high", run, what));
    }

    private static double number(JsonNode node, String field, String run, String what) {
        JsonNode value = node.path(field);
        if (!value.isNumber()) {
            throw broken(run, "has no number \"" + field + "\" in " + Printable.of(what));
        }
        return value.asDouble();
    }

    private static double notNegative(double cost, String run, Arm arm) {
        if (cost < 0) {
            throw broken(run, "has a negative cost per case of the arm " + arm);
        }
        return cost;
    }

    private static Arm arm(String word, String run) {
        try {
            return Arm.parse(word);
        } catch (Failure unknown) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The report of the run " + Printable.of(run) + " has an unknown arm '" + Printable.of(word) + "'.",
                    unknown.nextStep(),
                    unknown);
        }
    }

    private static JsonNode array(JsonNode report, String field, String run) {
        JsonNode array = report.path(field);
        if (!array.isArray()) {
            throw broken(run, "has no list \"" + field + "\"");
        }
        return array;
    }

    private static String text(JsonNode report, String field, String run) {
        String text = report.path(field).asText("");
        if (text.isBlank()) {
            throw broken(run, "has no \"" + field + "\"");
        }
        return text;
    }

    private static Failure broken(String run, String what) {
        return new Failure(
                Failure.Kind.INVALID,
                "The report of " + (run.equals("a report") ? "the comparison" : "the run " + Printable.of(run)) + " "
                        + what + ".",
                "Pass the JSON object of a comparison as it was printed.");
    }

    private static Failure notJson(Path file, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.INVALID,
                "The report " + Printable.of(file.toString()) + " is not one JSON object.",
                "Pass the JSON object of a comparison as it was printed.",
                cause);
    }
}
