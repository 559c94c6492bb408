package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;

/**
 * The text by which a chunk is found: title and headings give a passage its context.
 * Never quoted: only the chunk's own text stands in the document.
 */
public final class IndexText {

    private IndexText() {}

    /**
     * What BM25 reads: the title counts twice. A document's title says what all of it is about; measured, that finds more
     * than counting it once and costs nothing where titles say little.
     */
    static String words(DocumentRef document, Chunk chunk) {
        return document.title().strip() + "\n" + of(document, chunk);
    }

    /** What is embedded: title, heading path and text on lines of their own; what would be said twice is said once. */
    public static String of(DocumentRef document, Chunk chunk) {
        var text = new StringBuilder(chunk.text().length() + 128);
        String title = document.title().strip();
        String headings = chunk.headingPath().strip();
        if (!title.isEmpty() && !headings.equals(title) && !headings.startsWith(title + " > ")) {
            text.append(title).append('\n');
        }
        if (!headings.isEmpty()) {
            text.append(headings).append('\n');
        }
        return text.append(chunk.text().strip()).toString();
    }
}
