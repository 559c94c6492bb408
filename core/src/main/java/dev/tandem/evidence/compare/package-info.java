/**
 * Arms compared on the same cases.
 *
 * <p>A {@link dev.tandem.evidence.compare.Suite} is put to {@link dev.tandem.evidence.compare.Contender}s by a
 * {@link dev.tandem.evidence.compare.Comparison}, which sees answerers and cannot tell one arm from another. Every
 * {@link dev.tandem.evidence.compare.Outcome} goes into a {@link dev.tandem.evidence.compare.Journal} as soon as it is known,
 * so that a comparison that was killed goes on where it was and ends in the same
 * {@link dev.tandem.evidence.compare.ComparisonReport}: figures with 95% intervals, all pairs of arms on the same cases,
 * break-downs, and each case with what the arms said and what they looked at.
 */
@NullMarked
package dev.tandem.evidence.compare;

import org.jspecify.annotations.NullMarked;
