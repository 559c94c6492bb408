package dev.tandem.domain;

/**
 * A span of one version of a document's extracted text.
 *
 * @param ordinal place among the document's chunks, from 0; the chunks of a document, in order, rebuild its text
 * @param span where it stands
 * @param section the span of the smallest section with a heading that holds it; the whole text where there is none
 * @param headingPath headings above it, outermost first, joined by {@code " > "}; context for the index, never quoted
 * @param page page of its first character, from 1; 0 where the format has no pages
 * @param text the characters of the span, word for word
 */
public record Chunk(
        String documentId,
        int version,
        int ordinal,
        Span span,
        Span section,
        String headingPath,
        int page,
        String text) {

    /** Known to both index directories and to the catalog: {@code document@version#ordinal}. */
    public String id() {
        return documentId + "@" + version + "#" + ordinal;
    }
}
