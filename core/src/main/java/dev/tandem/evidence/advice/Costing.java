package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From prices to what each arm costs. Each tier takes the figures of its own guide and of no other where that guide has
 * one: start S0, business S1, enterprise S2. So no two guides are ever mixed into one figure, and what looks like a
 * disagreement between them turns out to be one of scope.
 */
final class Costing {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal YEAR = BigDecimal.valueOf(12);

    /** Hours in a month of average length. */
    private static final long MONTH = 730;

    private final Situation situation;
    private final Prices prices;
    private final List<String> assumptions = new ArrayList<>();

    private Costing(Situation situation, Prices prices) {
        this.situation = situation;
        this.prices = prices;
    }

    static Cost of(Situation situation, Optional<Measurements> measurements, Prices prices) {
        return new Costing(situation, prices).cost(measurements);
    }

    private Cost cost(Optional<Measurements> measurements) {
        Map<Arm, ArmCost> arms = new EnumMap<>(Arm.class);
        arms.put(Arm.BASELINE, published(Arm.BASELINE, Range.ZERO, Range.ZERO, generation(), generationSource()));
        arms.put(Arm.RAG, rag());
        arms.put(Arm.TUNED, tuned());
        arms.put(Arm.HYBRID, hybrid(arms.get(Arm.RAG), arms.get(Arm.TUNED)));
        measurements.ifPresent(run -> {
            if (run.paidNothing()) {
                arms.replaceAll((arm, cost) -> paidNothing(cost, run));
                assumptions.add(
                        "Measured running costs are $0 for every arm: nothing was paid to a language model (run "
                                + run.run() + "). Totals and break-even are reckoned with the published ones instead.");
                return;
            }
            arms.replaceAll((arm, cost) -> measured(cost, run));
            String which = arms.values().stream()
                    .filter(ArmCost::measured)
                    .map(cost -> cost.arm().toString())
                    .collect(Collectors.joining(", "));
            if (!which.isEmpty()) {
                assumptions.add("What a query costs was measured (run " + run.run() + ": " + which
                        + ") and replaces the published running costs; set-up costs are still the published ones.");
            }
        });

        long volume = situation.volume().orElse(prices.threshold("volume.tuning-pays"));
        Optional<Long> given = situation.volume().isPresent() ? Optional.of(volume) : Optional.empty();
        if (given.isEmpty()) {
            assumptions.add("No volume was given: totals are shown for " + Money.number(BigDecimal.valueOf(volume))
                    + " queries a month, where the guides part (" + prices.source("volume.tuning-pays") + ").");
        }
        List<Cost.Comparison> paybacks = new ArrayList<>();
        for (Arm arm : List.of(Arm.TUNED, Arm.HYBRID)) {
            ArmCost dear = arm == Arm.TUNED ? arms.get(Arm.TUNED) : arms.get(Arm.HYBRID);
            ArmCost cheap = arms.get(Arm.RAG);
            if (dear != null && cheap != null) {
                paybacks.add(new Cost.Comparison(
                        arm, Arm.RAG, Payback.best(dear, cheap, given), Payback.worst(dear, cheap, given)));
            }
        }
        tierNotes(arms);
        return new Cost(
                situation.tier(), volume, given.isPresent(), arms, time(), paybacks, workSaved(arms), assumptions);
    }

    private ArmCost rag() {
        String key = "rag.setup." + situation.tier();
        Range setup = prices.range(key);
        if (situation.tokens().isPresent()) {
            Range perQuery = generation().plus(retrieval());
            return published(Arm.RAG, setup, hosting(), perQuery, prices.source(key) + "; " + generationSource());
        }
        return switch (situation.tier()) {
            case START -> published(Arm.RAG, setup, hosting(), prices.range("rag.query"), sources(key, "rag.query"));
            case BUSINESS ->
                published(
                        Arm.RAG,
                        setup,
                        prices.range("rag.monthly.business"),
                        Range.ZERO,
                        sources(key, "rag.monthly.business"));
            case ENTERPRISE ->
                published(Arm.RAG, setup, hosting(), generation().plus(retrieval()), sources(key, "generation.query"));
        };
    }

    private ArmCost tuned() {
        Tier tier = situation.tier();
        String key = tier == Tier.BUSINESS ? "training." + situation.modelSize() : "tuned.setup." + tier;
        Range setup = prices.range(key);
        if (situation.selfHosted()) {
            Range gpu = prices.range("gpu.hour")
                    .times(prices.range("gpu.utilisation"))
                    .times(MONTH);
            assumptions.add("The tuned model is served on an own machine: " + Money.of(gpu)
                    + " a month whatever the volume, nothing per query (S4:111; x4: the sign is not assumed).");
            return published(Arm.TUNED, setup, gpu, Range.ZERO, sources(key, "gpu.hour"));
        }
        if (situation.tokens().isPresent()) {
            Range premium = prices.range("tuned.premium");
            assumptions.add("A managed tuned model costs " + Money.number(premium.low()) + "–"
                    + Money.number(premium.high()) + " times the base price per token ("
                    + prices.source("tuned.premium")
                    + "; x4: the sign is not assumed).");
            return published(Arm.TUNED, setup, Range.ZERO, generation().times(premium), sources(key, "tuned.premium"));
        }
        return switch (tier) {
            case START ->
                published(Arm.TUNED, setup, Range.ZERO, prices.range("tuned.query"), sources(key, "tuned.query"));
            case BUSINESS -> {
                Range year = prices.range("training.year");
                Range later = new Range(
                        year.low().subtract(BigDecimal.ONE), year.high().subtract(BigDecimal.ONE), year.open());
                assumptions.add("Tuning costs " + Money.number(year.low()) + "–" + Money.number(year.high())
                        + " times its training in the first 12 months, serving and retraining included ("
                        + prices.source("training.year") + "); later months are taken to cost what those of the first"
                        + " year do, less the first training.");
                yield published(
                        Arm.TUNED, setup, perMonth(setup.times(later)), Range.ZERO, sources(key, "training.year"));
            }
            case ENTERPRISE -> {
                assumptions.add("Training itself, " + Money.of(prices.range("training.enterprise")) + " ("
                        + prices.source("training.enterprise")
                        + "), is taken as inside the engineering and is not added.");
                yield published(Arm.TUNED, setup, Range.ZERO, generation(), sources(key, "generation.query"));
            }
        };
    }

    private ArmCost hybrid(@Nullable ArmCost rag, @Nullable ArmCost tuned) {
        if (rag == null || tuned == null) {
            throw new IllegalStateException("hybrid is made of both");
        }
        Range shared = prices.range("hybrid.shared");
        Range perQuery = tuned.perQuery();
        if (situation.tier() != Tier.BUSINESS || situation.tokens().isPresent() || situation.selfHosted()) {
            perQuery = perQuery.plus(retrieval());
        }
        assumptions.add("Both are stacked, infrastructure shared: set-up costs add up, less " + Money.of(shared)
                + " (" + prices.source("hybrid.shared") + "); a query costs the tuned model and the retrieval parts ("
                + prices.source("retrieval.query") + ").");
        return published(
                Arm.HYBRID,
                rag.setup().plus(tuned.setup()).less(shared),
                rag.monthly().plus(tuned.monthly()),
                perQuery,
                rag.source() + "; " + tuned.source());
    }

    /** A measured cost of a case stands in for every published running cost of that arm. */
    private ArmCost measured(ArmCost cost, Measurements run) {
        OptionalDouble measured =
                run.of(cost.arm()).map(Measurements.ArmFigure::costPerCase).orElse(OptionalDouble.empty());
        if (measured.isEmpty()) {
            return cost;
        }
        return new ArmCost(
                cost.arm(),
                cost.setup(),
                Range.ZERO,
                Range.of(BigDecimal.valueOf(measured.getAsDouble())),
                true,
                false,
                cost.source() + "; a query: run " + run.run());
    }

    /** What costs nothing to run pays nothing back: published costs stay, and are told for what they are. */
    private static ArmCost paidNothing(ArmCost cost, Measurements run) {
        boolean measured = run.of(cost.arm())
                .filter(figure -> figure.costPerCase().isPresent())
                .isPresent();
        return new ArmCost(cost.arm(), cost.setup(), cost.monthly(), cost.perQuery(), false, measured, cost.source());
    }

    /** The model's part of a query. */
    private Range generation() {
        return situation.tokens().isPresent()
                ? prices.range("token.price")
                        .times(BigDecimal.valueOf(situation.tokens().getAsLong())
                                .divide(MILLION, MathContext.DECIMAL64))
                : prices.range("generation.query");
    }

    private String generationSource() {
        return prices.source(situation.tokens().isPresent() ? "token.price" : "generation.query");
    }

    private Range retrieval() {
        return prices.range("embedding.query").plus(prices.range("retrieval.query"));
    }

    private Range hosting() {
        if (situation.hostedIndex()) {
            return prices.range("rag.hosting");
        }
        assumptions.add("The index is embedded in Tandem and costs nothing to host; --hosted-index counts "
                + Money.of(prices.range("rag.hosting")) + " a month (" + prices.source("rag.hosting") + ").");
        return Range.ZERO;
    }

    private Map<Arm, String> time() {
        String rag = prices.price("time.rag." + situation.tier()).time();
        String tuned = prices.price("time.tuned." + situation.tier()).time();
        return Map.of(Arm.BASELINE, "minutes", Arm.RAG, rag, Arm.TUNED, tuned, Arm.HYBRID, rag + ", then " + tuned);
    }

    private Map<Arm, Range> workSaved(Map<Arm, ArmCost> arms) {
        if (situation.hoursSaved().isEmpty() || situation.wage().isEmpty()) {
            return Map.of();
        }
        BigDecimal hours = situation.hoursSaved().orElseThrow();
        BigDecimal wage = situation.wage().orElseThrow();
        Map<Arm, Range> cases = new EnumMap<>(Arm.class);
        if (hours.signum() > 0 && wage.signum() > 0) {
            arms.forEach((arm, cost) -> cases.put(
                    arm,
                    new Range(
                            Roi.cases(cost.setup().low(), hours, wage),
                            Roi.cases(cost.setup().high(), hours, wage),
                            cost.setup().open())));
        }
        return cases;
    }

    /** What the figures of a tier teach. */
    private void tierNotes(Map<Arm, ArmCost> arms) {
        switch (situation.tier()) {
            case START -> {}
            case BUSINESS ->
                assumptions.add("Running costs are by the month, all in (S1): they do not follow the volume.");
            case ENTERPRISE -> {
                ArmCost rag = arms.get(Arm.RAG);
                ArmCost tuned = arms.get(Arm.TUNED);
                if (rag != null && tuned != null && !rag.measured() && !tuned.measured()) {
                    BigDecimal extra = tuned.setup().low().subtract(rag.setup().low());
                    assumptions.add("Tuning is at its best where it replaces a frontier model by a small one. With the"
                            + " same model kept it saves only retrieval, and pays after "
                            + BreakEven.queries(extra, retrieval().high()).words() + " to "
                            + BreakEven.queries(extra, retrieval().low()).words() + " queries.");
                }
            }
        }
    }

    private static Range perMonth(Range year) {
        return new Range(
                year.low().divide(YEAR, MathContext.DECIMAL64),
                year.high().divide(YEAR, MathContext.DECIMAL64),
                year.open());
    }

    private String sources(String first, String second) {
        return prices.source(first) + "; " + prices.source(second);
    }

    private static ArmCost published(Arm arm, Range setup, Range monthly, Range perQuery, String source) {
        return new ArmCost(arm, setup, monthly, perQuery, false, false, source);
    }
}
