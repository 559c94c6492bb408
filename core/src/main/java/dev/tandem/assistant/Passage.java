package dev.tandem.assistant;

import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Span;
import dev.tandem.knowledge.extract.Sentences;
import java.util.List;

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

    /** Its sentences, each a passage of its own. */
    List<Passage> sentences() {
        return Sentences.of(text).stream()
                .map(sentence -> new Passage(
                        document,
                        page,
                        headingPath,
                        new Span(
                                span.start() + sentence.span().start(),
                                span.start() + sentence.span().end()),
                        sentence.text(),
                        score,
                        rank))
                .toList();
    }

    /** The part from the beginning of one sentence of this passage to the end of the same or a later one. */
    Passage from(Passage first, Passage last) {
        var part = new Span(first.span.start(), last.span.end());
        String words = new Span(part.start() - span.start(), part.end() - span.start()).of(text);
        return new Passage(document, page, headingPath, part, words, score, rank);
    }

    /** All but the first {@code units} UTF-16 units. */
    Passage without(int units) {
        var rest = new Span(span.start() + text.codePointCount(0, units), span.end());
        return new Passage(document, page, headingPath, rest, text.substring(units), score, rank);
    }

    Citation cited(int number) {
        return new Citation(number, document, page, span, text);
    }

    /** Whether the two have characters of the same document in common. */
    boolean touches(Passage other) {
        return document.id().equals(other.document.id()) && span.overlaps(other.span);
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
