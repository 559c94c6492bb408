package dev.tandem.assistant;

import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Span;

/**
 * One contiguous piece of a document, word for word, as a reader or a prompt is given it.
 *
 * @param page of its first character, from 1; 0 where the format has no pages
 * @param headingPath context, never quoted
 * @param span where the text stands in the document's extracted text, in code points
 * @param text the characters of the span
 * @param score of the best hit it came from, in [0, 1]
 * @param rank of that hit, from 1
 */
record Passage(DocumentRef document, int page, String headingPath, Span span, String text, double score, int rank) {

    static Passage of(Hit hit) {
        return new Passage(
                hit.document(),
                hit.chunk().page(),
                hit.chunk().headingPath(),
                hit.chunk().span(),
                hit.chunk().text(),
                hit.score(),
                hit.rank());
    }

    /** The document's span of {@code text.substring(from, to)}; this is where UTF-16 offsets become code points. */
    Span spanOf(int from, int to) {
        int start = span.start() + text.codePointCount(0, from);
        return new Span(start, start + text.codePointCount(from, to));
    }

    /** The part {@code text.substring(from, to)} as a passage of its own. */
    Passage part(int from, int to) {
        return new Passage(document, page, headingPath, spanOf(from, to), text.substring(from, to), score, rank);
    }

    Citation cited(int number) {
        return new Citation(number, document, page, span, text);
    }

    /** Whether the next one begins at this one's last character, in the same version of the same document. */
    boolean endsWhere(Passage next) {
        return document.id().equals(next.document.id())
                && document.version() == next.document.version()
                && span.end() == next.span.start();
    }

    /** This and the one that follows it without a gap, as strong as the stronger. */
    Passage joinedWith(Passage next) {
        return new Passage(
                document,
                page,
                headingPath,
                new Span(span.start(), next.span.end()),
                text + next.text,
                Math.max(score, next.score),
                Math.min(rank, next.rank));
    }
}
