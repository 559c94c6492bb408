package dev.tandem.evidence.advice;

import java.util.Optional;
import java.util.OptionalDouble;

/** What rules look at. */
record Case(Situation situation, Prices prices, Cost cost, Optional<Measurements> measurements) {

    static Case of(Situation situation, Optional<Measurements> measurements, Prices prices) {
        return new Case(situation, prices, Costing.of(situation, measurements, prices), measurements);
    }

    boolean needs(Need... any) {
        return situation.needs(any);
    }

    /** How many clean examples there are; callers have checked that it is known. */
    long examples() {
        return situation.examples().orElseThrow();
    }

    boolean examplesKnown() {
        return situation.examples().isPresent();
    }

    /** Known, and at least as many as a threshold of the prices file says. */
    boolean hasExamples(String threshold) {
        return examplesKnown() && examples() >= prices.threshold(threshold);
    }

    boolean manyDocuments() {
        return situation.documents().orElse(0) > prices.threshold("documents.many");
    }

    /** Questions, and not a corpus so small that a prompt holds it. */
    boolean answersFromDocuments() {
        return situation.is(Task.ANSWER) && (situation.documents().isEmpty() || manyDocuments());
    }

    boolean highVolume() {
        return situation.volume().orElse(0) >= prices.threshold("volume.tuning-pays");
    }

    OptionalDouble measuredP95(Arm arm) {
        return measurements
                .flatMap(run -> run.of(arm))
                .map(figure -> OptionalDouble.of(figure.p95Ms()))
                .orElse(OptionalDouble.empty());
    }

    /** Measured, and short of the user's bar. */
    boolean shortOfBar(Arm arm) {
        return situation.bar().isPresent()
                && measurements
                        .flatMap(run -> run.of(arm))
                        .filter(figure -> figure.value() < situation.bar().getAsDouble())
                        .isPresent();
    }
}
