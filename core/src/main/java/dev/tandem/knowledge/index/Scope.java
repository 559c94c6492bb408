package dev.tandem.knowledge.index;

import dev.tandem.domain.Filter;
import java.util.Set;

/**
 * What a search may see, applied inside the query of both channels.
 *
 * @param accessSets ids of the access sets that the asker may read; none means nothing is found
 * @param filter what was asked for besides
 */
public record Scope(Set<Long> accessSets, Filter filter) {
    public Scope {
        accessSets = Set.copyOf(accessSets);
    }
}
