package dev.tandem.domain;

/**
 * A quote that was checked to stand in that version of that document at that span, word for word.
 *
 * @param number the mark in the answer's text, {@code [1]}
 * @param page from 1; 0 where the format has no pages
 */
public record Citation(int number, DocumentRef document, int page, Span span, String quote) {}
