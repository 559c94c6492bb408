package dev.tandem.evidence.advice;

/** How often the facts that answers rest on change, fastest first. */
public enum Changes {
    HOURLY,
    DAILY,
    WEEKLY,
    MONTHLY,
    QUARTERLY,
    YEARLY,
    NEVER;

    public static Changes parse(String word) {
        return Words.parse(Changes.class, "rate of change", word);
    }

    boolean moreThanMonthly() {
        return compareTo(MONTHLY) < 0;
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
