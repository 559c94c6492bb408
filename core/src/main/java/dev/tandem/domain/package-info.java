/**
 * The words of Tandem as records and sealed types, the one {@link dev.tandem.domain.Failure}, and the ports that the
 * retrieval wing, the fine-tuning wing and the program need of each other. Nothing here knows a library or a file.
 *
 * <p>Offsets are Unicode code points of a document's extracted text, half-open, wherever a {@link dev.tandem.domain.Span}
 * stands. No read of knowledge exists without a {@link dev.tandem.domain.Principal}.
 */
@NullMarked
package dev.tandem.domain;

import org.jspecify.annotations.NullMarked;
