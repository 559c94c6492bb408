package dev.tandem.evidence.advice;

import dev.tandem.evidence.advice.Measurements.ArmFigure;
import dev.tandem.evidence.advice.Measurements.Pair;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses among the arms that were measured: those that no hard constraint bars and that are fast enough, then those that
 * reach the bar, then those that are not significantly worse than the best of them, then the cheapest.
 */
final class Measured {

    /**
     * @param priced whether published prices had a say
     * @param open what the user may still want to know
     */
    record Choice(Arm arm, boolean priced, List<Reason> reasons, List<String> open) {}

    private final Case given;
    private final Measurements run;
    private final List<Reason> reasons = new ArrayList<>();
    private final List<String> open = new ArrayList<>();

    /** Whether a limit on the budget, held against published set-up costs, took an arm away. */
    private boolean budgeted = false;

    private Measured(Case given, Measurements run) {
        this.given = given;
        this.run = run;
    }

    /** Empty where the figures decide nothing: then the priors do. */
    static Optional<Choice> choose(Case given, Measurements run, Findings findings) {
        return new Measured(given, run).choose(findings);
    }

    /** Every figure of the run, as reasons; also where it decides nothing. */
    static List<Reason> figures(Case given, Measurements run) {
        var reasons = new ArrayList<Reason>();
        if (run.leakage().cases() > 0) {
            reasons.add(Reason.measured(
                    "leakage",
                    "The run is leaked: " + BehaviourRules.count(run.leakage().cases())
                            + " held-out cases were also met in training"
                            + (run.leakage().allowed() ? " (which it was told to allow)" : "")
                            + ", so trained arms look better than they are.",
                    run.run()));
        }
        for (ArmFigure arm : run.arms()) {
            reasons.add(Reason.measured(run.metric(), figure(arm, given, run), run.run()));
        }
        return reasons;
    }

    private Optional<Choice> choose(Findings findings) {
        Set<Arm> barred = findings.barred();
        List<ArmFigure> allowed = run.arms().stream()
                .filter(figure -> !barred.contains(figure.arm()))
                .toList();
        if (allowed.isEmpty()
                || (run.arms().size() == 1 && given.situation().bar().isEmpty())) {
            return Optional.empty();
        }
        List<ArmFigure> affordable = affordable(allowed, findings.beyond());
        List<ArmFigure> fast = fastEnough(affordable);
        if (fast.isEmpty()) {
            ArmFigure fastest = affordable.stream()
                    .min(Comparator.comparingDouble(ArmFigure::p95Ms))
                    .orElseThrow();
            say(
                    "latency",
                    "No arm that may be used answers within " + limit() + "; " + fastest.arm() + " is the fastest.");
            return chosen(fastest.arm(), false);
        }
        List<ArmFigure> good = goodEnough(fast);
        if (good.isEmpty()) {
            return noneReachesTheBar(fast, findings);
        }
        ArmFigure best = best(good);
        List<ArmFigure> candidates =
                good.stream().filter(figure -> notWorse(figure, best)).toList();
        return cheapest(candidates, best);
    }

    /** Without those beyond the user's budget, unless that leaves none. */
    private List<ArmFigure> affordable(List<ArmFigure> arms, Set<Arm> beyond) {
        List<ArmFigure> within =
                arms.stream().filter(arm -> !beyond.contains(arm.arm())).toList();
        if (within.size() == arms.size()) {
            return arms;
        }
        String budget = Money.of(given.situation().budget().orElseThrow());
        if (within.isEmpty()) {
            say(
                    "budget",
                    "Every measured arm that may be used costs more to set up than the budget of " + budget
                            + ", so the budget does not decide between them.");
            return arms;
        }
        budgeted = true;
        arms.stream()
                .filter(arm -> beyond.contains(arm.arm()))
                .forEach(dear -> say(
                        "budget",
                        dear.arm() + " is out: its set-up costs "
                                + Money.of(given.cost().of(dear.arm()).setup()) + " (published), and the budget is "
                                + budget + "."));
        return within;
    }

    private List<ArmFigure> fastEnough(List<ArmFigure> arms) {
        if (given.situation().latencyMs().isEmpty()) {
            return arms;
        }
        long most = given.situation().latencyMs().getAsLong();
        arms.stream()
                .filter(arm -> arm.p95Ms() > most)
                .forEach(slow -> say(
                        "latency",
                        slow.arm() + " is out: 95 of 100 answers took up to " + millis(slow.p95Ms()) + ", and "
                                + limit() + " are allowed."));
        return arms.stream().filter(arm -> arm.p95Ms() <= most).toList();
    }

    private List<ArmFigure> goodEnough(List<ArmFigure> arms) {
        if (given.situation().bar().isEmpty()) {
            return arms;
        }
        double bar = given.situation().bar().getAsDouble();
        for (ArmFigure arm : arms) {
            boolean reaches = arm.value() >= bar;
            say(
                    "bar",
                    arm.arm() + (reaches ? " reaches" : " falls short of") + " the bar of " + percent(bar)
                            + (arm.low() < bar && bar <= arm.high() ? "; its interval has room for the opposite" : "")
                            + ".");
        }
        return arms.stream().filter(arm -> arm.value() >= bar).toList();
    }

    /** Then the next arm to build is the priors' to name, if it is one that was not measured; else the best there is. */
    private Optional<Choice> noneReachesTheBar(List<ArmFigure> arms, Findings findings) {
        Arm next = Priors.choose(findings);
        boolean untried = run.of(next).isEmpty();
        if (untried) {
            return Optional.empty();
        }
        ArmFigure best = best(arms);
        say("bar", "No measured arm reaches the bar; " + best.arm() + " comes nearest.");
        open.add("No measured arm reaches the bar: better examples, other documents or another base model.");
        return chosen(best.arm(), false);
    }

    private ArmFigure best(List<ArmFigure> arms) {
        // Of equals the simplest: arms stand in that order.
        return arms.stream()
                .sorted(Comparator.comparing(ArmFigure::arm))
                .max(Comparator.comparingDouble(ArmFigure::value)
                        .thenComparing(ArmFigure::arm, Comparator.reverseOrder()))
                .orElseThrow();
    }

    private boolean notWorse(ArmFigure arm, ArmFigure best) {
        if (arm.arm() == best.arm()) {
            return true;
        }
        Optional<Pair> compared = run.between(best.arm(), arm.arm());
        if (compared.isEmpty()) {
            open.add(arm.arm() + " against " + best.arm() + ": the run did not compare them case by case, so "
                    + arm.arm() + " is not taken for being cheaper.");
            return false;
        }
        Pair pair = compared.orElseThrow();
        boolean worse = pair.significant() && pair.better() == best.arm();
        say(
                "difference",
                pair.words()
                        + (Double.isNaN(pair.pHolm())
                                ? "."
                                : String.format(Locale.ROOT, "; Holm-adjusted p %.3f.", pair.pHolm())));
        if (worse
                && given.situation().bar().isPresent()
                && given.cost()
                        .of(arm.arm())
                        .setup()
                        .isBelow(given.cost().of(best.arm()).setup())) {
            open.add("If reaching the bar is all that counts, " + arm.arm() + " does, and costs less to build.");
        }
        return !worse;
    }

    private Optional<Choice> cheapest(List<ArmFigure> candidates, ArmFigure best) {
        if (candidates.size() == 1) {
            say(
                    run.metric(),
                    best.arm() + " is best"
                            + (run.arms().size() > 1
                                    ? ", and no other arm that may be used comes close enough."
                                    : "."));
            return chosen(best.arm(), false);
        }
        boolean byTotal = given.situation().volume().isPresent();
        List<Arm> arms = candidates.stream().map(ArmFigure::arm).sorted().toList();
        Arm pick = arms.getFirst();
        boolean cheaper = false;
        for (Arm arm : arms.subList(1, arms.size())) {
            if (cost(arm, byTotal).isBelow(cost(pick, byTotal))) {
                pick = arm;
                cheaper = true;
            }
        }
        String by = byTotal
                ? "over " + given.situation().months() + " months at "
                        + BehaviourRules.count(given.situation().volume().getAsLong()) + " queries a month: "
                : "a query, as no volume was given: ";
        var costs = new ArrayList<String>();
        for (Arm arm : arms) {
            costs.add(arm + " " + Money.of(cost(arm, byTotal)));
        }
        boolean priced = byTotal || arms.stream().anyMatch(arm -> !costMeasured(arm));
        say(
                "cost",
                String.join(
                                ", ",
                                arms.stream()
                                        .filter(arm -> arm != best.arm())
                                        .map(Arm::toString)
                                        .toList())
                        + (arms.size() > 2 ? " are" : " is") + " not significantly worse than " + best.arm() + "; "
                        + pick + " is the "
                        + (cheaper ? "cheapest" : "simplest, and none of the others is cheaper at both ends") + ", "
                        + by
                        + String.join(", ", costs) + "." + (priced ? " Published prices have a part in it." : ""));
        return chosen(pick, priced);
    }

    /** With a volume the whole of the horizon, without one what a query costs: the arms are built already. */
    private Range cost(Arm arm, boolean total) {
        ArmCost cost = given.cost().of(arm);
        return total
                ? cost.total(
                        given.situation().months(), given.situation().volume().getAsLong())
                : cost.paidNothing() ? Range.ZERO : cost.perQuery();
    }

    private boolean costMeasured(Arm arm) {
        ArmCost cost = given.cost().of(arm);
        return cost.measured() || cost.paidNothing();
    }

    private Optional<Choice> chosen(Arm arm, boolean priced) {
        return Optional.of(new Choice(arm, priced || budgeted, List.copyOf(reasons), List.copyOf(open)));
    }

    private void say(String figure, String text) {
        reasons.add(Reason.measured(figure, text, run.run()));
    }

    private String limit() {
        return BehaviourRules.count(given.situation().latencyMs().getAsLong()) + " ms";
    }

    private static String figure(ArmFigure arm, Case given, Measurements run) {
        return arm.arm() + ": " + run.percent(arm) + ", p95 "
                + millis(arm.p95Ms())
                + (given.cost().of(arm.arm()).measured()
                        ? ", " + Money.of(given.cost().of(arm.arm()).perQuery()) + " a case"
                        : given.cost().of(arm.arm()).paidNothing() ? ", $0 a case" : "")
                + ".";
    }

    private static String millis(double ms) {
        return Money.number(BigDecimal.valueOf(ms)) + " ms";
    }

    /** As exactly as the user gave it. */
    private static String percent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }
}
