package dev.tandem.evidence.advice;

/** One way to answer, from the simplest to the most involved: that order decides where nothing else does. */
public enum Arm {
    BASELINE,
    RAG,
    TUNED,
    HYBRID;

    public static Arm parse(String word) {
        return Words.parse(Arm.class, "arm", word);
    }

    /** Whether the documents are asked at answer time. */
    boolean retrieves() {
        return this == RAG || this == HYBRID;
    }

    /** Whether weights were trained for it. */
    boolean trained() {
        return this == TUNED || this == HYBRID;
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
