package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The tables that reStructuredText draws with characters, as rows of cells. Cells that span others count once. */
final class RstTables {

    private static final Pattern GRID = Pattern.compile("\\+(?:[-=]+\\+)+");
    private static final Pattern SIMPLE = Pattern.compile("=+(?: +=+)+");

    private RstTables() {}

    static boolean startsGrid(String line) {
        return line.startsWith("+-") && GRID.matcher(line).matches();
    }

    static boolean startsSimple(String line) {
        return line.startsWith("=") && SIMPLE.matcher(line).matches();
    }

    static List<List<String>> grid(List<String> lines, Function<String, String> words) {
        List<Integer> borders = new ArrayList<>();
        String top = lines.getFirst();
        for (int i = 0; i < top.length(); i++) {
            if (top.charAt(i) == '+') {
                borders.add(i);
            }
        }
        var rows = new ArrayList<List<String>>();
        List<StringBuilder> row = blank(borders.size() - 1);
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("+")) {
                rows.add(finished(row, words));
                row = blank(borders.size() - 1);
                continue;
            }
            int column = 0;
            for (int next = 1; next < borders.size(); next++) {
                int border = borders.get(next);
                boolean last = next == borders.size() - 1;
                if (last || (border < line.length() && line.charAt(border) == '|')) {
                    row.get(column)
                            .append(cut(line, borders.get(column) + 1, border))
                            .append(' ');
                    column = next;
                }
            }
        }
        return rows;
    }

    /** Columns begin where the first border's runs begin; a row without its first cell goes on with the row before. */
    static List<List<String>> simple(List<String> lines, Function<String, String> words) {
        List<Integer> starts = new ArrayList<>();
        String top = lines.getFirst();
        for (int i = 0; i < top.length(); i++) {
            if (top.charAt(i) == '=' && (i == 0 || top.charAt(i - 1) == ' ')) {
                starts.add(i);
            }
        }
        var rows = new ArrayList<List<String>>();
        List<StringBuilder> row = blank(0);
        for (String line : lines.subList(1, lines.size())) {
            if (startsSimple(line) || line.isBlank() || line.matches("-+(?: +-+)*")) {
                continue;
            }
            if (row.isEmpty()
                    || !cut(line, 0, starts.size() > 1 ? starts.get(1) : line.length())
                            .isBlank()) {
                if (!row.isEmpty()) {
                    rows.add(finished(row, words));
                }
                row = blank(starts.size());
            }
            for (int column = 0; column < starts.size(); column++) {
                int end = column + 1 < starts.size() ? starts.get(column + 1) : line.length();
                row.get(column).append(cut(line, starts.get(column), end)).append(' ');
            }
        }
        rows.add(finished(row, words));
        return rows;
    }

    /** One line of comma-separated values; quotes may stand around a value and are doubled in it. */
    static List<String> csv(String line, Function<String, String> words) {
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                boolean doubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (doubled) {
                    cell.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                cells.add(words.apply(cell.toString()));
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(words.apply(cell.toString()));
        return cells;
    }

    private static List<StringBuilder> blank(int columns) {
        var row = new ArrayList<StringBuilder>();
        for (int i = 0; i < columns; i++) {
            row.add(new StringBuilder());
        }
        return row;
    }

    private static List<String> finished(List<StringBuilder> row, Function<String, String> words) {
        return row.stream().map(cell -> words.apply(cell.toString())).toList();
    }

    private static String cut(String line, int from, int to) {
        int end = Math.min(to, line.length());
        return from >= end ? "" : line.substring(from, end);
    }
}
