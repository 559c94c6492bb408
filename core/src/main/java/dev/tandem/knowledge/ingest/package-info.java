/**
 * From paths to acknowledged, searchable documents: scan, compare with the ledger, acknowledge, extract, chunk, index,
 * and fill in vectors; resumable after any interruption.
 */
@NullMarked
package dev.tandem.knowledge.ingest;

import org.jspecify.annotations.NullMarked;
