/**
 * A home as it was at one moment, in one file, and back again: taken while others read and write it, checked byte by byte
 * before any of it is put in its place. Who may read what stands in the catalog, and comes back with it.
 */
@NullMarked
package dev.tandem.knowledge.backup;

import org.jspecify.annotations.NullMarked;
