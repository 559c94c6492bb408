package dev.tandem.measure;

/**
 * A figure with its 95% interval.
 *
 * @param value what was measured
 * @param low lower end of the interval
 * @param high upper end
 */
public record Interval(double value, double low, double high) {

    /** For a difference: zero lies outside, so chance alone is an unlikely explanation. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
