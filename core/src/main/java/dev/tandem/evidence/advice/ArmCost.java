package dev.tandem.evidence.advice;

import java.math.BigDecimal;

/**
 * What an arm costs: once, each month, and for each query.
 *
 * @param measured whether the cost of a query was measured instead of published
 * @param paidNothing whether it was measured and came to nothing, so that the published one stands beside it
 * @param source of the figures
 */
public record ArmCost(
        Arm arm, Range setup, Range monthly, Range perQuery, boolean measured, boolean paidNothing, String source) {

    /** After so many months at so many queries a month: ends added to ends. */
    public Range total(int months, long queriesAMonth) {
        return setup.plus(running(queriesAMonth).times(months));
    }

    /** Of one month. */
    Range running(long queriesAMonth) {
        return monthly.plus(perQuery.times(BigDecimal.valueOf(queriesAMonth)));
    }
}
