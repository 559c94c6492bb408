package dev.tandem.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may read what, what may leave this machine and how a collection is searched, as the catalog has it at this moment; a
 * revocation or deletion holds from its commit.
 */
public interface Authority extends LocalOnly {

    /** Ids of the access sets that the asker may read: what an index filters by, inside the query. */
    Set<Long> readableAccessSets(Principal asker);

    /** Whether the asker may read every live document of the collection; only then are raw scores shown. */
    boolean readsAll(Principal asker, String collection);

    /** Whether the asker may read any live document of the collection. */
    default boolean readsAny(Principal asker, String collection) {
        return false;
    }

    /** How the collection is searched where that was tuned; empty where it is as usual. */
    default Optional<RetrievalSettings> retrieval(String collection) {
        return Optional.empty();
    }

    /** Of these document ids, the ones that are live and readable to the asker, in their current version, by id. */
    Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds);
}
