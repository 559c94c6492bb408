package dev.tandem.knowledge.extract;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.graphics.form.PDTransparencyGroup;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;

/**
 * The lines of a PDF in reading order, with what their setting tells. Letters that no reader sees are left out and counted,
 * but for those laid over a picture of their page. A page that is broken is passed over and noted.
 */
final class PdfLines extends PDFTextStripper {

    /** A gap between words this many times the font's size parts cells. */
    private static final float CELL_GAP = 1.4f;

    private static final int SHORT_LINES = 8;

    private final long deadline;
    private final List<PdfLine> lines = new ArrayList<>();
    private final List<Integer> brokenPages = new ArrayList<>();
    private final List<Integer> scannedPages = new ArrayList<>();
    private PdfPaint paint = new PdfPaint(PDRectangle.A4, false);
    private long hidden;

    private final List<String> cells = new ArrayList<>();
    private final List<Float> lefts = new ArrayList<>();
    private final List<Float> rights = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private float right;
    private float baseline;
    private float sizes;
    private int characters;
    private int boldCharacters;
    private float pageHeight;

    PdfLines(long deadline) {
        this.deadline = deadline;
        setAddMoreFormatting(false);
    }

    List<PdfLine> read(PDDocument document) throws IOException {
        writeText(document, Writer.nullWriter());
        return lines;
    }

    /** Numbers of pages that could not be read, from 1. */
    List<Integer> brokenPages() {
        return brokenPages;
    }

    /** Numbers of pages that are pictures with their text laid over them, from 1. */
    List<Integer> scannedPages() {
        return scannedPages;
    }

    /** Code points that were left out. */
    long hidden() {
        return hidden;
    }

    @Override
    public void processPage(PDPage page) throws IOException {
        lay(page);
        hidden += paint.hidden();
    }

    private void lay(PDPage page) throws IOException {
        int before = lines.size();
        attempt(page, before);
        if (page.getRotation() == 0 || averageLength(lines.subList(before, lines.size())) >= SHORT_LINES) {
            return;
        }
        // Some pages are turned and their text is not: read upright, it falls into lines of a letter or two.
        List<PdfLine> turned = List.copyOf(lines.subList(before, lines.size()));
        lines.subList(before, lines.size()).clear();
        page.setRotation(0);
        attempt(page, before);
        List<PdfLine> straight = lines.subList(before, lines.size());
        if (averageLength(straight) < averageLength(turned)) {
            straight.clear();
            lines.addAll(turned);
        }
    }

    private void attempt(PDPage page, int before) throws IOException {
        try {
            paint = new PdfPaint(page.getCropBox(), false);
            super.processPage(page);
            if (paint.isScanned()) {
                lines.subList(before, lines.size()).clear();
                clear();
                paint = new PdfPaint(page.getCropBox(), true);
                super.processPage(page);
                if (scannedPages.isEmpty() || scannedPages.getLast() != getCurrentPageNo()) {
                    scannedPages.add(getCurrentPageNo());
                }
            }
        } catch (IOException | RuntimeException broken) {
            checkDeadline();
            lines.subList(before, lines.size()).clear();
            brokenPages.add(getCurrentPageNo());
        }
        clear();
    }

    private static double averageLength(List<PdfLine> lines) {
        return lines.stream().mapToInt(line -> line.text().length()).average().orElse(0);
    }

    @Override
    protected void startPage(PDPage page) {
        boolean turned = page.getRotation() % 180 != 0;
        pageHeight = turned ? page.getCropBox().getWidth() : page.getCropBox().getHeight();
    }

    @Override
    protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
        checkDeadline();
        super.processOperator(operator, operands);
        paint.after(operator.getName(), operands, getGraphicsState(), getResources());
    }

    @Override
    public void showForm(PDFormXObject form) throws IOException {
        PdfPaint.Mark mark = paint.mark();
        super.showForm(form);
        paint.back(mark);
    }

    @Override
    public void showTransparencyGroup(PDTransparencyGroup form) throws IOException {
        PdfPaint.Mark mark = paint.mark();
        super.showTransparencyGroup(form);
        paint.back(mark);
    }

    @Override
    protected void showGlyph(Matrix letter, PDFont font, int code, Vector width) throws IOException {
        if (paint.shows(getGraphicsState(), letter, font, code, width)) {
            super.showGlyph(letter, font, code, width);
        }
    }

    private void checkDeadline() throws PdfText.TooSlow {
        if (System.nanoTime() - deadline > 0) {
            throw new PdfText.TooSlow();
        }
    }

    @Override
    protected void writeString(String text, List<TextPosition> positions) {
        if (positions.isEmpty() || text.isBlank()) {
            cell.append(text);
            return;
        }
        TextPosition first = positions.getFirst();
        TextPosition last = positions.getLast();
        float size = first.getFontSizeInPt();
        if (characters == 0) {
            baseline = first.getYDirAdj();
            lefts.add(first.getXDirAdj());
        } else if (first.getXDirAdj() - right > CELL_GAP * Math.max(size, 4)) {
            cells.add(cell.toString().strip());
            rights.add(right);
            cell.setLength(0);
            lefts.add(first.getXDirAdj());
        }
        cell.append(text);
        right = last.getXDirAdj() + last.getWidthDirAdj();
        for (TextPosition position : positions) {
            sizes += position.getFontSizeInPt();
            characters++;
            boldCharacters += isBold(position) ? 1 : 0;
        }
    }

    private static boolean isBold(TextPosition position) {
        String name = position.getFont().getName();
        String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        return lower.contains("bold") || lower.contains("black") || lower.contains("heavy");
    }

    @Override
    protected void writeWordSeparator() {
        cell.append(' ');
    }

    @Override
    protected void writeLineSeparator() {
        flush();
    }

    @Override
    protected void writeParagraphEnd() {
        flush();
    }

    @Override
    protected void writePageEnd() {
        flush();
    }

    private void flush() {
        String rest = cell.toString().strip();
        if (characters > 0) {
            cells.add(rest);
            rights.add(right);
            lines.add(new PdfLine(
                    getCurrentPageNo(),
                    List.copyOf(cells),
                    List.copyOf(lefts),
                    List.copyOf(rights),
                    baseline,
                    sizes / characters,
                    boldCharacters > characters * .7,
                    pageHeight));
        }
        clear();
    }

    private void clear() {
        cells.clear();
        lefts.clear();
        rights.clear();
        cell.setLength(0);
        characters = 0;
        boldCharacters = 0;
        sizes = 0;
    }
}
