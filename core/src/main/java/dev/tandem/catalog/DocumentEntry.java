package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.HiddenText;
import dev.tandem.domain.Language;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A document as a list shows it.
 *
 * @param version the one that is found; 0 where there is none yet
 * @param title of that version; the path where there is none yet
 * @param state what the owner sees; for everybody else a document that they see is ready
 * @param reason why the last version failed; for its owner only
 * @param modified when the source says it was last changed; null where it was never read
 * @param access who may read it; for its owner only
 * @param hidden what was taken out of that version because no reader sees it
 * @param language of that version; null where there is none yet
 */
public record DocumentEntry(
        String id,
        int version,
        String collection,
        String title,
        String path,
        String source,
        State state,
        @Nullable String reason,
        @Nullable Instant modified,
        SortedMap<String, String> metadata,
        @Nullable AccessSet access,
        HiddenText hidden,
        @Nullable Language language) {

    public DocumentEntry {
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }
}
