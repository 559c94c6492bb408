package dev.tandem.catalog;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import java.util.List;

/**
 * The live version of a document, as an index takes it.
 *
 * @param textHashes one for each chunk: SHA-256, in hex, of the text that is embedded
 */
public record Stored(DocumentRef document, long accessSet, List<Chunk> chunks, List<String> textHashes) {

    public Stored {
        chunks = List.copyOf(chunks);
        textHashes = List.copyOf(textHashes);
    }
}
