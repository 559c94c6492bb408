package dev.tandem.knowledge.index;

import dev.tandem.domain.Language;
import java.util.List;

/**
 * The union of what both channels put forward, in no particular order.
 *
 * @param complete whether asking for more candidates would bring none
 * @param question the language that knows most of the question's words; English where none does
 */
public record Candidates(List<Candidate> all, boolean complete, Language question) {
    public Candidates {
        all = List.copyOf(all);
    }
}
