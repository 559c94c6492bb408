package dev.tandem.evidence.advice;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What rules found in a case, in the order in which they were heard. */
final class Findings {

    record Finding(Rule rule, Effect effect) {}

    private final List<Finding> all = new ArrayList<>();

    /** Every rule in its order; each sees what those before it found. */
    static Findings of(Case given) {
        var findings = new Findings();
        for (Rule rule : Rules.ALL) {
            rule.check().on(given, findings).ifPresent(effect -> findings.all.add(new Finding(rule, effect)));
        }
        return findings;
    }

    List<Finding> all() {
        return Collections.unmodifiableList(all);
    }

    /** Arms that a hard constraint bars. */
    Set<Arm> barred() {
        Set<Arm> arms = EnumSet.noneOf(Arm.class);
        for (Finding each : all) {
            if (each.effect() instanceof Effect.Bars(String _, Set<Arm> barred, boolean _)) {
                arms.addAll(barred);
            }
        }
        return arms;
    }

    /** Arms beyond a limit that the user set. */
    Set<Arm> beyond() {
        Set<Arm> arms = EnumSet.noneOf(Arm.class);
        for (Finding each : all) {
            if (each.effect() instanceof Effect.Limits(String _, Set<Arm> limited)) {
                arms.addAll(limited);
            }
        }
        return arms;
    }

    /** Arms that a prior advises against for now, or that lie beyond a limit of the user's. */
    Set<Arm> held() {
        Set<Arm> arms = beyond();
        for (Finding each : all) {
            if (each.effect() instanceof Effect.Holds(String _, Set<Arm> held, boolean _)) {
                arms.addAll(held);
            }
        }
        return arms;
    }

    /** How many priors and limits speak against an arm. */
    long holds(Arm arm) {
        return all.stream()
                .filter(each -> switch (each.effect()) {
                    case Effect.Holds holds -> holds.arms().contains(arm);
                    case Effect.Limits limits -> limits.arms().contains(arm);
                    case Effect.Bars _, Effect.Retrieval _, Effect.Tuning _, Effect.Prompt _, Effect.Note _ -> false;
                })
                .count();
    }

    /** Whether anything speaks for documents at answer time. */
    boolean knowledge() {
        return all.stream().map(Finding::effect).anyMatch(effect -> switch (effect) {
            case Effect.Retrieval _ -> true;
            case Effect.Bars bars -> bars.retrieval();
            case Effect.Holds holds -> holds.retrieval();
            case Effect.Tuning _, Effect.Prompt _, Effect.Limits _, Effect.Note _ -> false;
        });
    }

    /** Whether anything speaks for behaviour in weights. */
    boolean behaviour() {
        return all.stream().anyMatch(each -> each.effect() instanceof Effect.Tuning);
    }

    /** Whether the prompt alone was found to be enough. */
    boolean promptIsEnough() {
        return all.stream().anyMatch(each -> each.effect() instanceof Effect.Prompt);
    }

    boolean hard() {
        return all.stream().anyMatch(each -> each.effect() instanceof Effect.Bars);
    }
}
