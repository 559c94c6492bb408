package dev.tandem.evidence.advice;

/** How large the undertaking is; the guides agree about money once they are read by tier. */
public enum Tier {
    /** A small team with tools that are there: the figures of S0. */
    START,
    /** A deployment in a business: the figures of S1. */
    BUSINESS,
    /** Engineering, evaluation and data curation included: the figures of S2. */
    ENTERPRISE;

    public static Tier parse(String word) {
        return Words.parse(Tier.class, "tier", word);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
