package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Encoder;
import java.nio.file.Path;
import java.util.List;

/**
 * Vectors of an encoder that the collection's questions do not use, beside those that they do: filled while the others
 * answer. They follow the ledger on their own, and need not be as far as the words are.
 */
public final class SpareVectors implements VectorShelf, AutoCloseable {

    private final Encoder encoder;
    private final LuceneDirectory vectors;

    private SpareVectors(Encoder encoder, LuceneDirectory vectors) {
        this.encoder = encoder;
        this.vectors = vectors;
    }

    /**
     * Opens for writing the vectors below the collection's directory.
     *
     * @throws dev.tandem.domain.Failure as {@link CollectionIndex#write}
     */
    public static SpareVectors write(Path directory, Encoder encoder) {
        CollectionIndex.requireDimensions(encoder);
        LuceneDirectory vectors = LuceneDirectory.write(
                CollectionIndex.vectorsOf(directory, encoder), DenseChannel.writing(), encoder.hash());
        try {
            CollectionIndex.requireOwn(vectors, directory, encoder);
        } catch (Throwable e) {
            vectors.close();
            throw e;
        }
        return new SpareVectors(encoder, vectors);
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public long vectorSequence() {
        return vectors.sequence();
    }

    @Override
    public void dropVectors(String documentId) {
        vectors.change(writer -> writer.deleteDocuments(Fields.ofDocument(documentId)));
    }

    @Override
    public void putVectors(DocumentRef document, long accessSet, List<Chunk> chunks, List<float[]> unit) {
        CollectionIndex.put(vectors, encoder, document, accessSet, chunks, unit);
    }

    @Override
    public void commitVectors(long ledgerSequence) {
        vectors.commit(ledgerSequence);
    }

    /** What was not committed is dropped; the ledger brings it back. */
    @Override
    public void close() {
        vectors.close();
    }
}
