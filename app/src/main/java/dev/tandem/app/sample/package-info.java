/**
 * A made-up company with real paperwork, for the demo and for tests: Tarnbeck Instruments of Kendal, makers of
 * temperature loggers. Its 47 files (68 documents) stand on the class path beside this package, as {@code company/},
 * with a {@code manifest.tsv} of who may read what; {@code later/} and {@code later.tsv} are what changed a month after;
 * {@code suite.jsonl} asks questions whose answers are known. {@code tickets.jsonl} are what customers write to its
 * support, with the queue that takes each; {@code reclassified.jsonl} and {@code moved.jsonl} follow the rule that
 * changes in November.
 */
@NullMarked
package dev.tandem.app.sample;

import org.jspecify.annotations.NullMarked;
