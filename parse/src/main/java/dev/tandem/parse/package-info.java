/**
 * Office documents, mail, books and archives, read in child processes, so that a hostile file ends one of them at worst.
 *
 * <p>{@link dev.tandem.parse.ParserPool} starts children when files need them, with limits on memory, time, temporary space
 * and text ({@link dev.tandem.parse.ParseLimits}); what goes beyond one is a failure that says so, the child is gone and
 * the next file gets a new one. {@code dev.tandem.parse.child} is the other side: it sees Apache Tika, which this package
 * never does.
 */
@NullMarked
package dev.tandem.parse;

import org.jspecify.annotations.NullMarked;
