/**
 * Suites of held-out cases and how well an arm does on them.
 *
 * <p>{@link dev.tandem.evidence.BeirSuite} and {@link dev.tandem.evidence.AnswerSuite} read cases from a folder in BEIR
 * layout; {@link dev.tandem.evidence.RetrievalEvaluation} measures searchers, {@link dev.tandem.evidence.AnswerEvaluation}
 * an answerer. Both see only ports, so they cannot tell one arm from another, and both give figures with 95% intervals as
 * the JSON object that the command line prints.
 *
 * <p>Choose on {@code dev} queries, report on {@code report} queries: the two never share one.
 */
@NullMarked
package dev.tandem.evidence;

import org.jspecify.annotations.NullMarked;
