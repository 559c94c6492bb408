package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What the work that a system saves is worth. */
final class Roi {

    private Roi() {}

    /** Cases until {@code cost} USD are earned by {@code hours} of work each, at {@code wage} USD an hour; one decimal. */
    static BigDecimal cases(BigDecimal cost, BigDecimal hours, BigDecimal wage) {
        return cost.divide(hours.multiply(wage), 1, RoundingMode.HALF_UP);
    }
}
