package dev.tandem.knowledge.extract;

import dev.tandem.domain.Span;

/**
 * A sentence without the white space around it.
 *
 * @param span where it stands in the text that was split, in Unicode code points
 * @param text the characters of the span
 */
public record Sentence(Span span, String text) {}
