/**
 * Where the wings meet: from a question and what retrieval found to an answer that can be checked.
 *
 * <p>{@link dev.tandem.assistant.Assistant} is the walk. {@code ContextPacker} fits the hits into a token budget as
 * {@code Passage}s, each a contiguous piece of one document, word for word. Then one of two things reads them:
 *
 * <ul>
 *   <li>{@code ExtractiveReader}, without a language model: {@code Stage} takes a passage apart into what may be quoted,
 *       {@code Scene} measures every sentence against the question, {@code Spans} measures every stretch of words of the
 *       best sentences, {@link dev.tandem.assistant.ReaderModel} weighs what was measured, {@code Quoting} decides how much
 *       is quoted around the choice. {@link dev.tandem.assistant.ReaderTraining} fits the weights.
 *   <li>{@code GroundedWriter}, with one: {@code GroundedPrompt} fences the sources off as data, {@code Draft} lets the
 *       text be watched safely while it is written, {@code Statements} takes it apart, and {@code Verbatim} finds the words
 *       of the sources that carry each statement.
 * </ul>
 *
 * <p>Either way {@link dev.tandem.assistant.Citations} reads every quote again in the document itself, with the asker's own
 * rights, before it is shown. Nothing is kept between two questions.
 */
@NullMarked
package dev.tandem.assistant;

import org.jspecify.annotations.NullMarked;
