package dev.tandem.evidence.advice;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What each arm costs, and when tuning has paid for itself.
 *
 * @param volume queries a month that totals are of
 * @param volumeGiven whether the user said so; otherwise it is the volume at which the guides part
 * @param arms every arm, in order
 * @param time words such as {@code days–weeks}, by arm
 * @param paybacks what pays against what, at both ends of the ranges
 * @param workSaved cases until the set-up is earned by work saved, by arm; empty without hours and wage
 * @param assumptions what the figures take for granted, in sentences
 */
public record Cost(
        Tier tier,
        long volume,
        boolean volumeGiven,
        Map<Arm, ArmCost> arms,
        Map<Arm, String> time,
        List<Comparison> paybacks,
        Map<Arm, Range> workSaved,
        List<String> assumptions) {

    /**
     * One arm against another that is cheaper to build.
     *
     * @param best the end of the ranges at which it pays soonest
     * @param worst the other end
     */
    public record Comparison(Arm arm, Arm against, Payback best, Payback worst) {}

    public Cost {
        arms = Collections.unmodifiableMap(new EnumMap<>(arms));
        time = Collections.unmodifiableMap(new EnumMap<>(time));
        workSaved = workSaved.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(workSaved));
        paybacks = List.copyOf(paybacks);
        assumptions = List.copyOf(assumptions);
    }

    public ArmCost of(Arm arm) {
        ArmCost cost = arms.get(arm);
        if (cost == null) {
            throw new IllegalStateException("every arm has a cost");
        }
        return cost;
    }

    /** Whether running was measured and cost nothing, so that totals and break-even are of published costs. */
    public boolean paidNothing() {
        return arms.values().stream().anyMatch(ArmCost::paidNothing);
    }

    public Range total(Arm arm, int months) {
        return of(arm).total(months, volume);
    }
}
