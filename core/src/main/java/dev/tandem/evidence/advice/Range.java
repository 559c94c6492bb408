package dev.tandem.evidence.advice;

import java.math.BigDecimal;

/**
 * From low to high, both ends possible and nothing said of what lies between. Arithmetic keeps it a range: there is no
 * mean of two guides here.
 *
 * @param open whether the source says "or more" behind the high end
 */
public record Range(BigDecimal low, BigDecimal high, boolean open) {

    public static final Range ZERO = of(BigDecimal.ZERO);

    public Range {
        if (low.compareTo(high) > 0) {
            throw new IllegalArgumentException(low + " is above " + high);
        }
    }

    public static Range of(BigDecimal exact) {
        return new Range(exact, exact, false);
    }

    public static Range of(String low, String high) {
        return new Range(new BigDecimal(low), new BigDecimal(high), false);
    }

    Range plus(Range other) {
        return new Range(low.add(other.low), high.add(other.high), open || other.open);
    }

    /** Both ends times a factor that is not negative. */
    Range times(BigDecimal factor) {
        return new Range(low.multiply(factor), high.multiply(factor), open);
    }

    Range times(long factor) {
        return times(BigDecimal.valueOf(factor));
    }

    /** Low by low and high by high; neither range is negative. */
    Range times(Range other) {
        return new Range(low.multiply(other.low), high.multiply(other.high), open || other.open);
    }

    /** Less what both have in common; never below zero. */
    Range less(Range shared) {
        return new Range(
                low.subtract(shared.low).max(BigDecimal.ZERO),
                high.subtract(shared.high).max(low.subtract(shared.low)).max(BigDecimal.ZERO),
                open);
    }

    boolean contains(BigDecimal value) {
        return value.compareTo(low) >= 0 && (open || value.compareTo(high) <= 0);
    }

    boolean isZero() {
        return high.signum() == 0;
    }

    /** Both ends are below the other's, as printed: an "or more" has no number to compare. Ranges may cross, either way. */
    boolean isBelow(Range other) {
        return low.compareTo(other.low) < 0 && high.compareTo(other.high) < 0;
    }
}
