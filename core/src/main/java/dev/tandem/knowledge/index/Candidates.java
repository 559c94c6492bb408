package dev.tandem.knowledge.index;

import java.util.List;

/**
 * The union of what both channels put forward, in no particular order.
 *
 * @param complete whether asking for more candidates would bring none
 */
public record Candidates(List<Candidate> all, boolean complete) {
    public Candidates {
        all = List.copyOf(all);
    }
}
