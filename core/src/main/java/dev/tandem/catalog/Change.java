package dev.tandem.catalog;

/**
 * A line of the ledger that an index follows. Lines that are still to come for the same document may have been written:
 * what counts is how the document stands now.
 *
 * @param document key of its row
 * @param id of the document
 * @param owner of the document
 */
public record Change(long sequence, long document, String id, String owner, Op op) {

    /** What happened. */
    public enum Op {
        /** A version is acknowledged. */
        PUT,
        /** Text and chunks of a version stand. */
        READY,
        /** A version cannot be read. */
        FAILED,
        DELETE,
        /** Somebody else may read it. */
        ACCESS
    }
}
