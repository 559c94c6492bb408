package dev.tandem.measure;

/**
 * A figure with its 95% interval.
 *
 * @param value what was measured
 * @param low lower end of the interval
 * @param high upper end
 */
public record Interval(double value, double low, double high) {

    /**
     * This less another that was measured on other cases, with the interval that the two leave to the difference (Zou and
     * Donner 2008: each end as far off as the ends of both together).
     */
    public Interval less(Interval other) {
        double difference = value - other.value;
        return new Interval(
                difference,
                difference - Math.hypot(value - low, other.high - other.value),
                difference + Math.hypot(high - value, other.value - other.low));
    }

    /** For a difference: zero lies outside, so chance alone is an unlikely explanation. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
