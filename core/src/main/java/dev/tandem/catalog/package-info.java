/**
 * The SQL catalog of one tenant: the ledger, documents and their extracted text, access sets, chunks, vectors and dead
 * letters. What the catalog has committed is acknowledged; an index is a view of it and can be rebuilt.
 *
 * <p>{@link dev.tandem.catalog.Home} says where things are and lends the one {@link dev.tandem.catalog.HomeLock} to
 * write; {@link dev.tandem.catalog.Catalog} reads for principals and never blocks;
 * {@link dev.tandem.catalog.CatalogWriter} writes for whoever holds the lock, and is the only way to see documents without
 * saying who asks. The tables are explained in {@code 001.sql}.
 */
@NullMarked
package dev.tandem.catalog;

import org.jspecify.annotations.NullMarked;
