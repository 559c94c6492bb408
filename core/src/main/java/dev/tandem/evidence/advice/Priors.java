package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.Arm.BASELINE;
import static dev.tandem.evidence.advice.Arm.HYBRID;
import static dev.tandem.evidence.advice.Arm.RAG;
import static dev.tandem.evidence.advice.Arm.TUNED;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What the published rules come to where nothing is measured. */
final class Priors {

    private Priors() {}

    /**
     * The first arm in order of preference that is neither barred nor held back. Where every arm that is not barred is
     * held back, the one that the fewest rules hold back, and of those the simplest.
     */
    static Arm choose(Findings findings) {
        Set<Arm> barred = findings.barred();
        Set<Arm> held = findings.held();
        List<Arm> order = preference(findings).stream()
                .filter(arm -> !barred.contains(arm))
                .toList();
        return order.stream()
                .filter(arm -> !held.contains(arm))
                .findFirst()
                .orElseGet(() -> order.stream()
                        .min(Comparator.comparingLong(findings::holds).thenComparing(Comparator.naturalOrder()))
                        .orElseThrow());
    }

    private static List<Arm> preference(Findings findings) {
        boolean knowledge = findings.knowledge();
        if (findings.promptIsEnough()) {
            return List.of(BASELINE, RAG, TUNED, HYBRID);
        }
        if (findings.behaviour()) {
            return knowledge ? List.of(HYBRID, RAG, TUNED, BASELINE) : List.of(TUNED, BASELINE, RAG, HYBRID);
        }
        // Nothing to learn: weights are the last place for facts (x6).
        return knowledge ? List.of(RAG, BASELINE, HYBRID, TUNED) : List.of(BASELINE, RAG, TUNED, HYBRID);
    }
}
