package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * When an arm that costs more at first, and less with every query, has paid for itself. A total of queries and a monthly
 * volume are two different things; each of these says which it is.
 */
public sealed interface BreakEven {

    /** After this much: queries, months or queries a month, as the caller asked. */
    record After(BigDecimal amount) implements BreakEven {}

    /** From the first query: it costs no more at first and less later. */
    record AtOnce() implements BreakEven {}

    /** Cheaper at first and dearer with every query: only so long. */
    record Until(BigDecimal amount) implements BreakEven {}

    /** It costs at least as much at first and saves nothing later. */
    record Never() implements BreakEven {}

    /**
     * Total queries, from {@code extra} USD more at first and {@code gap} USD less a query; never when the gap is not
     * positive.
     */
    static BreakEven queries(BigDecimal extra, BigDecimal gap) {
        return of(extra, gap, 0);
    }

    /** Months until {@code extra} USD more at first are earned by {@code saving} USD less a month. */
    static BreakEven paybackMonths(BigDecimal extra, BigDecimal saving) {
        return of(extra, saving, 1);
    }

    /**
     * The monthly volume from which {@code extra} USD are earned within {@code months}, with {@code gap} USD less a query
     * and {@code fixed} USD less a month whatever the volume.
     */
    static BreakEven monthlyVolume(BigDecimal extra, BigDecimal gap, BigDecimal fixed, int months) {
        BigDecimal toEarnAMonth =
                extra.divide(BigDecimal.valueOf(months), MathContext.DECIMAL64).subtract(fixed);
        return of(toEarnAMonth, gap, 0);
    }

    private static BreakEven of(BigDecimal extra, BigDecimal saving, int digits) {
        if (extra.signum() * saving.signum() > 0) {
            BigDecimal amount = extra.divide(saving, MathContext.DECIMAL64).setScale(digits, RoundingMode.HALF_UP);
            return extra.signum() > 0 ? new After(amount) : new Until(amount);
        }
        return extra.signum() < 0 || saving.signum() > 0 ? new AtOnce() : new Never();
    }

    /** {@code 50,000}, {@code at once}, {@code only up to 1,200}, {@code never}. */
    default String words() {
        return switch (this) {
            case After(BigDecimal amount) -> Money.number(amount);
            case AtOnce() -> "at once";
            case Until(BigDecimal amount) -> "only up to " + Money.number(amount);
            case Never() -> "never";
        };
    }
}
