package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * From the lines of a PDF to blocks: joins lines into paragraphs by leading, indent and type; mends words parted at line
 * ends; finds headings by their type and tables by their columns. All of it is guesswork on what a page looks like.
 */
final class PdfLayout {

    private static final Pattern BULLET = Pattern.compile("[•◦▪●■‣○\uF0B7\uF0A7]\\s*\\S.*");
    private static final Pattern NUMBERED =
            Pattern.compile("\\(?(?:\\d{1,3}(?:\\.\\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})[.)](?:\\s.*)?"
                    + "|\\d{1,3}(?:\\.\\d{1,3}){1,4}(?:\\s.*)?|§\\s?\\d.*");
    private static final Pattern CHAPTER = Pattern.compile(
            "(?i)(?:article|section|chapter|part|appendix|annex|exhibit|schedule)\\s+[\\divxlca-h.]{1,8}\\b.{0,80}");

    private static final int LONGEST_HEADING = 120;
    private static final float LARGER = 1.12f;

    private final List<PdfLine> lines;
    private final Consumer<Piece> out;
    private final float bodySize;
    private final boolean bodyBold;
    private final float leading;
    private final float rightEdge;
    private final List<Float> headingSizes;
    private final Set<String> vocabulary;

    private final List<PdfLine> paragraph = new ArrayList<>();
    private final StringBuilder bullets = new StringBuilder();
    /** Whether the block written last is a paragraph that ends in mid-sentence, so that a later page may go on with it. */
    private boolean open;

    private int page;

    private PdfLayout(List<PdfLine> lines, Consumer<Piece> out) {
        this.lines = lines;
        this.out = out;
        bodySize = bodySize(lines);
        bodyBold = 2
                        * lines.stream()
                                .filter(PdfLine::bold)
                                .mapToInt(PdfLayout::length)
                                .sum()
                > lines.stream().mapToInt(PdfLayout::length).sum();
        leading = leading(lines);
        double[] rights = lines.stream().mapToDouble(PdfLine::right).sorted().toArray();
        rightEdge = rights.length == 0 ? 0 : (float) rights[rights.length * 9 / 10];
        var sizes = new TreeSet<Float>();
        lines.stream().filter(line -> line.size() > LARGER * bodySize).forEach(line -> sizes.add(round(line.size())));
        headingSizes = List.copyOf(sizes.descendingSet());
        vocabulary = vocabulary(lines);
    }

    /** Says whether there was anything to write. */
    static boolean write(List<PdfLine> lines, Consumer<Piece> out) {
        Set<PdfLine> margins = PdfMargins.of(lines);
        List<PdfLine> content =
                lines.stream().filter(line -> !margins.contains(line)).toList();
        var layout = new PdfLayout(PdfColumns.inTurn(content), out);
        layout.write();
        return layout.page > 0;
    }

    private void write() {
        int i = 0;
        while (i < lines.size()) {
            int table = tableEnd(i);
            if (table > i) {
                finishParagraph();
                finishBullets();
                page(lines.get(i));
                rows(lines.subList(i, table)).forEach(row -> out.accept(new Piece.Row(row)));
                out.accept(new Piece.TableEnd());
                open = false;
                i = table;
                continue;
            }
            PdfLine line = lines.get(i);
            if (!paragraph.isEmpty() && startsAnew(paragraph.getLast(), line)) {
                finishParagraph();
            }
            paragraph.add(line);
            i++;
        }
        finishParagraph();
        finishBullets();
    }

    // ---- paragraphs

    private boolean startsAnew(PdfLine above, PdfLine line) {
        float size = Math.max(above.size(), 1);
        if (above.page() != line.page()
                || Math.abs(above.size() - line.size()) > .12 * size
                || above.bold() != line.bold()
                || BULLET.matcher(line.text()).matches()
                || NUMBERED.matcher(line.text()).matches()) {
            return true;
        }
        boolean ended = ended(above.text());
        float gap = line.baseline() - above.baseline();
        if (gap < -2) {
            return ended || !Character.isLowerCase(line.text().codePointAt(0));
        }
        if (gap > 1.3 * leading * size) {
            return true;
        }
        boolean isShort = above.right() < rightEdge - .15 * Math.max(rightEdge - above.left(), 0);
        boolean indented = line.left() - above.left() > .8 * size && paragraph.size() > 1;
        return (isShort && ended) || (indented && (ended || isShort));
    }

    private static boolean ended(String text) {
        return ".!?:;".indexOf(text.charAt(text.length() - 1)) >= 0
                || (text.length() > 1
                        && "\"”’)]".indexOf(text.charAt(text.length() - 1)) >= 0
                        && ".!?:;".indexOf(text.charAt(text.length() - 2)) >= 0);
    }

    private void finishParagraph() {
        if (paragraph.isEmpty()) {
            return;
        }
        String text = Tidy.line(joined(paragraph));
        PdfLine first = paragraph.getFirst();
        if (text.isEmpty()) {
            paragraph.clear();
            return;
        }
        if (BULLET.matcher(text).matches()) {
            if (bullets.isEmpty()) {
                page(first);
            }
            bullets.append(bullets.isEmpty() ? "" : "\n")
                    .append("- ")
                    .append(text.substring(1).strip());
            open = false;
        } else {
            finishBullets();
            page(first);
            int level = headingLevel(text, first);
            if (level > 0) {
                out.accept(new Piece.Heading(level, text));
            } else if (open && Character.isLowerCase(text.codePointAt(0))) {
                out.accept(new Piece.Continued(text));
            } else {
                out.accept(new Piece.Paragraph(text));
            }
            open = level == 0 && !ended(text);
        }
        paragraph.clear();
    }

    private void page(PdfLine first) {
        if (first.page() != page) {
            page = first.page();
            out.accept(new Piece.Page(page));
        }
    }

    private void finishBullets() {
        if (!bullets.isEmpty()) {
            out.accept(new Piece.Items(bullets.toString()));
            bullets.setLength(0);
        }
    }

    /** Lines put together; a word parted by a hyphen at a line's end is made whole where the document knows it whole. */
    private String joined(List<PdfLine> parts) {
        var text = new StringBuilder();
        for (PdfLine part : parts) {
            String next = part.text();
            int last = text.length() - 1;
            if (last > 0 && text.charAt(last) == '\u00AD') {
                text.setLength(last);
            } else if (last > 0
                    && (text.charAt(last) == '-' || text.charAt(last) == '\u2010')
                    && Character.isLetter(text.charAt(last - 1))
                    && Character.isLetter(next.codePointAt(0))) {
                if (Character.isLowerCase(next.codePointAt(0)) && isOneWord(text, last, next)) {
                    text.setLength(last);
                }
            } else if (last >= 0) {
                text.append(' ');
            }
            text.append(next);
        }
        return text.toString();
    }

    private boolean isOneWord(CharSequence text, int hyphen, String next) {
        int start = hyphen;
        while (start > 0 && Character.isLetter(text.charAt(start - 1))) {
            start--;
        }
        int end = 0;
        while (end < next.length() && Character.isLetter(next.charAt(end))) {
            end++;
        }
        String left = text.subSequence(start, hyphen).toString().toLowerCase(Locale.ROOT);
        String right = next.substring(0, end).toLowerCase(Locale.ROOT);
        return vocabulary.contains(left + right) || !(vocabulary.contains(left) && vocabulary.contains(right));
    }

    private static Set<String> vocabulary(List<PdfLine> lines) {
        var words = new HashSet<String>();
        for (PdfLine line : lines) {
            String[] tokens = line.text().toLowerCase(Locale.ROOT).split("[^\\p{L}-]+", -1);
            for (String token : tokens) {
                if (!token.endsWith("-")) {
                    words.add(token);
                }
            }
        }
        return words;
    }

    // ---- headings

    /** From 1; 0 for what is no heading. */
    private int headingLevel(String text, PdfLine first) {
        long letters = text.chars().filter(Character::isLetter).count();
        if (text.length() > LONGEST_HEADING
                || paragraph.size() > 3
                || letters < 3
                || ",;:".indexOf(text.charAt(text.length() - 1)) >= 0) {
            return 0;
        }
        int sizes = Math.min(headingSizes.size(), 4);
        if (first.size() > LARGER * bodySize) {
            return Math.min(headingSizes.indexOf(round(first.size())) + 1, 4);
        }
        if (CHAPTER.matcher(text).matches() && paragraph.size() == 1 && text.length() <= 80 && !text.endsWith(".")) {
            return sizes + 1;
        }
        boolean capitals =
                letters >= 4 && text.chars().noneMatch(Character::isLowerCase) && letters * 2 > text.length();
        if (text.endsWith(".") || (!capitals && !(first.bold() && !bodyBold))) {
            return 0;
        }
        int dots = 0;
        for (int i = 0; i < text.length() && (Character.isDigit(text.charAt(i)) || text.charAt(i) == '.'); i++) {
            dots += text.charAt(i) == '.' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1)) ? 1 : 0;
        }
        return sizes + 1 + Math.min(dots, 3) + (capitals ? 0 : 1);
    }

    // ---- tables

    /** Past the rows of the table that begins with line {@code from}; {@code from} where there is none. */
    private int tableEnd(int from) {
        PdfLine head = lines.get(from);
        if (!isRow(head)) {
            return from;
        }
        int rows = 1;
        int end = from + 1;
        while (end < lines.size()) {
            PdfLine line = lines.get(end);
            PdfLine above = lines.get(end - 1);
            float gap = line.baseline() - above.baseline();
            if (line.page() != head.page() || gap < -2 || gap > 2.5 * leading * above.size()) {
                break;
            }
            if (isRow(line) && columnsMatch(head, line)) {
                rows++;
            } else if (line.cells().size() != 1 || column(head, line.left()) < 1) {
                break;
            }
            end++;
        }
        return rows >= 2 ? end : from;
    }

    private static boolean isRow(PdfLine line) {
        String first = line.cells().getFirst();
        return line.cells().size() > 2
                || (line.cells().size() == 2
                        && !NUMBERED.matcher(first).matches()
                        && !(first.length() == 1 && !Character.isLetterOrDigit(first.charAt(0))));
    }

    private static boolean columnsMatch(PdfLine head, PdfLine line) {
        for (int i = 1; i < line.lefts().size(); i++) {
            if (column(head, line.lefts().get(i)) > 0) {
                return true;
            }
        }
        return Math.abs(head.right() - line.right()) < 4;
    }

    /** Which column of the head begins there; -1 where none does. */
    private static int column(PdfLine head, float left) {
        for (int i = 0; i < head.lefts().size(); i++) {
            if (Math.abs(head.lefts().get(i) - left) < 8) {
                return i;
            }
        }
        return -1;
    }

    private static List<List<String>> rows(List<PdfLine> table) {
        var rows = new ArrayList<List<String>>();
        for (PdfLine line : table) {
            int column = column(table.getFirst(), line.left());
            if (line.cells().size() == 1
                    && column > 0
                    && !rows.isEmpty()
                    && column < rows.getLast().size()) {
                rows.getLast().set(column, rows.getLast().get(column) + " " + line.text());
            } else {
                rows.add(new ArrayList<>(line.cells()));
            }
        }
        return rows;
    }

    // ---- measures of the document

    private static int length(PdfLine line) {
        return line.text().length();
    }

    private static float round(float size) {
        return Math.round(size * 2) / 2f;
    }

    /** The type size of most characters. */
    private static float bodySize(List<PdfLine> lines) {
        Map<Float, Integer> characters = new HashMap<>();
        lines.forEach(line -> characters.merge(round(line.size()), length(line), Integer::sum));
        return characters.entrySet().stream()
                .max(Map.Entry.<Float, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(1f);
    }

    /** Median distance of two lines, in type sizes. */
    private static float leading(List<PdfLine> lines) {
        var ratios = new ArrayList<Float>();
        for (int i = 1; i < lines.size(); i++) {
            PdfLine above = lines.get(i - 1);
            float gap = lines.get(i).baseline() - above.baseline();
            if (above.page() == lines.get(i).page() && gap > .5 * above.size() && gap < 3 * above.size()) {
                ratios.add(gap / above.size());
            }
        }
        ratios.sort(null);
        return ratios.isEmpty() ? 1.2f : ratios.get(ratios.size() / 2);
    }
}
