package dev.tandem.knowledge.extract;

/**
 * A stretch of extracted text with one role in its document.
 *
 * @param start first character, a UTF-16 index into {@link Extracted#text()}
 * @param end one past the last character, a UTF-16 index; the blank line between two blocks belongs to neither
 * @param level of a heading, 1 for the outermost; 0 for every other kind
 * @param page page on which the block starts, from 1; 0 where the format has no pages
 */
public record Block(Kind kind, int start, int end, int level, int page) {

    /** What a reader would call it. A list or a table is one block however many items or rows it has. */
    public enum Kind {
        HEADING,
        PARAGRAPH,
        LIST,
        TABLE,
        CODE
    }

    public Block {
        if (start < 0 || end <= start || page < 0 || (kind == Kind.HEADING) != (level > 0)) {
            throw new IllegalArgumentException("not a block: " + kind + " " + start + ".." + end + " level " + level);
        }
    }
}
