package dev.tandem.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/**
 * Typesets the two PDF documents of the sample company from their plain sources beside this class, as an office would
 * have: real pages, real tables, page numbers at the foot. Run once; the PDFs are committed with the sample.
 *
 * <pre>SamplePdfs FOLDER-OF-THE-SAMPLE-COMPANY</pre>
 *
 * <p>A source has {@code # title} followed by a subtitle, {@code ## heading}, rows of {@code | cell | cell},
 * {@code ---page} for a new page, and paragraphs of one line each.
 */
public final class SamplePdfs {

    private static final PDFont PLAIN = new PDType1Font(FontName.TIMES_ROMAN);
    private static final PDFont BOLD = new PDType1Font(FontName.TIMES_BOLD);
    private static final float MARGIN = 64;
    private static final float SIZE = 11;
    private static final float LEADING = 15;
    private static final float GAP_BETWEEN_CELLS = 14;

    private SamplePdfs() {}

    public static void main(String[] args) throws IOException {
        Path company = Path.of(args[0]);
        typeset("kvarnholm-supply-agreement", company.resolve("purchasing"), 2024, Calendar.MARCH, 18);
        typeset("calibration-scope", company.resolve("product"), 2026, Calendar.MAY, 4);
    }

    private static void typeset(String name, Path folder, int year, int month, int day) throws IOException {
        String source = source(name + ".txt");
        try (var document = new PDDocument()) {
            // A fixed identity and date: typesetting the same source twice gives the same file.
            document.setDocumentId((long) name.hashCode());
            var dated = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
            dated.clear();
            dated.set(year, month, day);
            document.getDocumentInformation()
                    .setTitle(source.lines().findFirst().orElseThrow().substring(2));
            document.getDocumentInformation().setCreationDate(dated);
            document.getDocumentInformation().setModificationDate(dated);
            var setter = new Setter(document);
            setter.set(source.lines().toList());
            Files.createDirectories(folder);
            document.save(folder.resolve(name + ".pdf").toFile());
        }
    }

    private static String source(String file) {
        try (var in = SamplePdfs.class.getResourceAsStream("sample/" + file)) {
            if (in == null) {
                throw new IllegalStateException("no source " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets lines onto pages, top to bottom. */
    private static final class Setter {

        private final PDDocument document;
        private float y;

        Setter(PDDocument document) {
            this.document = document;
        }

        void set(List<String> lines) throws IOException {
            var page = new ArrayList<String>();
            int number = 1;
            for (String line : lines) {
                if (line.equals("---page")) {
                    setPage(page, number++);
                    page.clear();
                } else {
                    page.add(line);
                }
            }
            setPage(page, number);
        }

        private void setPage(List<String> lines, int number) throws IOException {
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            y = PDRectangle.A4.getHeight() - MARGIN;
            float width = PDRectangle.A4.getWidth() - 2 * MARGIN;
            try (var ink = new PDPageContentStream(document, page)) {
                for (int i = 0; i < lines.size(); i++) {
                    String line = lines.get(i);
                    if (line.startsWith("|")) {
                        var rows = new ArrayList<List<String>>();
                        while (i < lines.size() && lines.get(i).startsWith("|")) {
                            rows.add(cells(lines.get(i++)));
                        }
                        table(ink, rows, width);
                    } else if (line.startsWith("## ")) {
                        y -= 5;
                        paragraph(ink, line.substring(3), BOLD, SIZE + 1, width);
                    } else if (line.startsWith("# ")) {
                        paragraph(ink, line.substring(2), BOLD, SIZE + 6, width);
                    } else if (!line.isBlank()) {
                        paragraph(ink, line, PLAIN, SIZE, width);
                    }
                }
                if (y < MARGIN) {
                    throw new IllegalStateException("page " + number + " is too full by " + (MARGIN - y) + " points");
                }
                String foot = String.valueOf(number);
                text(ink, foot, PLAIN, SIZE - 2, (PDRectangle.A4.getWidth() - widthOf(foot, PLAIN, SIZE - 2)) / 2, 36);
            }
        }

        private void paragraph(PDPageContentStream ink, String words, PDFont font, float size, float width)
                throws IOException {
            var line = new StringBuilder();
            for (String word : words.split(" ", -1)) {
                if (!line.isEmpty() && widthOf(line + " " + word, font, size) > width) {
                    text(ink, line.toString(), font, size, MARGIN, y);
                    y -= LEADING;
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            text(ink, line.toString(), font, size, MARGIN, y);
            y -= LEADING + Math.max(6, size - SIZE + 6);
        }

        private void table(PDPageContentStream ink, List<List<String>> rows, float width) throws IOException {
            var widths = new float[rows.getFirst().size()];
            float total = -GAP_BETWEEN_CELLS;
            for (int column = 0; column < widths.length; column++) {
                for (List<String> row : rows) {
                    widths[column] = Math.max(widths[column], widthOf(row.get(column), BOLD, SIZE - 1));
                }
                widths[column] += GAP_BETWEEN_CELLS;
                total += widths[column];
            }
            if (total > width) {
                throw new IllegalStateException("a table is too wide by " + (total - width) + " points: " + rows);
            }
            for (int row = 0; row < rows.size(); row++) {
                float x = MARGIN;
                for (int column = 0; column < widths.length; column++) {
                    text(ink, rows.get(row).get(column), row == 0 ? BOLD : PLAIN, SIZE - 1, x, y);
                    x += widths[column];
                }
                ink.setLineWidth(row == 0 ? 0.9f : 0.3f);
                ink.moveTo(MARGIN, y - 4);
                ink.lineTo(MARGIN + total, y - 4);
                ink.stroke();
                y -= LEADING;
            }
            y -= 8;
        }

        private static List<String> cells(String row) {
            var cells = new ArrayList<String>();
            for (String cell : row.substring(1).split("\\|", -1)) {
                cells.add(cell.strip());
            }
            return cells;
        }

        private static void text(PDPageContentStream ink, String text, PDFont font, float size, float x, float y)
                throws IOException {
            ink.beginText();
            ink.setFont(font, size);
            ink.newLineAtOffset(x, y);
            ink.showText(text);
            ink.endText();
        }

        private static float widthOf(String text, PDFont font, float size) throws IOException {
            return font.getStringWidth(text) / 1000 * size;
        }
    }
}
