package dev.tandem.catalog;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.HiddenText;
import dev.tandem.domain.Language;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read out of one version of a document.
 *
 * @param modified when the source says it was last changed; null where it does not say, and the file's date stands
 * @param metadata all of it, found and given
 * @param chunks in order; their texts rebuild the text
 * @param textHashes one for each chunk: SHA-256, in hex, of the text that is embedded
 * @param hidden what was taken out of the text because no reader sees it
 * @param language by whose rules its words are analysed
 * @param blocks what the text is made of, as whoever cuts it writes that
 */
public record Extraction(
        String title,
        String text,
        SortedMap<String, String> metadata,
        @Nullable Instant modified,
        List<Chunk> chunks,
        List<String> textHashes,
        HiddenText hidden,
        Language language,
        String blocks) {

    public Extraction {
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        chunks = List.copyOf(chunks);
        textHashes = List.copyOf(textHashes);
        if (chunks.size() != textHashes.size()) {
            throw new IllegalArgumentException(chunks.size() + " chunks, " + textHashes.size() + " hashes");
        }
    }

    /** Nothing was hidden in it, and it is in English. */
    public Extraction(
            String title,
            String text,
            SortedMap<String, String> metadata,
            @Nullable Instant modified,
            List<Chunk> chunks,
            List<String> textHashes) {
        this(title, text, metadata, modified, chunks, textHashes, HiddenText.NONE, Language.ENGLISH, "");
    }
}
