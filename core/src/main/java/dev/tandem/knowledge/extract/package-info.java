/**
 * From bytes to text and structure, and from text to chunks. Extractors keep what a reader would quote and drop markup;
 * the chunker cuts along the structure they report and never loses a character.
 *
 * <p>Start at {@link dev.tandem.knowledge.extract.Extractors#standard()}, which picks an extractor by extension, then by
 * content, and gives an {@link dev.tandem.knowledge.extract.Extracted}: text plus {@link
 * dev.tandem.knowledge.extract.Block}s. {@link dev.tandem.knowledge.extract.Chunker} turns that into chunks. A file that
 * cannot be read is a {@link dev.tandem.domain.Failure} of kind INVALID whose message is the reason for the dead-letter
 * list; it never names the file, because the caller knows it and a reader of the reason may not.
 *
 * <p>Inside this package offsets are UTF-16 indices into a Java string. They become Unicode code points exactly where a
 * {@link dev.tandem.domain.Span} is made: in {@code Chunker} and in {@code Sentences}.
 *
 * <p>Everything here takes time linear in the input, whatever the input: one line of 10 MB, a paragraph of 1 MB and
 * markup nested a hundred thousand deep are ordinary test cases.
 */
@NullMarked
package dev.tandem.knowledge.extract;

import org.jspecify.annotations.NullMarked;
