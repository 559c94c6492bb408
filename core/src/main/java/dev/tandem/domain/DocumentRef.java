package dev.tandem.domain;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One version of a document, as a reader is told of it.
 *
 * @param id stable over versions: 16 hex digits derived from collection, owner and path, so that ids never count
 * @param version 1 for the first content seen, one more for each change of content
 * @param collection the collection it stands in
 * @param title what a person would call it
 * @param path where it was read from: a path, {@code archive.jsonl#record} or {@code -} for standard input
 * @param source the kind of place it came from, such as {@code file}, {@code jsonl}, {@code stdin}
 * @param modified when the source says it was last changed
 * @param metadata what was given with {@code --meta} or found in the source; keys are lower case
 * @param language by whose rules its words are analysed
 */
public record DocumentRef(
        String id,
        int version,
        String collection,
        String title,
        String path,
        String source,
        Instant modified,
        SortedMap<String, String> metadata,
        Language language) {

    public DocumentRef {
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** One in English. */
    public DocumentRef(
            String id,
            int version,
            String collection,
            String title,
            String path,
            String source,
            Instant modified,
            SortedMap<String, String> metadata) {
        this(id, version, collection, title, path, source, modified, metadata, Language.ENGLISH);
    }
}
