package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.Block;
import dev.tandem.knowledge.extract.Extracted;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Text that is there as a picture is recognised, page by page, where tesseract is installed. */
class OcrTest {

    private static final String FERRY = "The ferry leaves at seven from the old pier.";
    private static final String TICKETS = "Tickets are sold on board for nine crowns.";

    @BeforeAll
    static void requireTesseract() {
        assumeFalse(Ocr.standard().command().isEmpty(), "tesseract is not installed");
    }

    private static ParserPool pool(Ocr ocr) {
        return ParserPool.within(ParseLimits.standard().withChildren(1), ocr);
    }

    /** What a scanner makes of a page with that line. */
    private static BufferedImage scan(String line) throws IOException {
        try (var document = new PDDocument()) {
            var page = new PDPage(new PDRectangle(400, 120));
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 14);
                content.newLineAtOffset(30, 60);
                content.showText(line);
                content.endText();
            }
            return new PDFRenderer(document).renderImageWithDPI(0, 200, ImageType.RGB);
        }
    }

    private static byte[] scanned(List<BufferedImage> pictures) throws IOException {
        try (var document = new PDDocument()) {
            document.getDocumentInformation().setTitle("Timetable of the ferry");
            for (BufferedImage picture : pictures) {
                var page = new PDPage(new PDRectangle(400, 120));
                document.addPage(page);
                try (var content = new PDPageContentStream(document, page)) {
                    content.drawImage(LosslessFactory.createFromImage(document, picture), 0, 0, 400, 120);
                }
            }
            var bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    @Test
    void aScannedPdfHasItsTextByPagesAndSaysThatItWasRecognised() throws IOException {
        byte[] pdf = scanned(List.of(scan(FERRY), blank(), scan(TICKETS)));
        try (ParserPool pool = pool(Ocr.standard())) {
            Extracted read = Documents.read("a.pdf", pdf, pool);
            assertThat(read.text()).isEqualTo(FERRY + "\n\n" + TICKETS);
            assertThat(read.blocks()).extracting(Block::page).containsExactly(1, 3);
            assertThat(read.title()).isEqualTo("Timetable of the ferry");
            assertThat(read.metadata().get("recognised by")).startsWith("tesseract ");
            assertThat(read.metadata()).containsEntry("pages", "3");
        }
    }

    private static BufferedImage blank() {
        var blank = new BufferedImage(400, 120, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((DataBufferByte) blank.getRaster().getDataBuffer()).getData(), (byte) 255);
        return blank;
    }

    @Test
    void aPictureHasItsText() throws IOException {
        try (ParserPool pool = pool(Ocr.standard())) {
            for (String format : List.of("png", "jpg", "tiff")) {
                var bytes = new ByteArrayOutputStream();
                assertThat(ImageIO.write(scan(FERRY), format, bytes)).isTrue();
                Extracted read = Documents.read("scan." + format, bytes.toByteArray(), pool);
                assertThat(read.text()).as(format).isEqualTo(FERRY);
                assertThat(read.metadata()).containsKey("recognised by");
            }
        }
    }

    @Test
    void aRealScanIsRead() throws IOException {
        Documents real = Documents.require();
        try (ParserPool pool = pool(Ocr.standard())) {
            assertThat(real.read("testOCR.pdf", pool).text()).contains("Happy New Year 2003!");
        }
    }

    @Test
    void whatShowsNoTextOrIsBrokenOrNotToBeRecognisedHasItsReason() throws IOException {
        byte[] empty = scanned(List.of(blank()));
        var png = new ByteArrayOutputStream();
        ImageIO.write(scan(FERRY), "png", png);
        try (ParserPool pool = pool(Ocr.standard())) {
            assertThat(Documents.reason("a.pdf", empty, pool)).startsWith("No text was recognised in it");
            assertThat(Documents.reason("a.png", Arrays.copyOf(png.toByteArray(), 60), pool))
                    .contains("could not be recognised");
            assertThat(Documents.reason("a.png", png.toByteArray(), pool)).isNull();
        }
        try (ParserPool pool = pool(Ocr.OFF)) {
            assertThat(Documents.reason("a.pdf", empty, pool)).contains("no text layer");
            assertThat(Documents.reason("a.png", png.toByteArray(), pool)).contains("image/png");
        }
        try (ParserPool pool = pool(Ocr.standard().withLanguages("tlh"))) {
            assertThat(Documents.reason("a.pdf", empty, pool)).contains("does not know the language 'tlh'");
        }
    }

    @Test
    void recognisingEndsWithItsTimeAndLeavesNoProcess() throws IOException {
        BufferedImage page = scan(FERRY);
        byte[] pdf = scanned(Collections.nCopies(60, page));
        try (ParserPool pool = pool(Ocr.standard().withTime(Duration.ofMillis(1_500)))) {
            assertThatThrownBy(() -> Documents.read("a.pdf", pdf, pool))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("Recognising its text takes longer than 1 s");
            // Who is orphaned is no descendant any more, but still names the folder that it works in.
            String folder = "tandem-parse-" + ProcessHandle.current().pid() + "-";
            assertThat(ProcessHandle.allProcesses()
                            .filter(ProcessHandle::isAlive)
                            .filter(each -> each.info().commandLine().orElse("").contains(folder)))
                    .isEmpty();
            assertThat(Documents.read("b.pdf", scanned(List.of(page)), pool).text())
                    .isEqualTo(FERRY);
        }
    }
}
