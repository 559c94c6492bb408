package dev.tandem.evidence.advice;

/** What is asked of the system. */
public enum Task {
    CLASSIFY,
    ANSWER,
    EXTRACT,
    WRITE;

    public static Task parse(String word) {
        return Words.parse(Task.class, "task", word);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
