package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a document stands in the catalog, for what writes it.
 *
 * @param key its row, inside this catalog only: keys count documents, so they are shown to nobody
 * @param file the path, or for a record the file that holds it
 * @param given metadata given by the owner
 * @param live version that is found; 0 where there is none
 * @param latest version acknowledged last; 0 where its bytes were never read
 * @param contentHash SHA-256 of the latest version's bytes in hex; null where there is none
 */
public record Standing(
        long key,
        String id,
        String collection,
        String owner,
        String path,
        String file,
        String source,
        AccessSet access,
        SortedMap<String, String> given,
        int live,
        int latest,
        State state,
        @Nullable String contentHash) {

    public Standing {
        given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
    }
}
