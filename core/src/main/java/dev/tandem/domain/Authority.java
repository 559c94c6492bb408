package dev.tandem.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Who may read what, and what may leave this machine, as the catalog has it at this moment; a revocation or deletion holds from its commit. */
public interface Authority extends LocalOnly {

    /** Ids of the access sets that the asker may read: what an index filters by, inside the query. */
    Set<Long> readableAccessSets(Principal asker);

    /** Whether the asker may read every live document of the collection; only then are raw scores shown. */
    boolean readsAll(Principal asker, String collection);

    /** Of these document ids, the ones that are live and readable to the asker, in their current version, by id. */
    Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds);
}
