package dev.tandem.knowledge.extract;

import java.util.List;

/**
 * One line of a page as it is set. Lengths are in points, y grows downwards.
 *
 * @param page from 1
 * @param cells the line's text in one piece, or in several where wide gaps part it
 * @param lefts where each cell begins
 * @param left where it begins
 * @param right where it ends
 * @param baseline distance from the top of the page
 * @param size of most of its characters
 * @param bold whether most of its characters are bold
 * @param pageHeight of the page
 */
record PdfLine(
        int page,
        List<String> cells,
        List<Float> lefts,
        float left,
        float right,
        float baseline,
        float size,
        boolean bold,
        float pageHeight) {

    String text() {
        return String.join(" ", cells);
    }
}
