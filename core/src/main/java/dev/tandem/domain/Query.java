package dev.tandem.domain;

/**
 * A question put to one collection by somebody.
 *
 * @param text what is asked; not blank, at most {@value #LONGEST} characters
 * @param limit most hits wanted, 1 to 1,000
 */
public record Query(String text, Principal asker, String collection, Filter filter, int limit) {

    public static final int LONGEST = 10_000;
    public static final int MOST_HITS = 1_000;

    public Query {
        if (text.isBlank()) {
            throw new Failure(Failure.Kind.INVALID, "The question is empty.", "Ask something: tandem ask \"…\".");
        }
        if (text.length() > LONGEST) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The question has " + text.length() + " characters; at most " + LONGEST + " are read.",
                    "Ask a shorter question, and ingest long text as a document.");
        }
        if (limit < 1 || limit > MOST_HITS) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The limit " + limit + " is outside 1 to " + MOST_HITS + ".",
                    "Choose a limit from 1 to " + MOST_HITS + ".");
        }
    }
}
