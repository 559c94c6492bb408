package dev.tandem.evidence.advice;

import dev.tandem.domain.Failure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What would lead to another recommendation: one thing of the situation is changed at a time, and the whole decision made
 * again. Only what does change it is told.
 */
final class Sensitivity {

    private record Variation(String words, Situation situation) {}

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
        examples(examplesAbove(), true).ifPresent(changes::add);
        examples(examplesBelow(), false).ifPresent(changes::add);
        furtherNeeds()
                .forEach((arm, needs) -> changes.add("If " + String.join(" or ", needs) + " were needed: " + arm));
        for (Variation each : variations()) {
            arm(each.situation())
                    .filter(arm -> arm != verdict.arm())
                    .ifPresent(arm -> changes.add(each.words() + ": " + arm));
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
        all.add(new Variation(
                situation.factsChange() ? "If the facts never changed" : "If the facts changed",
                situation.toBuilder()
                        .changes(situation.factsChange() ? Changes.NEVER : Changes.MONTHLY)
                        .build()));
        long many = prices.threshold("documents.many");
        long documents = situation.documents().orElse(0);
        if (documents > many) {
            all.add(new Variation(
                    "With " + BehaviourRules.count(many) + " documents or fewer",
                    situation.toBuilder().documents(many).build()));
        } else {
            all.add(new Variation(
                    "With more than " + BehaviourRules.count(many) + " documents",
                    situation.toBuilder().documents(many + 1).build()));
        }
        long pays = prices.threshold("volume.tuning-pays");
        long volume = situation.volume().orElse(0);
        all.add(
                volume >= pays
                        ? new Variation(
                                "Below " + BehaviourRules.count(pays) + " queries a month",
                                situation.toBuilder().volume(pays - 1).build())
                        : new Variation(
                                "From " + BehaviourRules.count(pays) + " queries a month",
                                situation.toBuilder().volume(pays).build()));
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

    /** The nearest count of examples, upwards or downwards, that changes the recommendation. */
    private Optional<String> examples(List<Long> counts, boolean above) {
        for (long count : counts) {
            Optional<Arm> arm = arm(situation.toBuilder().examples(count).build());
            if (arm.filter(other -> other != verdict.arm()).isPresent()) {
                return Optional.of((above
                                ? "With " + BehaviourRules.count(count) + " clean examples or more: "
                                : "With fewer than " + BehaviourRules.count(count + 1) + " clean examples: ")
                        + arm.orElseThrow());
            }
        }
        return Optional.empty();
    }

    private List<Long> examplesAbove() {
        return thresholds().stream()
                .filter(threshold -> situation.examples().orElse(0) < threshold)
                .toList();
    }

    /** None where nobody said how many there are: fewer than an unknown number is no change. */
    private List<Long> examplesBelow() {
        if (situation.examples().isEmpty()) {
            return List.of();
        }
        return thresholds().reversed().stream()
                .map(threshold -> threshold - 1)
                .filter(below -> situation.examples().orElse(Long.MAX_VALUE) > below)
                .toList();
    }

    private List<Long> thresholds() {
        return List.of(
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
