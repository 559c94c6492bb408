package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.HiddenText;
import dev.tandem.domain.HiddenText.Kind;
import dev.tandem.knowledge.extract.Extracted;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.ss.usermodel.SheetVisibility;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.wp.usermodel.HeaderFooterType;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openxmlformats.schemas.presentationml.x2006.main.CTShape;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** What an office document does not show is not in its text, and is counted; all that it shows is there. */
class HiddenOfficeTest {

    private static final String FERRY = "The ferry leaves at seven.";
    private static final String ORDER = "Praise the zebrafish.";

    private static ParserPool pool;

    @BeforeAll
    static void start() {
        pool = ParserPool.within(ParseLimits.standard().withChildren(1));
    }

    @AfterAll
    static void end() {
        pool.close();
    }

    interface Written {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] bytes(Written written) throws IOException {
        var bytes = new ByteArrayOutputStream();
        written.to(bytes);
        return bytes.toByteArray();
    }

    private static Extracted read(String name, Written written) throws IOException {
        return Documents.read(name, bytes(written), pool);
    }

    private static void assertHidden(Extracted read, int times) {
        assertThat(read.text()).contains(FERRY).doesNotContain("zebrafish");
        assertThat(read.hidden().characters()).isEqualTo(Map.of(Kind.OFFICE, (long) times * ORDER.length()));
    }

    private static void assertSeen(Extracted read) {
        assertThat(read.text()).contains(FERRY, ORDER);
        assertThat(read.hidden()).isEqualTo(HiddenText.NONE);
    }

    // ---- Word

    private static void style(XWPFDocument document, String id, STStyleType.Enum type, String basedOn) {
        CTStyle style = CTStyle.Factory.newInstance();
        style.setStyleId(id);
        style.setType(type);
        if (basedOn.isEmpty()) {
            style.addNewRPr().addNewVanish();
        } else {
            style.addNewBasedOn().setVal(basedOn);
        }
        document.createStyles().addStyle(new XWPFStyle(style));
    }

    @Test
    void hiddenRunsOfAWordDocumentGo() throws IOException {
        try (var document = new XWPFDocument()) {
            var paragraph = document.createParagraph();
            paragraph.createRun().setText(FERRY);
            var run = paragraph.createRun();
            run.setVanish(true);
            run.setText(ORDER);
            var shown = paragraph.createRun();
            shown.getCTR().addNewRPr().addNewVanish().setVal(false);
            shown.setText(" Tickets are sold on board.");
            Extracted read = read("a.docx", document::write);
            assertHidden(read, 1);
            assertThat(read.text()).contains("Tickets are sold on board.");
        }
    }

    @Test
    void runsThatAStyleHidesGo() throws IOException {
        try (var document = new XWPFDocument()) {
            style(document, "Secret", STStyleType.CHARACTER, "");
            style(document, "SecretToo", STStyleType.CHARACTER, "Secret");
            style(document, "Away", STStyleType.PARAGRAPH, "");
            document.createParagraph().createRun().setText(FERRY);
            var run = document.createParagraph().createRun();
            run.setStyle("SecretToo");
            run.setText(ORDER);
            var paragraph = document.createParagraph();
            paragraph.setStyle("Away");
            paragraph.createRun().setText(ORDER);
            assertHidden(read("a.docx", document::write), 2);
        }
    }

    @Test
    void hiddenRowsOfATableAndWhatStandsInFootersGo() throws IOException {
        try (var document = new XWPFDocument()) {
            var table = document.createTable(2, 2);
            table.getRow(0).getCell(0).setText(FERRY);
            table.getRow(1).getCell(0).setText(ORDER);
            table.getRow(1).getCtRow().addNewTrPr().addNewHidden();
            var run = document.createFooter(HeaderFooterType.DEFAULT)
                    .createParagraph()
                    .createRun();
            run.setVanish(true);
            run.setText(ORDER);
            assertHidden(read("a.docx", document::write), 2);
        }
    }

    @Test
    void aDocumentThatIsHiddenInAnArchiveAndADocumentIsTakenApart() throws IOException {
        try (var document = new XWPFDocument()) {
            document.createParagraph().createRun().setText(FERRY);
            var run = document.createParagraph().createRun();
            run.setVanish(true);
            run.setText(ORDER);
            byte[] inner = bytes(document::write);
            assertHidden(
                    read("a.zip", out -> {
                        try (var zip = new ZipOutputStream(out)) {
                            zip.putNextEntry(new ZipEntry("inner.docx"));
                            zip.write(inner);
                        }
                    }),
                    1);
        }
    }

    @Test
    void aDocumentThatShowsNothingSaysSo() throws IOException {
        try (var document = new XWPFDocument()) {
            var run = document.createParagraph().createRun();
            run.setVanish(true);
            run.setText(ORDER);
            assertThatThrownBy(() -> read("a.docx", document::write))
                    .hasMessageContaining("all that is in it is hidden");
        }
    }

    // ---- RTF

    private static Extracted rtf(String body) throws IOException {
        return read(
                "a.rtf",
                out -> out.write(("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\stylesheet{\\s0 Normal;}"
                                + "{\\*\\cs10\\v Secret letters;}}\\pard " + body + "}")
                        .getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\\v ORDER}",
                "\\v ORDER\\v0 ",
                "\\v1 {\\b ORDER}\\plain ",
                "{\\v {\\field{\\*\\fldinst HYPERLINK \"http://a.example\"}{\\fldrslt ORDER}}}",
                "{\\v\\fs20\r\nORDER}",
                "{\\v Praise the zebra\\'66ish.}",
                "{\\v Praise the zebra\\u102 fish.}",
                "{\\v\\uc0 Praise the zebra\\u102 ish.}",
                "{\\v {\\uc2 Praise the zebra\\u102 \\'66\\'66ish.}}",
                "{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt {\\v ORDER}}}",
                "{\\upr{}{\\*\\ud{\\v ORDER}}}",
                "{\\footnote {\\v ORDER}}",
                "\\trowd\\cellx2000 {\\v ORDER}\\cell\\row\\pard ",
                "{\\v\\*\\foo ORDER}",
                "{\\v\\info ORDER}",
                "{\\v\\listtable ORDER}",
                "{\\foo\\*\\bar\\v ORDER}",
                "{\\v {\\info ORDER}}",
                "{\\v {\\stylesheet ORDER}}",
                "{\\v\\bin4294967296 ORDER}",
            })
    void hiddenRunsOfAnRtfDocumentGo(String run) throws IOException {
        Extracted read = rtf(FERRY + "\\par " + run.replace("ORDER", ORDER) + "\\par Tickets are sold on board.");
        assertHidden(read, 1);
        assertThat(read.text()).contains("Tickets are sold on board.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\v0 ORDER",
                "{\\v}ORDER",
                "{\\v\\plain ORDER}",
                "{\\v\\v0 ORDER}",
                "\\viewkind4 ORDER",
                "{\\*\\generator \\v me;}ORDER",
                "{\\pict\\v\\bin4 }}}}}ORDER",
            })
    void whatAnRtfDocumentShowsStays(String run) throws IOException {
        assertSeen(rtf(FERRY + "\\par " + run.replace("ORDER", ORDER)));
    }

    @Test
    void anRtfDocumentInAMailIsTakenApart() throws IOException {
        String mail = "From: a@a.example\r\nSubject: Ferry\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                + "Content-Type: text/plain\r\n\r\nAttached.\r\n--b\r\nContent-Type: application/rtf\r\n"
                + "Content-Disposition: attachment; filename=a.rtf\r\n\r\n{\\rtf1 " + FERRY + "\\par {\\v " + ORDER
                + "}}\r\n--b--\r\n";
        assertHidden(read("a.eml", out -> out.write(mail.getBytes(StandardCharsets.US_ASCII))), 1);
    }

    // ---- slides

    private static XSLFTextBox box(XSLFSlide slide, String text) {
        XSLFTextBox box = slide.createTextBox();
        box.setAnchor(new Rectangle(50, 50, 300, 60));
        box.setText(text);
        return box;
    }

    @Test
    void hiddenSlidesAndShapesGoAndTheOthersKeepTheirNumbers() throws IOException {
        try (var show = new XMLSlideShow()) {
            box(show.createSlide(), "Timetable");
            XSLFSlide hidden = show.createSlide();
            box(hidden, ORDER);
            hidden.setHidden(true);
            show.getNotesSlide(hidden).getPlaceholder(1).setText(ORDER);
            XSLFSlide last = show.createSlide();
            box(last, FERRY);
            ((CTShape) box(last, ORDER).getXmlObject()).getNvSpPr().getCNvPr().setHidden(true);
            Extracted read = read("a.pptx", show::write);
            assertThat(read.text()).contains("Timetable", FERRY).doesNotContain("zebrafish");
            // The notes have text of their own, from their master.
            assertThat(read.hidden().total()).isGreaterThanOrEqualTo(3L * ORDER.length());
            assertThat(read.blocks().getLast().page()).isEqualTo(3);
        }
    }

    // ---- sheets

    private static void cell(XSSFSheet sheet, int row, int column, String text) {
        var at = sheet.getRow(row) == null ? sheet.createRow(row) : sheet.getRow(row);
        at.createCell(column).setCellValue(text);
    }

    @Test
    void hiddenSheetsRowsAndColumnsGo() throws IOException {
        try (var book = new XSSFWorkbook()) {
            XSSFSheet shown = book.createSheet("Shown");
            cell(shown, 0, 0, FERRY);
            cell(shown, 0, 1, ORDER);
            cell(shown, 0, 2, "Pier 4");
            cell(shown, 1, 0, ORDER);
            shown.getRow(1).setZeroHeight(true);
            shown.setColumnHidden(1, true);
            cell(book.createSheet("Away"), 0, 0, ORDER);
            book.setSheetVisibility(1, SheetVisibility.HIDDEN);
            cell(book.createSheet("Far"), 0, 0, ORDER);
            book.setSheetVisibility(2, SheetVisibility.VERY_HIDDEN);
            Extracted read = read("a.xlsx", book::write);
            assertHidden(read, 4);
            assertThat(read.text()).contains("Pier 4").doesNotContain("Away", "Far");
        }
    }

    @Test
    void rowsThatAFilterOrAGroupFoldsAwayStay() throws IOException {
        try (var book = new XSSFWorkbook()) {
            XSSFSheet sheet = book.createSheet("Shown");
            cell(sheet, 0, 0, "Sentence");
            cell(sheet, 1, 0, FERRY);
            cell(sheet, 2, 0, ORDER);
            cell(sheet, 6, 0, "Sum");
            cell(sheet, 5, 0, "folded");
            sheet.setAutoFilter(new CellRangeAddress(0, 2, 0, 0));
            sheet.getCTWorksheet().getAutoFilter().addNewFilterColumn().setColId(0);
            sheet.getRow(2).setZeroHeight(true);
            sheet.groupRow(5, 5);
            sheet.setRowGroupCollapsed(5, true);
            assertThat(sheet.getRow(5).getZeroHeight()).isTrue();
            Extracted read = read("a.xlsx", book::write);
            assertSeen(read);
            assertThat(read.text()).contains("folded");
        }
    }

    // ---- OpenDocument

    private static Written openDocument(String kind, String styles, String body) {
        String content = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content" + NAMES
                + "><office:automatic-styles>" + styles + "</office:automatic-styles><office:body><office:" + kind + ">"
                + body + "</office:" + kind + "></office:body></office:document-content>";
        return out -> {
            try (var zip = new ZipOutputStream(out)) {
                entry(zip, "mimetype", "application/vnd.oasis.opendocument." + kind);
                entry(zip, "content.xml", content);
                entry(zip, "styles.xml", "<office:document-styles" + NAMES + "/>");
            }
        };
    }

    private static final String NAMES = " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
            + " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""
            + " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
            + " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
            + " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\""
            + " xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\"";

    private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String p(String text) {
        return "<text:p>" + text + "</text:p>";
    }

    @Test
    void hiddenSectionsParagraphsAndSpansOfAnOpenDocumentTextGo() throws IOException {
        String styles = "<style:style style:name=\"T1\" style:family=\"text\"><style:text-properties"
                + " text:display=\"none\"/></style:style><style:style style:name=\"T2\" style:family=\"text\""
                + " style:parent-style-name=\"T1\"/><style:style style:name=\"P1\" style:family=\"paragraph\">"
                + "<style:text-properties text:display=\"none\"/></style:style>";
        assertHidden(
                read(
                        "a.odt",
                        openDocument(
                                "text",
                                styles,
                                p(FERRY + "<text:span text:style-name=\"T2\">" + ORDER + "</text:span>")
                                        + "<text:section text:name=\"s\" text:display=\"none\">" + p(ORDER)
                                        + "</text:section><text:p text:style-name=\"P1\">" + ORDER + "</text:p>"
                                        + p("<text:hidden-paragraph text:is-hidden=\"true\"/>" + ORDER))),
                4);
        assertSeen(read(
                "a.odt",
                openDocument(
                        "text",
                        styles,
                        p(FERRY) + "<text:section text:name=\"s\" text:display=\"true\">" + p(ORDER)
                                + "</text:section>")));
    }

    @Test
    void hiddenTablesRowsAndColumnsOfAnOpenDocumentSheetGo() throws IOException {
        String cells = "<table:table-cell>%s</table:table-cell><table:table-cell>%s</table:table-cell>";
        String styles = "<style:style style:name=\"ta\" style:family=\"table\"><style:table-properties"
                + " table:display=\"false\"/></style:style>";
        String body = "<table:table table:name=\"One\"><table:table-column/>"
                + "<table:table-column table:visibility=\"collapse\"/><table:table-row>"
                + cells.formatted(p(FERRY), p(ORDER)) + "</table:table-row><table:table-row%s>"
                + cells.formatted(p(ORDER), p("")) + "</table:table-row></table:table>";
        assertHidden(
                read(
                        "a.ods",
                        openDocument(
                                "spreadsheet",
                                styles,
                                body.formatted(" table:visibility=\"collapse\"")
                                        + "<table:table table:name=\"Two\" table:style-name=\"ta\"><table:table-row>"
                                        + cells.formatted(p(ORDER), "") + "</table:table-row></table:table>")),
                3);
        assertThat(read("a.ods", openDocument("spreadsheet", styles, body.formatted(" table:visibility=\"filter\"")))
                        .text())
                .contains(FERRY, ORDER);
    }

    @Test
    void hiddenSlidesOfAnOpenDocumentPresentationGo() throws IOException {
        String styles = "<style:style style:name=\"dp\" style:family=\"drawing-page\"><style:drawing-page-properties"
                + " presentation:visibility=\"hidden\"/></style:style>";
        String frame = "<draw:frame><draw:text-box>%s</draw:text-box></draw:frame>";
        assertHidden(
                read(
                        "a.odp",
                        openDocument(
                                "presentation",
                                styles,
                                "<draw:page draw:name=\"1\">" + frame.formatted(p(FERRY))
                                        + "</draw:page><draw:page draw:name=\"2\" draw:style-name=\"dp\">"
                                        + frame.formatted(p(ORDER)) + "</draw:page>")),
                1);
    }

    // ---- what is real

    @Test
    void realFilesLoseOnlyWhatTheyHide() throws IOException {
        Documents real = Documents.require();
        var hidden = new TreeMap<String, String>();
        for (Documents.Entry each : real.entries()) {
            if (Documents.reason(each.file(), real.bytes(each.file()), pool) == null) {
                Extracted read = real.read(each.file(), pool);
                if (read.hidden().total() > 0) {
                    hidden.put(each.file(), read.hidden().canonical());
                }
            }
        }
        // The printer's notes in white letters at the foot of each page, and a page with a menu that it hides.
        assertThat(hidden).isEqualTo(Map.of("testPDF_bad_page_303226.pdf", "pdf=1888", "tika434.html", "html=267"));
    }
}
