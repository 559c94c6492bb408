package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * When {@code arm} has paid for itself against {@code against}, at one end of the ranges.
 *
 * @param extra USD more at first
 * @param gap USD less a query
 * @param fixed USD less a month, whatever the volume
 * @param queries in all; empty where costs by the month make it a matter of the volume, and none was given
 * @param months at the given volume; empty without one
 * @param volumeFor12 queries a month from which it pays within 12 months
 * @param volumeFor36 likewise within 36
 */
public record Payback(
        BigDecimal extra,
        BigDecimal gap,
        BigDecimal fixed,
        Optional<BreakEven> queries,
        Optional<BreakEven> months,
        BreakEven volumeFor12,
        BreakEven volumeFor36) {

    /** The end at which it pays soonest: cheap to build, and what it replaces is dear to run. */
    static Payback best(ArmCost arm, ArmCost against, Optional<Long> volume) {
        return of(
                arm.setup().low().subtract(against.setup().low()),
                against.perQuery().high().subtract(arm.perQuery().low()),
                contains(arm, against)
                        ? against.monthly().low().subtract(arm.monthly().low())
                        : against.monthly().high().subtract(arm.monthly().low()),
                volume);
    }

    /** The other end. Set-up costs are paired like with like: who builds one thing dearly builds the other dearly. */
    static Payback worst(ArmCost arm, ArmCost against, Optional<Long> volume) {
        return of(
                arm.setup().high().subtract(against.setup().high()),
                against.perQuery().low().subtract(arm.perQuery().high()),
                contains(arm, against)
                        ? against.monthly().high().subtract(arm.monthly().high())
                        : against.monthly().low().subtract(arm.monthly().high()),
                volume);
    }

    /** Hybrid runs the same retrieval as rag: what that costs a month is the same on both sides, not high here, low there. */
    private static boolean contains(ArmCost arm, ArmCost against) {
        return arm.arm() == Arm.HYBRID && against.arm() == Arm.RAG;
    }

    private static Payback of(BigDecimal extra, BigDecimal gap, BigDecimal fixed, Optional<Long> volume) {
        Optional<BigDecimal> saving =
                volume.map(each -> gap.multiply(BigDecimal.valueOf(each)).add(fixed));
        Optional<BreakEven> queries = fixed.signum() == 0
                ? Optional.of(BreakEven.queries(extra, gap))
                : volume.map(each -> BreakEven.queries(extra.multiply(BigDecimal.valueOf(each)), saving.orElseThrow()));
        return new Payback(
                extra,
                gap,
                fixed,
                queries,
                saving.map(each -> BreakEven.paybackMonths(extra, each)),
                BreakEven.monthlyVolume(extra, gap, fixed, 12),
                BreakEven.monthlyVolume(extra, gap, fixed, 36));
    }
}
