package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns of running text whose lines were drawn across the page, one of each column after the other: told from the rows of
 * a table by sentences that run on from line to line within a column and fill it, and put in the order in which they are read.
 */
final class PdfColumns {

    private static final int FEWEST_LINES = 6;
    private static final int MOST_COLUMNS = 8;
    /** A gap between lines so many times the usual one. */
    private static final double WIDER = 1.3;

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
            for (List<PdfLine> rows : apart(region)) {
                List<List<PdfLine>> columns = columns(region.getFirst(), rows);
                if (isRunningText(columns)) {
                    columns.forEach(ordered::addAll);
                } else {
                    ordered.addAll(rows);
                }
            }
            i = end;
        }
        return ordered;
    }

    /** Parted where all columns begin anew below a gap, as the rows of a table do whose cells are several lines high. */
    private static List<List<PdfLine>> apart(List<PdfLine> region) {
        if (region.size() < FEWEST_LINES) {
            return List.of(region);
        }
        double[] gaps = new double[region.size() - 1];
        for (int i = 1; i < region.size(); i++) {
            gaps[i - 1] = region.get(i).baseline() - region.get(i - 1).baseline();
        }
        double[] sorted = gaps.clone();
        Arrays.sort(sorted);
        double usual = sorted[sorted.length / 2];
        int columns = region.getFirst().cells().size();
        var parts = new ArrayList<List<PdfLine>>();
        int from = 0;
        for (int i = 1; i < region.size(); i++) {
            if (gaps[i - 1] > WIDER * usual && region.get(i).cells().size() == columns) {
                parts.add(region.subList(from, i));
                from = i;
            }
        }
        parts.add(region.subList(from, region.size()));
        return parts;
    }

    /** Past the lines that stand in the columns of the first one. */
    private static int end(List<PdfLine> lines, int from) {
        PdfLine first = lines.get(from);
        int end = from + 1;
        boolean maybe = first.cells().size() > 1 && first.cells().size() <= MOST_COLUMNS;
        while (maybe && end < lines.size()) {
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

    /** The cells of each column, as lines of their own. */
    private static List<List<PdfLine>> columns(PdfLine first, List<PdfLine> rows) {
        var columns = new ArrayList<List<PdfLine>>();
        first.cells().forEach(_ -> columns.add(new ArrayList<>()));
        for (PdfLine row : rows) {
            for (int cell = 0; cell < row.cells().size(); cell++) {
                columns.get(Math.max(0, columnOf(first, row.lefts().get(cell)))).add(row.only(cell));
            }
        }
        return columns;
    }

    private static boolean isRunningText(List<List<PdfLine>> columns) {
        if (columns.size() < 2) {
            return false;
        }
        for (List<PdfLine> lines : columns) {
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
