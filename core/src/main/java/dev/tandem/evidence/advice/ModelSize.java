package dev.tandem.evidence.advice;

/** What is tuned, for the cost of training in the business tier. */
public enum ModelSize {
    /** A small open model, low-rank. */
    SMALL,
    /** A mid-size model. */
    MID;

    public static ModelSize parse(String word) {
        return Words.parse(ModelSize.class, "model size", word);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
