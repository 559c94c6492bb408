package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.Arm.HYBRID;
import static dev.tandem.evidence.advice.Arm.RAG;
import static dev.tandem.evidence.advice.Arm.TUNED;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Time, money, people and latency. */
final class ResourceRules {

    private ResourceRules() {}

    static Optional<Effect> r9(Case given, Findings before) {
        long days = given.situation().deadlineDays().orElse(Long.MAX_VALUE);
        return days <= given.prices().threshold("deadline.prototype")
                ? Optional.of(new Effect.Holds(
                        "Something has to work within " + days + (days == 1 ? " day" : " days")
                                + ": retrieval stands in hours, tuning does not.",
                        Set.of(TUNED, HYBRID),
                        given.answersFromDocuments()))
                : Rule.none();
    }

    static Optional<Effect> x14(Case given, Findings before) {
        return given.situation().deadlineDays().isPresent()
                ? Optional.of(
                        new Effect.Note("Guides count hours to weeks for a prototype, days to months until deployed,"
                                + " weeks to a quarter in production with evaluation. At tier "
                                + given.situation().tier() + ": retrieval "
                                + given.cost().time().get(RAG) + ", tuning "
                                + given.cost().time().get(TUNED) + "."))
                : Rule.none();
    }

    static Optional<Effect> r11(Case given, Findings before) {
        Optional<BigDecimal> budget = given.situation().budget();
        if (budget.isEmpty()) {
            return Rule.none();
        }
        BigDecimal most = budget.orElseThrow();
        Set<Arm> above = EnumSet.noneOf(Arm.class);
        Set<Arm> unsure = EnumSet.noneOf(Arm.class);
        for (Arm arm : Arm.values()) {
            Range setup = given.cost().of(arm).setup();
            if (setup.low().compareTo(most) > 0) {
                above.add(arm);
            } else if (setup.high().compareTo(most) > 0 || setup.open()) {
                unsure.add(arm);
            }
        }
        String text = "Of " + Money.of(most) + " before the first answer, "
                + (above.isEmpty() ? "" : names(above) + (above.size() == 1 ? " costs" : " cost") + " more")
                + (above.isEmpty() || unsure.isEmpty() ? "" : ", ")
                + (unsure.isEmpty() ? "" : names(unsure) + " may cost more")
                + (above.isEmpty() && unsure.isEmpty() ? "every arm leaves something" : "") + ", at tier "
                + given.situation().tier() + ".";
        return Optional.of(above.isEmpty() ? new Effect.Note(text) : new Effect.Limits(text, above));
    }

    static Optional<Effect> r12(Case given, Findings before) {
        if (!given.situation().noMlTeam()) {
            return Rule.none();
        }
        String softened = "Guides say retrieval where nobody trains models; one command trains here, which softens it";
        return Optional.of(
                before.knowledge() && before.behaviour()
                        ? new Effect.Holds(
                                softened + ", but to keep both an index and adapters is more to look after.",
                                Set.of(HYBRID),
                                false)
                        : new Effect.Note(softened + "."));
    }

    /** The prior is of other people's retrieval; a measured p95 replaces it. */
    static Optional<Effect> r15(Case given, Findings before) {
        if (given.situation().latencyMs().isEmpty()) {
            return Rule.none();
        }
        long limit = given.situation().latencyMs().getAsLong();
        String asked = "An answer is due within " + BehaviourRules.count(limit) + " ms. ";
        if (given.measuredP95(RAG).isPresent()) {
            double p95 = given.measuredP95(RAG).getAsDouble();
            return Optional.of(new Effect.Note(asked + "Measured: 95 of 100 answers with retrieval came within "
                    + Money.number(BigDecimal.valueOf(p95)) + " ms, which replaces the published prior."));
        }
        Range adds = given.prices().range("latency.retrieval");
        String prior =
                "Guides say that retrieval adds " + Money.number(adds.low()) + "–" + Money.number(adds.high()) + " ms";
        BigDecimal most = BigDecimal.valueOf(limit);
        if (most.compareTo(adds.high()) > 0) {
            return Optional.of(new Effect.Note(asked + prior + ": it fits."));
        }
        if (most.compareTo(adds.low()) >= 0) {
            return Optional.of(new Effect.Note(asked + prior + ": at risk, measure."));
        }
        boolean free = !before.knowledge() && !given.situation().is(Task.ANSWER);
        return Optional.of(
                free
                        ? new Effect.Tuning(asked + prior + ": a tuned model without a retrieval step.")
                        : new Effect.Note(asked + prior + ": more than that, so measure before anything else."));
    }

    static Optional<Effect> x11(Case given, Findings before) {
        boolean tight = given.situation().latencyMs().isPresent()
                && BigDecimal.valueOf(given.situation().latencyMs().getAsLong())
                                .compareTo(given.prices()
                                        .range("latency.retrieval")
                                        .high())
                        <= 0;
        return tight && given.measuredP95(RAG).isEmpty()
                ? Optional.of(
                        new Effect.Note("One guide's 200–800 ms is another's 30 seconds that are fine. Retrieval here"
                                + " is embedded and aims at tens of milliseconds, so the prior rules it out nowhere."))
                : Rule.none();
    }

    static Optional<Effect> r18(Case given, Findings before) {
        if (given.situation().volume().isEmpty()) {
            return Rule.none();
        }
        long volume = given.situation().volume().getAsLong();
        String line = BehaviourRules.count(given.prices().threshold("volume.tuning-pays"));
        return Optional.of(new Effect.Note(BehaviourRules.count(volume) + " queries a month "
                + (given.highVolume()
                        ? "reach the " + line + " from which tuning may pay; the cost table computes it."
                        : "are below " + line + ": on cost, retrieval.")));
    }

    static Optional<Effect> x2(Case given, Findings before) {
        return given.situation().budget().isPresent()
                ? Optional.of(
                        new Effect.Note("What retrieval costs to start runs from $50 to $150,000 in the guides because"
                                + " each means another scope; within a tier they agree. Reckoned with tier "
                                + given.situation().tier() + ": "
                                + Money.of(given.cost().of(RAG).setup()) + "."))
                : Rule.none();
    }

    static Optional<Effect> x3(Case given, Findings before) {
        if (given.situation().volume().isEmpty()) {
            return Rule.none();
        }
        Cost.Comparison tuned = given.cost().paybacks().getFirst();
        return Optional.of(new Effect.Note("Guides print break-evens of "
                + Money.number(given.prices().range("break-even.s0").low()) + "–"
                + Money.number(given.prices().range("break-even.s0").high()) + " and "
                + Money.number(given.prices().range("break-even.s2").low()) + "–"
                + Money.number(given.prices().range("break-even.s2").high())
                + " queries in all, and thresholds by the month; the two are kept apart. Computed for tuned against rag,"
                + " in all: from " + words(tuned.best()) + " to " + words(tuned.worst()) + "."));
    }

    static Optional<Effect> x4(Case given, Findings before) {
        return given.situation().tokens().isPresent() || given.situation().selfHosted()
                ? Optional.of(
                        new Effect.Note(
                                "A tuned query is cheaper in three guides and dearer per token, or a machine by"
                                        + " the hour, in the fourth: it is reckoned from your prices, and its sign is not assumed."))
                : Rule.none();
    }

    static Optional<Effect> x12(Case given, Findings before) {
        if (given.situation().tier() != Tier.BUSINESS) {
            return Rule.none();
        }
        Range rag = given.cost().total(RAG, 12);
        Range tuned = given.cost().total(TUNED, 12);
        String verdict = rag.isBelow(tuned)
                ? "so it is here"
                : tuned.isBelow(rag) ? "its own figures say the opposite here" : "its own figures overlap here";
        return Optional.of(new Effect.Note(
                "One guide (S1:43) has retrieval cheaper in year one; " + verdict + ": retrieval " + Money.of(rag)
                        + ", tuning a " + given.situation().modelSize() + " model " + Money.of(tuned) + "."));
    }

    private static String words(Payback payback) {
        return payback.queries().map(BreakEven::words).orElse("unknown");
    }

    private static String names(Set<Arm> arms) {
        return arms.stream().map(Arm::toString).collect(Collectors.joining(" and "));
    }
}
