package dev.tandem.domain;

import java.util.List;

/** Reads question and passage together, and says how well the one answers the other; slower than any index, and nearer. */
public interface Reranker {

    /** For people. */
    String name();

    /** One figure for each passage, in [0, 1], the higher the better. */
    double[] score(String question, List<String> passages);
}
