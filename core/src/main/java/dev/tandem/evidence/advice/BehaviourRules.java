package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.Arm.HYBRID;
import static dev.tandem.evidence.advice.Arm.TUNED;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What speaks for behaviour in weights, and how many examples that takes. */
final class BehaviourRules {

    private BehaviourRules() {}

    /** The treatment of five guides that name five numbers: a clean count, graded. */
    static Optional<Effect> x1(Case given, Findings before) {
        if (!given.examplesKnown() || given.examples() == 0) {
            return Rule.none();
        }
        Set<Arm> trained = Set.of(TUNED, HYBRID);
        String count = count(given.examples()) + " clean examples" + perClass(given);
        if (!given.hasExamples("examples.floor")) {
            return Optional.of(
                    new Effect.Holds(count + " are below every guide: prompt and retrieval.", trained, false));
        }
        if (!given.hasExamples("examples.contested")) {
            return Optional.of(new Effect.Holds(
                    count + " are enough for one guide of five: prompt and retrieval first.", trained, false));
        }
        if (!given.hasExamples("examples.enough")) {
            return Optional.of(new Effect.Holds(
                    count + " are contested among the guides: prompt and retrieval first"
                            + (given.situation().isNarrow() || given.needs(Need.FORMAT, Need.TONE, Need.TERMS)
                                    ? "; tuning is worth measuring, as the task is narrow or has a form to keep."
                                    : "; tuning would be worth measuring for a narrow task or a fixed format."),
                    trained,
                    false));
        }
        if (!given.hasExamples("examples.many")) {
            return Optional.of(new Effect.Note(count + " are enough for format, style and labels"
                    + (given.hasExamples("examples.dissent")
                            ? "."
                            : "; one guide (S3:22) dissents below about "
                                    + count(given.prices().threshold("examples.dissent")) + ".")));
        }
        return Optional.of(
                new Effect.Note(count + " are enough for format, style and labels, for reasoning and for long notes."));
    }

    static Optional<Effect> r14(Case given, Findings before) {
        return given.hasExamples("examples.contested")
                ? Optional.of(new Effect.Note("Tuning is possible from "
                        + count(given.prices().threshold("examples.contested")) + " good examples (S4) or "
                        + count(given.prices().threshold("examples.enough")) + " (S2)."))
                : Rule.none();
    }

    static Optional<Effect> r23(Case given, Findings before) {
        if (!given.examplesKnown() || given.hasExamples("examples.enough")) {
            return Rule.none();
        }
        String text = "Below " + count(given.prices().threshold("examples.enough"))
                + " good examples, prompt and retrieval almost always do better.";
        return Optional.of(given.answersFromDocuments() ? new Effect.Retrieval(text) : new Effect.Note(text));
    }

    static Optional<Effect> r13(Case given, Findings before) {
        List<String> behaviours = behaviours(given);
        if (behaviours.isEmpty()) {
            return Rule.none();
        }
        String what = String.join(", ", behaviours);
        String first = given.needs(Need.FORMAT)
                ? " A format comes from constrained decoding first; tuning is for what that leaves."
                : "";
        String expected = given.needs(Need.TONE)
                ? " Guides expect " + KnowledgeRules.expected(given, "quality.style", "RAG", "tuned") + " right."
                : given.needs(Need.TERMS)
                        ? " Guides expect " + KnowledgeRules.expected(given, "quality.terms", "RAG", "tuned")
                                + " right."
                        : "";
        String least = given.situation().longOutput() ? "examples.many" : "examples.enough";
        return Optional.of(
                !given.examplesKnown() || given.hasExamples(least)
                        ? new Effect.Tuning("Stable behaviour (" + what + ") belongs in weights." + first + expected)
                        : new Effect.Note("Stable behaviour (" + what + ") would belong in weights, with "
                                + count(given.prices().threshold(least)) + " examples"
                                + (given.situation().longOutput() ? " where what is written is long." : ".") + first));
    }

    /** Stated needs count before anybody counted examples; what only the examples can show counts with enough of them. */
    private static List<String> behaviours(Case given) {
        var behaviours = new ArrayList<String>();
        for (Need need : List.of(Need.FORMAT, Need.TONE, Need.TERMS)) {
            if (given.needs(need)) {
                behaviours.add(need.toString());
            }
        }
        if (given.hasExamples("examples.enough")) {
            if (given.situation().is(Task.CLASSIFY) || given.situation().is(Task.EXTRACT)) {
                behaviours.add("labels");
            }
            if (given.situation().is(Task.WRITE) && behaviours.isEmpty()) {
                behaviours.add("style");
            }
            if (given.situation().narrow()) {
                behaviours.add("a narrow, repetitive task");
            }
        }
        return behaviours;
    }

    /** Reasoning is two things: patterns of one's own, and facts that have to be fetched one after the other. */
    static Optional<Effect> x10(Case given, Findings before) {
        if (!given.needs(Need.REASONING)) {
            return Rule.none();
        }
        String fetch =
                before.knowledge() ? " What has to be joined from several documents is for iterative retrieval." : "";
        String many = count(given.prices().threshold("examples.many"));
        String expected = KnowledgeRules.expected(given, "quality.reasoning", "RAG", "tuned");
        return Optional.of(
                given.hasExamples("examples.many")
                        ? new Effect.Tuning("Reasoning patterns of your own are learned from " + many
                                + " examples and more; guides expect " + expected + " right." + fetch)
                        : new Effect.Note("Reasoning patterns of your own would be learned from " + many
                                + " examples and more." + fetch));
    }

    static Optional<Effect> r16(Case given, Findings before) {
        return given.needs(Need.LOCAL_ONLY) && given.situation().noIndexOnDevice()
                ? Optional.of(
                        new Effect.Tuning("Without a network and without an index on the device, what is needed has"
                                + " to be in weights."))
                : Rule.none();
    }

    static Optional<Effect> r20(Case given, Findings before) {
        return given.situation().isNarrow() && given.highVolume() && !before.knowledge()
                ? Optional.of(
                        new Effect.Tuning("Narrow, at high volume, with no knowledge to look up: a small tuned model"
                                + " without a retrieval step. That it is "
                                + Money.number(
                                        given.prices().range("small.cheaper").low())
                                + " times cheaper than a large one is to be tested, and is in no total here."))
                : Rule.none();
    }

    /** Prompts and retrieval were both measured and both fall short. */
    static Optional<Effect> r17(Case given, Findings before) {
        if (!given.shortOfBar(Arm.BASELINE) || !given.shortOfBar(Arm.RAG)) {
            return Rule.none();
        }
        return Optional.of(
                new Effect.Tuning(
                        "Prompt and retrieval were both measured and both fall short of the bar: tuning is what is left to add."));
    }

    static Optional<Effect> r19(Case given, Findings before) {
        return before.knowledge() && before.behaviour()
                ? Optional.of(new Effect.Note("Behaviour to learn and knowledge to look up: both, if resources allow."))
                : Rule.none();
    }

    private static String perClass(Case given) {
        if (!given.situation().is(Task.CLASSIFY) || given.situation().classes().isEmpty()) {
            return "";
        }
        long classes = given.situation().classes().getAsLong();
        return " (about " + count(given.examples() / classes) + " for each of " + count(classes) + " classes)";
    }

    static String count(long number) {
        return Money.number(BigDecimal.valueOf(number));
    }
}
