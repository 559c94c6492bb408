/**
 * Metrics, intervals and seeds: pure functions from outcomes to figures.
 */
@NullMarked
package dev.tandem.measure;

import org.jspecify.annotations.NullMarked;
