package dev.tandem.domain;

import java.util.List;
import java.util.Optional;

/** Reads a question and passages together, and says in each where the answer stands, if it does. */
public interface SpanReader {

    /** Most tokens of an answer. */
    int LONGEST = 30;

    /** For people. */
    String name();

    /**
     * The likeliest answer in one passage.
     *
     * @param from where it begins in the passage, in UTF-16 code units
     * @param to where it ends
     * @param score of it, the higher the better; comparable across passages of a question
     * @param margin by how much that is more than the score of there being none; below zero, none is likelier
     */
    record Found(int from, int to, double score, double margin) {
        public Found {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("from " + from + " to " + to);
            }
        }
    }

    /** One for each passage, in their order; empty where a passage has no word that could be an answer. */
    List<Optional<Found>> read(String question, List<String> passages);
}
