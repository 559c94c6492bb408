package dev.tandem.knowledge.index;

import java.util.List;

/**
 * The union of what both channels put forward, in no particular order.
 *
 * @param attainable the most that BM25 could give a chunk for these words in this collection; 0 where the collection
 *     knows none of them
 * @param complete whether asking for more candidates would bring none
 */
public record Candidates(List<Candidate> all, double attainable, boolean complete) {
    public Candidates {
        all = List.copyOf(all);
    }
}
