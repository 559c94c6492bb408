package dev.tandem.evidence.advice;

import java.util.ArrayList;
import java.util.List;

/** What was not measured or not said, and why it matters. */
final class Unknowns {

    private Unknowns() {}

    static List<String> of(Adviser.Verdict verdict) {
        Case given = verdict.given();
        Situation situation = given.situation();
        var unknown = new ArrayList<String>();
        given.measurements()
                .ifPresentOrElse(
                        run -> {
                            for (Measurements.NotRun arm : run.notRun()) {
                                unknown.add(arm.arm() + ": " + arm.reason().replaceFirst("\\.$", "")
                                        + (arm.command().isEmpty() ? "" : "; " + arm.command()));
                            }
                            for (Arm arm : Arm.values()) {
                                if (run.of(arm).isEmpty()
                                        && run.notRun().stream().noneMatch(each -> each.arm() == arm)) {
                                    unknown.add(arm + ": not part of the run " + run.run() + ".");
                                }
                            }
                            if (run.arms().size() == 1 && situation.bar().isEmpty()) {
                                unknown.add(
                                        "One arm alone, without a bar, decides nothing: measure a second one or give --bar.");
                            }
                        },
                        () -> unknown.add("The quality of every arm on your own cases: no run was given (--report)."));
        if (situation.examples().isEmpty()) {
            unknown.add("How many clean examples there are (--examples): tuning is open until they are counted.");
        }
        if (situation.volume().isEmpty()) {
            unknown.add("The volume (--volume): without it, payback in months is unknown.");
        }
        if (given.measurements().isEmpty() && situation.latencyMs().isPresent()) {
            unknown.add("The latency of each arm: " + situation.latencyMs().getAsLong()
                    + " ms is compared with published figures only.");
        }
        if (verdict.findings().knowledge()) {
            unknown.add("Faithfulness to the documents: tandem evaluate answers measures citations and abstention.");
        }
        return unknown;
    }
}
