package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Encoder;
import java.util.List;

/** Where a collection's vectors of one encoder are put. */
public interface VectorShelf {

    Encoder encoder();

    /** The last ledger sequence that the vectors hold; 0 where there are none. */
    long vectorSequence();

    /** The document has no vectors here until they are put, whichever version they were of. */
    void dropVectors(String documentId);

    /**
     * Vectors of chunks of the version that was put last, all of them or some.
     *
     * @param vectors one unit vector of the encoder's dimensions for each chunk's {@link IndexText}
     */
    void putVectors(DocumentRef document, long accessSet, List<Chunk> chunks, List<float[]> vectors);

    /** Makes vectors durable and visible: there are vectors for everything the ledger holds up to this sequence. */
    void commitVectors(long ledgerSequence);
}
