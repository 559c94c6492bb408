package dev.tandem.evidence.advice;

import dev.tandem.domain.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What would lead to another recommendation: one thing of the situation is changed at a time, and the whole decision made
 * again. Only what does change it is told.
 */
final class Sensitivity {

    /**
     * @param words that hold for all of {@code further} as well
     * @param exactly words that hold for the situation alone
     */
    private record Variation(String words, String exactly, Situation situation, List<Situation> further) {

        Variation(String words, Situation situation) {
            this(words, words, situation, List.of());
        }
    }

    private final Adviser.Verdict verdict;
    private final Situation situation;
    private final Prices prices;

    private Sensitivity(Adviser.Verdict verdict) {
        this.verdict = verdict;
        this.situation = verdict.given().situation();
        this.prices = verdict.given().prices();
    }

    static List<String> of(Adviser.Verdict verdict) {
        return new Sensitivity(verdict).all();
    }

    private List<String> all() {
        var changes = new ArrayList<String>();
        moreExamples().ifPresent(changes::add);
        fewerExamples().ifPresent(changes::add);
        furtherNeeds()
                .forEach((arm, needs) -> changes.add("If " + String.join(" or ", needs) + " were needed: " + arm));
        for (Variation each : variations()) {
            arm(each.situation())
                    .filter(arm -> arm != verdict.arm())
                    .ifPresent(arm ->
                            changes.add((holds(arm, each.further()) ? each.words() : each.exactly()) + ": " + arm));
        }
        return changes;
    }

    /** Needs that were not named, by the arm that one of them would lead to. */
    private Map<Arm, List<String>> furtherNeeds() {
        Map<Arm, List<String>> leading = new EnumMap<>(Arm.class);
        for (Need need : Need.values()) {
            Set<Need> more = EnumSet.of(need);
            more.addAll(situation.needs());
            arm(situation.toBuilder().needs(more).build())
                    .filter(arm -> arm != verdict.arm())
                    .ifPresent(arm ->
                            leading.computeIfAbsent(arm, _ -> new ArrayList<>()).add(need.toString()));
        }
        return leading;
    }

    private List<Variation> variations() {
        var all = new ArrayList<Variation>();
        for (Need need : situation.needs()) {
            Set<Need> fewer = EnumSet.copyOf(situation.needs());
            fewer.remove(need);
            all.add(new Variation(
                    "Without the need for " + need,
                    situation.toBuilder().needs(fewer).build()));
        }
        all.add(
                situation.factsChange()
                        ? new Variation("If the facts never changed", changing(Changes.NEVER))
                        : new Variation(
                                "If the facts changed",
                                "If the facts changed every month",
                                changing(Changes.MONTHLY),
                                Arrays.stream(Changes.values())
                                        .filter(rate -> rate != Changes.NEVER)
                                        .map(this::changing)
                                        .toList()));
        long many = prices.threshold("documents.many");
        long documents = situation.documents().orElse(0);
        if (documents > many) {
            all.add(new Variation(
                    "With " + BehaviourRules.count(many) + " documents or fewer",
                    "With " + BehaviourRules.count(many) + " documents",
                    documents(many),
                    List.of(documents(0), documents(1))));
        } else {
            all.add(new Variation(
                    "With more than " + BehaviourRules.count(many) + " documents",
                    "With " + BehaviourRules.count(many + 1) + " documents",
                    documents(many + 1),
                    List.of(documents(100 * many))));
        }
        long pays = prices.threshold("volume.tuning-pays");
        long volume = situation.volume().orElse(0);
        all.add(
                volume >= pays
                        ? new Variation(
                                "Below " + BehaviourRules.count(pays) + " queries a month",
                                "With " + BehaviourRules.count(pays - 1) + " queries a month",
                                volume(pays - 1),
                                volumes(1, pays - 1))
                        : new Variation(
                                "From " + BehaviourRules.count(pays) + " queries a month",
                                "With " + BehaviourRules.count(pays) + " queries a month",
                                volume(pays),
                                volumes(pays, 1_000_000_000)));
        if (situation.deadlineDays().isPresent()) {
            all.add(new Variation(
                    "Without the deadline",
                    situation.toBuilder().deadlineDays(OptionalLong.empty()).build()));
        }
        if (situation.latencyMs().isPresent()) {
            all.add(new Variation(
                    "Without the limit on latency",
                    situation.toBuilder().latencyMs(OptionalLong.empty()).build()));
        }
        if (situation.budget().isPresent()) {
            all.add(new Variation(
                    "Without the limit on the budget",
                    situation.toBuilder().budget(Optional.empty()).build()));
        }
        if (situation.bar().isPresent()) {
            all.add(new Variation(
                    "Without the bar",
                    situation.toBuilder()
                            .promptScore(OptionalDouble.empty())
                            .bar(OptionalDouble.empty())
                            .build()));
        }
        if (situation.closedModel()) {
            all.add(new Variation(
                    "On a base model that can be tuned",
                    situation.toBuilder().closedModel(false).build()));
        }
        if (situation.noIndexOnDevice()) {
            all.add(new Variation(
                    "If the device may hold an index",
                    situation.toBuilder().noIndexOnDevice(false).build()));
        }
        if (situation.noMlTeam()) {
            all.add(new Variation(
                    "With somebody who trains models",
                    situation.toBuilder().noMlTeam(false).build()));
        }
        return all;
    }

    private Situation changing(Changes rate) {
        return situation.toBuilder().changes(rate).build();
    }

    private Situation documents(long count) {
        return situation.toBuilder().documents(count).build();
    }

    private Situation volume(long queries) {
        return situation.toBuilder().volume(queries).build();
    }

    /** From the lower to the higher, tenfold each time. */
    private List<Situation> volumes(long low, long high) {
        return LongStream.iterate(low, each -> each <= high, each -> 10 * each)
                .mapToObj(this::volume)
                .toList();
    }

    /** Whether each of these leads to the arm as well. */
    private boolean holds(Arm arm, List<Situation> further) {
        return further.stream()
                .allMatch(each -> arm(each).filter(other -> other == arm).isPresent());
    }

    /** The nearest threshold above what there is that changes the recommendation, and how far its answer reaches. */
    private Optional<String> moreExamples() {
        List<Long> above = thresholds().stream()
                .filter(threshold -> situation.examples().orElse(0) < threshold)
                .toList();
        for (long from : above) {
            Optional<Arm> arm = withExamples(from).filter(other -> other != verdict.arm());
            if (arm.isPresent()) {
                OptionalLong end = above.stream()
                        .mapToLong(threshold -> threshold)
                        .filter(threshold ->
                                threshold > from && !withExamples(threshold).equals(arm))
                        .findFirst();
                return Optional.of(
                        end.isEmpty()
                                ? "With " + BehaviourRules.count(from) + " clean examples or more: " + arm.orElseThrow()
                                : between(from, end.getAsLong() - 1, arm.orElseThrow()));
            }
        }
        return Optional.empty();
    }

    /** Likewise downwards; of a count that nobody knows there is no fewer. */
    private Optional<String> fewerExamples() {
        if (situation.examples().isEmpty()) {
            return Optional.empty();
        }
        long now = situation.examples().getAsLong();
        List<Long> below = thresholds().reversed().stream()
                .filter(threshold -> threshold <= now)
                .toList();
        for (long threshold : below) {
            Optional<Arm> arm = withExamples(threshold - 1).filter(other -> other != verdict.arm());
            if (arm.isPresent()) {
                // Each lower step by its upper end; none at all is a step of its own, where nothing can be trained.
                OptionalLong other = LongStream.concat(below.stream().mapToLong(each -> each - 1), LongStream.of(0))
                        .filter(count ->
                                count < threshold - 1 && !withExamples(count).equals(arm))
                        .findFirst();
                return Optional.of(
                        other.isEmpty()
                                ? "With fewer than " + BehaviourRules.count(threshold) + " clean examples: "
                                        + arm.orElseThrow()
                                : between(other.getAsLong() + 1, threshold - 1, arm.orElseThrow()));
            }
        }
        return Optional.empty();
    }

    private static String between(long from, long to, Arm arm) {
        return "With " + BehaviourRules.count(from) + " to " + BehaviourRules.count(to) + " clean examples: " + arm;
    }

    private Optional<Arm> withExamples(long count) {
        return arm(situation.toBuilder().examples(count).build());
    }

    /** Every count at which a rule changes its mind, upwards. */
    private List<Long> thresholds() {
        return List.of(
                prices.threshold("examples.floor"),
                prices.threshold("examples.contested"),
                prices.threshold("examples.enough"),
                prices.threshold("examples.many"));
    }

    /** The other decision; none where the change would leave no arm. */
    private Optional<Arm> arm(Situation changed) {
        try {
            return Optional.of(Adviser.Verdict.of(changed, verdict.given().measurements(), prices)
                    .arm());
        } catch (Failure impossible) {
            return Optional.empty();
        }
    }
}
