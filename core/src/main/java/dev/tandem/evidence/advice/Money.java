package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Amounts as a person reads them: no more digits than carry meaning. */
public final class Money {

    private static final BigDecimal WHOLE = BigDecimal.TEN;

    private Money() {}

    /** {@code $0}, {@code $0.002}, {@code $12,500}. */
    public static String of(BigDecimal amount) {
        if (amount.signum() == 0) {
            return "$0";
        }
        return "$" + number(amount);
    }

    /** {@code $500–10,000+}. */
    public static String of(Range range) {
        if (range.isZero() && !range.open()) {
            return "$0";
        }
        String more = range.open() ? "+" : "";
        return range.low().compareTo(range.high()) == 0
                ? of(range.low()) + more
                : of(range.low()) + "–" + number(range.high()) + more;
    }

    /** {@code 0.0012}, {@code 4.5}, {@code 12,500}. */
    static String number(BigDecimal value) {
        if (value.abs().compareTo(WHOLE) >= 0 || isWhole(value)) {
            return String.format(
                    Locale.ROOT, "%,d", value.setScale(0, RoundingMode.HALF_UP).toBigInteger());
        }
        BigDecimal shown = value.abs().compareTo(BigDecimal.ONE) >= 0
                ? value.setScale(1, RoundingMode.HALF_UP)
                : value.round(new MathContext(2, RoundingMode.HALF_UP));
        return shown.stripTrailingZeros().toPlainString();
    }

    private static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }
}
