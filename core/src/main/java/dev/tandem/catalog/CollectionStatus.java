package dev.tandem.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A collection counted over what one principal may read, and nothing else.
 *
 * @param documents found by search
 * @param chunks of those
 * @param embedded of those chunks: findable by meaning too
 * @param wordsOnly of those chunks: in a language that the encoder does not know, found by their words alone
 * @param acknowledged own documents that are kept and not yet read
 * @param failed own documents whose last version could not be read
 * @param lastModified of the documents; null where there are none
 */
public record CollectionStatus(
        String collection,
        long documents,
        long chunks,
        long embedded,
        long wordsOnly,
        long acknowledged,
        long failed,
        @Nullable Instant lastModified) {}
