package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;

/**
 * Columns of running text whose lines were drawn across the page, one of each column after the other: told from the rows of
 * a table by sentences that run on from line to line within a column and fill it, and put in the order in which they are read.
 */
final class PdfColumns {

    private static final int FEWEST_LINES = 6;
    /** Lines of a column begin within so many points of each other. */
    private static final float ALIGNED = 8;
    /** Of the lines of a column, at least this part goes on with the sentence above. */
    private static final double RUNNING = .4;

    /** Of the lines of a column, at least this part is about as long as the longest. */
    private static final double FULL = .6;

    private static final float ABOUT = .8f;
    private static final float LARGEST_GAP = 40;

    private PdfColumns() {}

    /** The same text; lines of columns that stood side by side come column by column. */
    static List<PdfLine> inTurn(List<PdfLine> lines) {
        var ordered = new ArrayList<PdfLine>(lines.size());
        int i = 0;
        while (i < lines.size()) {
            int end = end(lines, i);
            List<PdfLine> region = lines.subList(i, end);
            if (isRunningText(region)) {
                int columns = region.getFirst().cells().size();
                for (int column = 0; column < columns; column++) {
                    ordered.addAll(column(region, column));
                }
            } else {
                ordered.addAll(region);
            }
            i = end;
        }
        return ordered;
    }

    /** Past the lines that stand in the columns of the first one. */
    private static int end(List<PdfLine> lines, int from) {
        PdfLine first = lines.get(from);
        int end = from + 1;
        while (first.cells().size() > 1 && end < lines.size()) {
            PdfLine line = lines.get(end);
            float gap = line.baseline() - lines.get(end - 1).baseline();
            if (line.page() != first.page() || gap < -2 || gap > LARGEST_GAP || !standsIn(first, line)) {
                break;
            }
            end++;
        }
        return end;
    }

    /** Whether each cell stands in another column, where it may be indented, and reaches into no other. */
    private static boolean standsIn(PdfLine first, PdfLine line) {
        int before = -1;
        for (int cell = 0; cell < line.cells().size(); cell++) {
            int column = columnOf(first, line.lefts().get(cell));
            boolean reachesOver = column + 1 < first.lefts().size()
                    && line.rights().get(cell) > first.lefts().get(column + 1);
            if (column <= before || reachesOver) {
                return false;
            }
            before = column;
        }
        return true;
    }

    /** The last column that begins there or to the left of it; -1 before the first. */
    private static int columnOf(PdfLine first, float left) {
        int column = -1;
        while (column + 1 < first.lefts().size() && first.lefts().get(column + 1) < left + ALIGNED) {
            column++;
        }
        return column;
    }

    private static List<PdfLine> column(List<PdfLine> region, int column) {
        var lines = new ArrayList<PdfLine>();
        for (PdfLine line : region) {
            for (int cell = 0; cell < line.cells().size(); cell++) {
                if (columnOf(region.getFirst(), line.lefts().get(cell)) == column) {
                    lines.add(line.only(cell));
                }
            }
        }
        return lines;
    }

    private static boolean isRunningText(List<PdfLine> region) {
        if (region.size() < FEWEST_LINES) {
            return false;
        }
        for (int column = 0; column < region.getFirst().cells().size(); column++) {
            List<PdfLine> lines = column(region, column);
            long running = 0;
            for (int i = 1; i < lines.size(); i++) {
                running += runsOn(lines.get(i - 1).text(), lines.get(i).text()) ? 1 : 0;
            }
            double widest = lines.stream().mapToDouble(PdfColumns::width).max().orElse(0);
            long full =
                    lines.stream().filter(line -> width(line) >= ABOUT * widest).count();
            if (lines.size() < FEWEST_LINES || running < RUNNING * (lines.size() - 1) || full < FULL * lines.size()) {
                return false;
            }
        }
        return true;
    }

    private static float width(PdfLine line) {
        return line.right() - line.left();
    }

    /** Several words that end in the middle of a sentence, and below them its going on. */
    private static boolean runsOn(String above, String below) {
        return above.indexOf(' ') > 0
                && below.indexOf(' ') > 0
                && ".!?:;".indexOf(above.charAt(above.length() - 1)) < 0
                && Character.isLowerCase(below.codePointAt(0));
    }
}
