/**
 * Which arm to ship, and what it will cost.
 *
 * <p>{@link dev.tandem.evidence.advice.Adviser} takes a {@link dev.tandem.evidence.advice.Situation}, what was measured
 * where something was, and the {@link dev.tandem.evidence.advice.Prices}. It goes from the certain to the uncertain: hard
 * constraints bar arms; figures measured on the user's own cases choose among what is left; of the arms that are not
 * significantly worse the cheapest wins; only where nothing is measured do the published priors speak, each by name and
 * with its source. Prompt first, retrieval next, tuning when it adds.
 *
 * <p>Every rule is a {@code Rule} of its own, in {@code Rules} in the order in which they are heard. S0 to S4 in the
 * sources are the five guides that {@code docs/advice.md} tells of; the number after the colon is a line.
 */
@NullMarked
package dev.tandem.evidence.advice;

import org.jspecify.annotations.NullMarked;
