/**
 * Documents that are not files here: pages of web sites ({@link dev.tandem.sources.WebSource}), rows of databases
 * ({@link dev.tandem.sources.JdbcSource}). Both are visited by the ingestor, which alone writes. Whatever a URL leads to, only
 * allowed hosts are asked, and only at addresses that were checked after their names were resolved.
 */
@NullMarked
package dev.tandem.sources;

import org.jspecify.annotations.NullMarked;
