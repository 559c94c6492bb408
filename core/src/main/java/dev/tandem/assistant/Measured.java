package dev.tandem.assistant;

/** One number for each constant of an enumeration; 0 where none was set. */
final class Measured<F extends Enum<F>> {

    private final double[] values;

    Measured(Class<F> features) {
        this.values = new double[features.getEnumConstants().length];
    }

    @SuppressWarnings("EnumOrdinal") // an EnumMap without the boxes
    double get(F feature) {
        return values[feature.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal")
    void set(F feature, double value) {
        values[feature.ordinal()] = value;
    }

    void set(F feature, boolean holds) {
        set(feature, holds ? 1 : 0);
    }
}
