package dev.tandem.evidence.advice;

import java.util.Optional;

/** What speaks for documents at answer time. */
final class KnowledgeRules {

    private KnowledgeRules() {}

    static Optional<Effect> r7(Case given, Findings before) {
        return given.situation().factsChange()
                ? Optional.of(new Effect.Retrieval("Facts that change (" + rate(given)
                        + ") belong in retrieval, stable behaviour in tuning. Guides expect "
                        + expected(given, "quality.current", "tuned", "RAG") + " of current facts right."))
                : Rule.none();
    }

    static Optional<Effect> r6(Case given, Findings before) {
        return given.situation().changes().filter(Changes::moreThanMonthly).isPresent()
                ? Optional.of(new Effect.Retrieval(
                        "Knowledge that changes more than once a month (" + rate(given) + ") outruns training."))
                : Rule.none();
    }

    static Optional<Effect> x8(Case given, Findings before) {
        return given.situation().factsChange()
                        && !given.situation().changes().orElseThrow().moreThanMonthly()
                ? Optional.of(
                        new Effect.Note("Guides draw the line at a week, a month or a quarter. Any changing fact leads"
                                + " to retrieval; more than once a month only makes it surer, and " + rate(given)
                                + " is not that."))
                : Rule.none();
    }

    static Optional<Effect> r8(Case given, Findings before) {
        long documents = given.situation().documents().orElse(0);
        String many = BehaviourRules.count(given.prices().threshold("documents.many"));
        if (documents == 0) {
            return Rule.none();
        }
        String count = BehaviourRules.count(documents);
        return Optional.of(
                given.manyDocuments()
                        ? new Effect.Retrieval(
                                count + " documents are more than a few hundred (" + many + "): no prompt holds them.")
                        : new Effect.Note(count + " documents are not more than a few hundred (" + many
                                + "): try the whole corpus in the prompt first."));
    }

    static Optional<Effect> r10(Case given, Findings before) {
        return given.needs(Need.FACTUAL)
                ? Optional.of(
                        new Effect.Retrieval("Factual accuracy is critical: answers have to rest on documents. Guides"
                                + " expect " + expected(given, "quality.factual", "tuned", "RAG") + " right."))
                : Rule.none();
    }

    static Optional<Effect> x9(Case given, Findings before) {
        if (!given.situation().is(Task.EXTRACT)) {
            return Rule.none();
        }
        return Optional.of(
                given.situation().documents().orElse(0) > 0
                        ? new Effect.Retrieval("Extraction that has to rest on documents of yours, such as playbooks or"
                                + " earlier contracts, retrieves them.")
                        : new Effect.Note("Nothing to ground the extraction in was named: with playbooks or earlier"
                                + " contracts (--documents) it would retrieve them too."));
    }

    static Optional<Effect> r21(Case given, Findings before) {
        if (!given.situation().synthesis()) {
            return Rule.none();
        }
        return Optional.of(
                given.situation().documents().isPresent() && !given.manyDocuments()
                        ? new Effect.Prompt(
                                "Questions over the whole base are not for plain retrieval, which sees a few"
                                        + " passages: put the whole corpus into the prompt.")
                        : new Effect.Note("Questions over the whole base are not for plain retrieval, which sees a few"
                                + " passages: go over every document and join what was found, and measure it."));
    }

    static Optional<Effect> x6(Case given, Findings before) {
        boolean trainable = given.situation().examples().orElse(0) > 0;
        return before.knowledge() && trainable
                ? Optional.of(new Effect.Note(
                        "Two guides say that tuning bakes facts in, two that it does not reliably, and the first one's own"
                                + " table has 78 and 40 %: never tune for facts."))
                : Rule.none();
    }

    static Optional<Effect> x13(Case given, Findings before) {
        return before.knowledge()
                ? Optional.of(new Effect.Note(
                        "Retrieval lowers hallucination and does not end it: faithfulness is always measured."))
                : Rule.none();
    }

    static Optional<Effect> x15(Case given, Findings before) {
        return before.knowledge()
                ? Optional.of(
                        new Effect.Note("Whether a reranker pays depends on the corpus: a switch to be measured for"
                                + " each collection."))
                : Rule.none();
    }

    private static String rate(Case given) {
        return given.situation().changes().orElseThrow().toString();
    }

    /** {@code 40 % (tuned) against 95 % (RAG)}. */
    static String expected(Case given, String key, String low, String high) {
        Range range = given.prices().range(key);
        return Money.number(range.low()) + " % (" + low + ") against " + Money.number(range.high()) + " % (" + high
                + ")";
    }
}
