/**
 * From a query to hits: candidates of both channels, fusion over fixed ranges, authorisation against the catalog at
 * query time, and the reasons for each rank.
 */
@NullMarked
package dev.tandem.knowledge.retrieve;

import org.jspecify.annotations.NullMarked;
