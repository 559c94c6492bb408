package dev.tandem.evidence.advice;

import dev.tandem.domain.Failure;
import dev.tandem.evidence.advice.Findings.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which arm to ship: hard constraints, then measured results, then the cheapest arm that is not significantly worse, then
 * published priors.
 */
public final class Adviser {

    private Adviser() {}

    /**
     * Fails where hard constraints bar every arm, where a price that is needed is missing, and where the run measured
     * another task. Without a task that of the run is meant.
     */
    public static Advice advise(Situation situation, Optional<Measurements> measurements, Prices prices) {
        Situation measured = measurements.map(run -> run.of(situation)).orElse(situation);
        Verdict verdict = Verdict.of(measured, measurements, prices);
        return new Advice(
                verdict.arm(),
                verdict.basis(),
                reasons(verdict),
                wouldChange(verdict),
                Unknowns.of(verdict),
                verdict.given().cost());
    }

    private static List<String> wouldChange(Verdict verdict) {
        var all = new ArrayList<>(verdict.choice().map(Measured.Choice::open).orElse(List.of()));
        all.addAll(Sensitivity.of(verdict));
        Prices prices = verdict.given().prices();
        if (verdict.choice().isEmpty()) {
            all.add("A comparison on your own held-out cases (--report): it overrides every prior named here.");
        } else {
            all.add("Time: measure again every " + prices.threshold("revalidation.days") + " days ("
                    + prices.source("revalidation.days") + ").");
        }
        return all;
    }

    private static List<Reason> reasons(Verdict verdict) {
        var reasons = new ArrayList<Reason>();
        verdict.given().measurements().ifPresent(run -> reasons.addAll(Measured.figures(verdict.given(), run)));
        verdict.choice().ifPresent(choice -> reasons.addAll(choice.reasons()));
        if (verdict.choice().isPresent()) {
            overridden(verdict).ifPresent(reasons::add);
        }
        for (Finding finding : verdict.findings().all()) {
            reasons.add(new Reason(
                    kind(finding.effect(), verdict),
                    finding.rule().id(),
                    finding.effect().text(),
                    finding.rule().source() + " (" + weight(finding.effect()) + ", published, directional)"));
        }
        reasons.sort(Comparator.comparing(Reason::kind));
        return reasons;
    }

    /** Where figures have decided, no prior moved anything any more. */
    private static Reason.Kind kind(Effect effect, Verdict verdict) {
        return switch (effect) {
            case Effect.Bars _ -> Reason.Kind.HARD;
            case Effect.Limits _ -> Reason.Kind.LIMIT;
            case Effect.Note _ -> Reason.Kind.NOTE;
            case Effect.Retrieval _, Effect.Tuning _, Effect.Prompt _, Effect.Holds _ ->
                verdict.choice().isPresent() ? Reason.Kind.NOTE : Reason.Kind.PRIOR;
        };
    }

    private static String weight(Effect effect) {
        return switch (effect) {
            case Effect.Bars _ -> "hard constraint";
            case Effect.Limits _ -> "your own limit; the costs";
            case Effect.Retrieval _, Effect.Tuning _, Effect.Prompt _, Effect.Holds _, Effect.Note _ -> "prior";
        };
    }

    private static boolean isHard(Finding finding) {
        return finding.effect() instanceof Effect.Bars;
    }

    /** Says so where the priors alone would have led elsewhere. */
    private static Optional<Reason> overridden(Verdict verdict) {
        Arm prior = Priors.choose(verdict.findings());
        if (prior == verdict.arm()) {
            return Optional.empty();
        }
        String rules = verdict.findings().all().stream()
                .filter(each -> !(each.effect() instanceof Effect.Note)
                        && !(each.effect() instanceof Effect.Limits)
                        && !isHard(each))
                .map(each -> each.rule().id())
                .collect(Collectors.joining(", "));
        return Optional.of(Reason.measured(
                "overridden",
                "The published priors" + (rules.isEmpty() ? "" : " (" + rules + ")") + " alone would have said " + prior
                        + "; what was measured overrides them.",
                verdict.given().measurements().orElseThrow().run()));
    }

    /**
     * The decision, and what led to it.
     *
     * @param choice of the measured figures; empty where they decided nothing, or there are none
     */
    record Verdict(Case given, Findings findings, Optional<Measured.Choice> choice, Arm arm) {

        static Verdict of(Situation situation, Optional<Measurements> measurements, Prices prices) {
            Case given = Case.of(situation, measurements, prices);
            Findings findings = Findings.of(given);
            if (findings.barred().size() == Arm.values().length) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "These constraints leave no arm: "
                                + findings.all().stream()
                                        .filter(Adviser::isHard)
                                        .map(each -> each.rule().id() + ", "
                                                + each.effect().text())
                                        .collect(Collectors.joining(" ")),
                        "Give up one of them.");
            }
            Optional<Measured.Choice> choice = measurements.flatMap(run -> Measured.choose(given, run, findings));
            Arm arm = choice.map(Measured.Choice::arm).orElseGet(() -> Priors.choose(findings));
            return new Verdict(given, findings, choice, arm);
        }

        Advice.Basis basis() {
            if (given.measurements().isEmpty()) {
                return Advice.Basis.PRIOR;
            }
            boolean purely = choice.filter(each -> !each.priced()).isPresent() && !findings.hard();
            return purely ? Advice.Basis.MEASURED : Advice.Basis.MIXED;
        }
    }
}
