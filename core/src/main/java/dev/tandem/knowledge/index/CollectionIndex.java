package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Language;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * The index of one collection under one encoder: {@code <directory>/lexical} and
 * {@code <directory>/vectors-<first 16 digits of the encoder's hash>}. One process writes; any number read. Writes come
 * from one thread at a time, searches from any.
 *
 * <p>A document's words are findable from {@link #commit}, by meaning too from {@link #commitVectors}. After a crash both
 * directories stand at their last commit; the writer then applies again what the ledger holds after {@link #sequence()},
 * and puts the vectors of every document that the ledger names after {@link #vectorSequence()}. Applying a write twice
 * changes nothing.
 */
public final class CollectionIndex implements VectorShelf, AutoCloseable {

    private static final String LEXICAL = "lexical";
    private static final String VECTORS = "vectors-";
    private static final int MOST_DIMENSIONS = DenseChannel.MOST_DIMENSIONS;

    private final Path directory;
    private final Encoder encoder;
    private final LuceneDirectory lexical;
    private @Nullable LuceneDirectory vectors;

    private CollectionIndex(
            Path directory, Encoder encoder, LuceneDirectory lexical, @Nullable LuceneDirectory vectors) {
        this.directory = directory;
        this.encoder = encoder;
        this.lexical = lexical;
        this.vectors = vectors;
    }

    /**
     * Opens for writing; an index that is not there yet is created and committed empty, at sequence 0.
     *
     * @throws Failure CONFLICT where the index holds another encoder's vectors and none of this one; BUSY where another
     *     process writes it; BROKEN where it is damaged
     */
    public static CollectionIndex write(Path directory, Encoder encoder) {
        requireSameEncoder(directory, encoder);
        return openForWriting(directory, encoder);
    }

    /**
     * Opens for writing with the encoder that the catalog calls live: where it has no vectors, they are to be filled in,
     * whatever stands beside them.
     */
    public static CollectionIndex writeLive(Path directory, Encoder encoder) {
        return openForWriting(directory, encoder);
    }

    private static CollectionIndex openForWriting(Path directory, Encoder encoder) {
        requireDimensions(encoder);
        // Vectors first: a lexical directory is never found without the directory that its vectors go to.
        LuceneDirectory vectors =
                LuceneDirectory.write(vectorsOf(directory, encoder), DenseChannel.writing(), encoder.hash());
        LuceneDirectory lexical;
        try {
            lexical = LuceneDirectory.write(directory.resolve(LEXICAL), LexicalChannel.writing(), "");
        } catch (Throwable e) {
            vectors.close();
            throw e;
        }
        var index = new CollectionIndex(directory, encoder, lexical, vectors);
        try {
            index.requireOwnVectors();
            if (vectors.sequence() > lexical.sequence()) {
                // The lexical directory was rebuilt, and applying its ledger again drops vectors: they are due again.
                vectors.commit(lexical.sequence());
            }
            return index;
        } catch (Throwable e) {
            index.close();
            throw e;
        }
    }

    static void requireDimensions(Encoder encoder) {
        if (encoder.dimensions() > MOST_DIMENSIONS) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The encoder " + encoder.name() + " makes vectors of " + encoder.dimensions() + " dimensions.",
                    "Choose an encoder of at most " + MOST_DIMENSIONS + " dimensions.");
        }
    }

    /**
     * Opens for reading what {@link #exists} says is there.
     *
     * @throws Failure CONFLICT where the index holds another encoder's vectors and none of this one; BROKEN where it is
     *     damaged
     */
    public static CollectionIndex read(Path directory, Encoder encoder) {
        requireSameEncoder(directory, encoder);
        return readLive(directory, encoder);
    }

    /** Opens for reading with the encoder that the catalog calls live: where it has no vectors yet, words alone answer. */
    public static CollectionIndex readLive(Path directory, Encoder encoder) {
        LuceneDirectory lexical = LuceneDirectory.read(directory.resolve(LEXICAL), LexicalChannel.similarity());
        var index = new CollectionIndex(directory, encoder, lexical, null);
        try {
            index.openVectors();
            return index;
        } catch (Throwable e) {
            index.close();
            throw e;
        }
    }

    /** Whether an index was ever created there. */
    public static boolean exists(Path directory) {
        return LuceneDirectory.exists(directory.resolve(LEXICAL));
    }

    /** The Lucene directories of a collection that something was committed to: words first, then vectors. */
    public static List<Path> directories(Path directory) {
        String[] names = directory.toFile().list((_, name) -> name.equals(LEXICAL) || name.startsWith(VECTORS));
        return names == null
                ? List.of()
                : Stream.of(names)
                        .sorted()
                        .map(directory::resolve)
                        .filter(LuceneDirectory::exists)
                        .toList();
    }

    /** What is wrong with each of its directories that is not whole, in the order of {@link #directories}. */
    public static SortedMap<Path, Failure> damage(Path directory) {
        var damage = new TreeMap<Path, Failure>();
        for (Path each : directories(directory)) {
            LuceneDirectory.damage(each, LexicalChannel.similarity()).ifPresent(failure -> damage.put(each, failure));
        }
        return damage;
    }

    /** Whether that is the directory of some encoder's vectors. */
    public static boolean isVectors(Path directory) {
        return directory.getFileName().toString().startsWith(VECTORS);
    }

    /** Whether that is the directory of this encoder's vectors. */
    public static boolean isVectorsOf(Path directory, Encoder encoder) {
        return directory.getFileName().equals(vectorsOf(directory, encoder).getFileName());
    }

    /**
     * Leaves no byte of the document in any file of the collection's index, vectors of other encoders among them; nobody
     * may have it open for writing.
     */
    public static void purge(Path directory, String documentId) {
        for (Path each : directories(directory)) {
            LuceneDirectory.purge(
                    each,
                    each.endsWith(LEXICAL) ? LexicalChannel.writing() : DenseChannel.writing(),
                    Fields.ofDocument(documentId));
        }
    }

    /** Whether something was ever committed there under this encoder. */
    public static boolean hasVectorsOf(Path directory, Encoder encoder) {
        return LuceneDirectory.exists(vectorsOf(directory, encoder));
    }

    static Path vectorsOf(Path directory, Encoder encoder) {
        return directory.resolve(VECTORS + encoder.hash().substring(0, 16));
    }

    /**
     * Refuses an encoder that made none of the vectors there.
     *
     * @throws Failure CONFLICT where the index holds another encoder's vectors and none of this one
     */
    public static void requireSameEncoder(Path directory, Encoder encoder) {
        Path own = vectorsOf(directory, encoder);
        if (LuceneDirectory.exists(own)) {
            return;
        }
        // A crash before the first commit leaves directories with nothing in them: they are nobody's.
        String[] names = directory.toFile().list((_, name) -> name.startsWith(VECTORS));
        if (names != null && Stream.of(names).map(directory::resolve).anyMatch(LuceneDirectory::exists)) {
            throw anotherEncoder(directory, encoder);
        }
    }

    private void requireOwnVectors() {
        if (vectors != null) {
            requireOwn(vectors, directory, encoder);
        }
    }

    static void requireOwn(LuceneDirectory vectors, Path directory, Encoder encoder) {
        if (!vectors.encoderHash().equals(encoder.hash())) {
            throw anotherEncoder(directory, encoder);
        }
    }

    private static Failure anotherEncoder(Path directory, Encoder encoder) {
        return new Failure(
                Failure.Kind.CONFLICT,
                "The index " + directory + " was built with another encoder than " + encoder.name() + ".",
                "Run tandem reembed to add this encoder's vectors, or go back to the encoder it was built with.");
    }

    private synchronized @Nullable LuceneDirectory openVectors() {
        if (vectors == null && LuceneDirectory.exists(vectorsOf(directory, encoder))) {
            vectors = LuceneDirectory.read(vectorsOf(directory, encoder), LexicalChannel.similarity());
            requireOwnVectors();
        }
        return vectors;
    }

    private LuceneDirectory vectorsToWrite() {
        if (vectors == null) {
            throw new IllegalStateException("opened for reading: " + directory);
        }
        return vectors;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    /** These chunks, all of one version of the document, are now its only ones; it has no vectors until they are put. */
    public void put(DocumentRef document, long accessSet, List<Chunk> chunks) {
        if (chunks.isEmpty()) {
            remove(document.id());
            return;
        }
        Iterable<Document> oneAtATime = () -> chunks.stream()
                .map(chunk -> Fields.lexical(document, accessSet, chunk))
                .iterator();
        if (document.language() != Language.ENGLISH) {
            lexical.need(LuceneDirectory.FORMAT_OF_LANGUAGES);
        }
        lexical.change(writer -> writer.updateDocuments(Fields.ofDocument(document.id()), oneAtATime));
        vectorsToWrite().change(writer -> writer.deleteDocuments(Fields.ofDocument(document.id())));
    }

    @Override
    public void dropVectors(String documentId) {
        vectorsToWrite().change(writer -> writer.deleteDocuments(Fields.ofDocument(documentId)));
    }

    @Override
    public void putVectors(DocumentRef document, long accessSet, List<Chunk> chunks, List<float[]> unit) {
        put(vectorsToWrite(), encoder, document, accessSet, chunks, unit);
    }

    static void put(
            LuceneDirectory directory,
            Encoder encoder,
            DocumentRef document,
            long accessSet,
            List<Chunk> chunks,
            List<float[]> vectors) {
        if (chunks.size() != vectors.size()) {
            throw new IllegalArgumentException(chunks.size() + " chunks, " + vectors.size() + " vectors");
        }
        vectors.forEach(vector -> requireUnit(encoder, vector));
        directory.change(writer -> {
            for (int i = 0; i < chunks.size(); i++) {
                Chunk chunk = chunks.get(i);
                writer.updateDocument(
                        Fields.ofChunk(chunk.id()), Fields.vector(document, accessSet, chunk, vectors.get(i)));
            }
        });
    }

    private static void requireUnit(Encoder encoder, float[] vector) {
        if (vector.length != encoder.dimensions()) {
            throw new IllegalArgumentException(vector.length + " dimensions, not " + encoder.dimensions());
        }
        VectorUtil.checkFinite(vector);
        float square = VectorUtil.dotProduct(vector, vector);
        if (!(Math.abs(square - 1) < 1e-2)) {
            throw new IllegalArgumentException("not a unit vector: its square is " + square);
        }
    }

    /** The document is found no more. */
    public void remove(String documentId) {
        vectorsToWrite().change(writer -> writer.deleteDocuments(Fields.ofDocument(documentId)));
        lexical.change(writer -> writer.deleteDocuments(Fields.ofDocument(documentId)));
    }

    /** The document is found by who may read this access set. */
    public void setAccess(String documentId, long accessSet) {
        var both = new ArrayList<>(List.of(vectorsToWrite(), lexical));
        both.forEach(each -> each.change(writer -> {
            // Of a field that no document has yet, as before the first vector, no value can be changed.
            if (writer.getFieldNames().contains(Fields.ACCESS)) {
                writer.updateNumericDocValue(Fields.ofDocument(documentId), Fields.ACCESS, accessSet);
            }
        }));
    }

    /**
     * Makes what was written durable and visible: the collection as the ledger has it at this sequence, vectors perhaps
     * still to come. The vectors directory goes first, so that a crash between the two leaves nothing behind that
     * applying the ledger again would not mend.
     */
    public void commit(long ledgerSequence) {
        LuceneDirectory written = vectorsToWrite();
        if (written.isChanged()) {
            written.commit(written.sequence());
        }
        lexical.commit(ledgerSequence);
    }

    @Override
    public void commitVectors(long ledgerSequence) {
        if (ledgerSequence > lexical.sequence()) {
            throw new IllegalArgumentException(
                    "vectors of sequence " + ledgerSequence + " before its words: " + lexical.sequence());
        }
        vectorsToWrite().commit(ledgerSequence);
    }

    /** Vectors of all documents are put again, from the first line of the ledger on; those that are there answer until then. */
    public void vectorsDue() {
        vectorsToWrite().commit(0);
    }

    /** The last ledger sequence that the words hold. */
    public long sequence() {
        return lexical.sequence();
    }

    @Override
    public long vectorSequence() {
        LuceneDirectory opened = openVectors();
        return opened == null ? 0 : opened.sequence();
    }

    /** The last commit of both directories, as it stands until it is closed. */
    public Snapshot snapshot() {
        return Snapshot.of(lexical, openVectors());
    }

    /** Reads every file of both directories against its checksum; throws BROKEN naming the first that is damaged. */
    public void verify() {
        lexical.run(lexical::verify);
        LuceneDirectory opened = openVectors();
        if (opened != null) {
            opened.run(opened::verify);
        }
    }

    /** What was not committed is dropped; the ledger brings it back. */
    @Override
    public void close() {
        try (lexical;
                LuceneDirectory _ = vectors) {
            vectors = null;
        }
    }
}
