package dev.tandem.evidence.compare;

import java.util.Locale;

/** What a suite asks for. */
public enum Task {
    /** One of a fixed set of labels: right or wrong. */
    CLASSIFY("accuracy"),
    /** An answer in words: measured by its overlap with the right ones. */
    ANSWER("token_f1");

    private final String metric;

    Task(String metric) {
        this.metric = metric;
    }

    /** The figure by which arms are compared with each other. */
    public String metric() {
        return metric;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
