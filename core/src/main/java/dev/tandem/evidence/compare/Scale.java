package dev.tandem.evidence.compare;

import java.util.Locale;

/**
 * An axis: values from {@code low} to {@code high} onto pixels from {@code left} to {@code right}, with a tick every
 * {@code step}.
 */
record Scale(double low, double high, double step, double left, double right) {

    private static final double[] STEPS = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};
    private static final int MOST_TICKS = 6;

    /** Holds both values, ends on ticks, has at most seven of them. */
    static Scale holding(double least, double most, double left, double right) {
        for (double step : STEPS) {
            double low = Math.floor(least / step + 1e-9) * step;
            double high = Math.max(Math.ceil(most / step - 1e-9) * step, low + step);
            if (Math.round((high - low) / step) <= MOST_TICKS) {
                return new Scale(low, high, step, left, right);
            }
        }
        return new Scale(Math.floor(least), Math.max(Math.ceil(most), Math.floor(least) + 1), 1, left, right);
    }

    double x(double value) {
        return left + (value - low) / (high - low) * (right - left);
    }

    int ticks() {
        return (int) Math.round((high - low) / step) + 1;
    }

    double tick(int number) {
        return low + number * step;
    }

    /** A coordinate, short. */
    static String px(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
