package dev.tandem.knowledge.extract;

import java.util.List;

/**
 * One line of a page as it is set. Lengths are in points, y grows downwards.
 *
 * @param page from 1
 * @param cells the line's text in one piece, or in several where wide gaps part it
 * @param lefts where each cell begins
 * @param rights where each cell ends
 * @param baseline distance from the top of the page
 * @param size of most of its characters
 * @param bold whether most of its characters are bold
 * @param pageHeight of the page
 */
record PdfLine(
        int page,
        List<String> cells,
        List<Float> lefts,
        List<Float> rights,
        float baseline,
        float size,
        boolean bold,
        float pageHeight) {

    String text() {
        return String.join(" ", cells);
    }

    float left() {
        return lefts.getFirst();
    }

    float right() {
        return rights.getLast();
    }

    /** One of its cells, as a line of its own. */
    PdfLine only(int cell) {
        return new PdfLine(
                page,
                List.of(cells.get(cell)),
                List.of(lefts.get(cell)),
                List.of(rights.get(cell)),
                baseline,
                size,
                bold,
                pageHeight);
    }
}
