package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.Arm.BASELINE;
import static dev.tandem.evidence.advice.Arm.HYBRID;
import static dev.tandem.evidence.advice.Arm.RAG;
import static dev.tandem.evidence.advice.Arm.TUNED;

import java.util.Optional;
import java.util.Set;

/** Constraints that no measurement lifts. */
final class HardRules {

    private static final Set<Arm> WITHOUT_RETRIEVAL = Set.of(BASELINE, TUNED);
    private static final Set<Arm> TRAINED = Set.of(TUNED, HYBRID);
    private static final Set<Arm> WITH_INDEX = Set.of(RAG, HYBRID);

    private HardRules() {}

    static Optional<Effect> r1(Case given, Findings before) {
        return given.needs(Need.PERMISSIONS, Need.TENANTS)
                ? Optional.of(new Effect.Bars(
                        "Who may read what is decided at answer time, and weights and prompts know no reader: an arm"
                                + " without retrieval is out.",
                        WITHOUT_RETRIEVAL,
                        true))
                : Rule.none();
    }

    static Optional<Effect> r2(Case given, Findings before) {
        return given.needs(Need.CITATIONS, Need.AUDIT)
                ? Optional.of(new Effect.Bars(
                        "A citation or an audit trail needs the document that was used: an arm without retrieval has"
                                + " none to show.",
                        WITHOUT_RETRIEVAL,
                        true))
                : Rule.none();
    }

    static Optional<Effect> r3(Case given, Findings before) {
        if (!given.needs(Need.PRIVACY)) {
            return Rule.none();
        }
        return Optional.of(
                given.situation().publicExamples()
                        ? new Effect.Retrieval(
                                "Content that must stay out of weights is asked at answer time; the examples"
                                        + " hold none of it, so that training on them alone is allowed.")
                        : new Effect.Bars(
                                "Content must stay out of weights, so nothing is trained on it. Tuning on other data is"
                                        + " allowed: --public-examples says that the examples hold none of it.",
                                TRAINED,
                                true));
    }

    static Optional<Effect> r4(Case given, Findings before) {
        return given.situation().closedModel()
                ? Optional.of(new Effect.Bars(
                        "The base model cannot be tuned, so there is no tuned arm on it.", TRAINED, false))
                : Rule.none();
    }

    static Optional<Effect> r5(Case given, Findings before) {
        return given.examplesKnown() && given.examples() == 0
                ? Optional.of(new Effect.Bars(
                        "There are no labelled examples to tune with. Tuning the retriever on generated questions stays"
                                + " open.",
                        TRAINED,
                        given.answersFromDocuments()))
                : Rule.none();
    }

    static Optional<Effect> x5(Case given, Findings before) {
        boolean noIndex = given.situation().noIndexOnDevice();
        if (given.needs(Need.LOCAL_ONLY)) {
            return Optional.of(
                    noIndex
                            ? new Effect.Bars(
                                    "Everything stays on a device that may hold no index: retrieval has nowhere to look.",
                                    WITH_INDEX,
                                    false)
                            : new Effect.Note(
                                    "Offline removes remote providers only: the index is embedded, so retrieval"
                                            + " works without a network."));
        }
        return noIndex
                ? Optional.of(new Effect.Note(
                        "The device may hold no index, but it may ask one elsewhere: retrieval stays possible."))
                : Rule.none();
    }
}
