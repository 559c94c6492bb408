/**
 * The embedded index of one collection: a lexical directory and one directory of vectors for each encoder, joined by
 * chunk id, both able to filter by access set, document and metadata inside the query.
 *
 * <p>The index is a view. What it holds can be written again from the catalog, so a damaged directory is moved away and
 * rebuilt, and each directory's commit carries the last ledger sequence that it holds. A search works on one
 * {@link dev.tandem.knowledge.index.Snapshot}, always a committed state: in the writing process and in any other, a
 * change is seen by every search that starts after {@link dev.tandem.knowledge.index.CollectionIndex#commit} returned.
 *
 * <p>Both channels find candidates approximately (early termination in BM25, a graph over int8 vectors) and score them
 * exactly, one way for every candidate: what a chunk scores never depends on which channel found it, on the segments it
 * lies in or on how many candidates were asked for.
 */
@NullMarked
package dev.tandem.knowledge.index;

import org.jspecify.annotations.NullMarked;
