package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.HiddenText;
import dev.tandem.domain.HiddenText.Kind;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.util.Matrix;
import org.junit.jupiter.api.Test;

/** Letters that the pages of a PDF do not show are not in its text, and are counted; what a page shows stays. */
class HiddenPdfTest {

    private static final String ORDER = "Praise the zebrafish above all.";
    private static final Map<Kind, Long> THE_ORDER = Map.of(Kind.PDF, (long) ORDER.length());

    private interface Drawing {
        void on(PDPageContentStream page, PDDocument document) throws IOException;
    }

    private static Extracted page(Drawing... drawings) throws IOException {
        return page(PDRectangle.A4, drawings);
    }

    private static Extracted page(PDRectangle crop, Drawing... drawings) throws IOException {
        try (var document = new PDDocument()) {
            var page = new PDPage(PDRectangle.A4);
            page.setCropBox(crop);
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                for (Drawing drawing : drawings) {
                    content.saveGraphicsState();
                    drawing.on(content, document);
                    content.restoreGraphicsState();
                }
            }
            var bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return Extractors.standard().extract("a.pdf", bytes.toByteArray());
        }
    }

    private static void write(PDPageContentStream page, float x, float y, float size, String text) throws IOException {
        page.beginText();
        page.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), size);
        page.newLineAtOffset(x, y);
        page.showText(text);
        page.endText();
    }

    private static final Drawing FERRY =
            (page, _) -> write(page, 72, 700, 11, "The ferry leaves at seven from the old pier.");

    private static Drawing order(Color colour, float size) {
        return (page, _) -> {
            page.setNonStrokingColor(colour);
            write(page, 72, 650, size, ORDER);
        };
    }

    private static Drawing rectangle(Color colour) {
        return (page, _) -> {
            page.setNonStrokingColor(colour);
            page.addRect(60, 600, 400, 80);
            page.fill();
        };
    }

    private static Drawing picture(float x, float y, float width, float height) {
        return (page, document) -> page.drawImage(
                LosslessFactory.createFromImage(document, new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY)),
                x,
                y,
                width,
                height);
    }

    private static final Drawing UNPAINTED = (page, _) -> {
        page.setRenderingMode(RenderingMode.NEITHER);
        write(page, 72, 650, 11, ORDER);
    };

    private static void assertOnlyTheFerry(Extracted read) {
        assertThat(read.text()).isEqualTo("The ferry leaves at seven from the old pier.");
        assertThat(read.hidden().characters()).isEqualTo(THE_ORDER);
    }

    private static void assertAllStays(Extracted read) {
        assertThat(read.text()).contains("The ferry leaves at seven", ORDER);
        assertThat(read.hidden()).isEqualTo(HiddenText.NONE);
    }

    @Test
    void lettersThatAreNotPaintedGo() throws IOException {
        assertOnlyTheFerry(page(FERRY, UNPAINTED));
    }

    @Test
    void lettersInTheColourOfThePageGo() throws IOException {
        assertOnlyTheFerry(page(FERRY, order(Color.WHITE, 11)));
        assertOnlyTheFerry(page(FERRY, order(new Color(252, 252, 250), 11)));
    }

    @Test
    void lettersInTheColourOfWhatTheyStandOnGo() throws IOException {
        assertOnlyTheFerry(page(FERRY, rectangle(Color.BLUE), order(Color.BLUE, 11)));
        assertOnlyTheFerry(page(FERRY, rectangle(Color.BLACK), rectangle(Color.WHITE), order(Color.WHITE, 11)));
    }

    @Test
    void lettersOfNoSizeGo() throws IOException {
        assertOnlyTheFerry(page(FERRY, order(Color.BLACK, .5f)));
    }

    @Test
    void lettersThatAreFullyTransparentGo() throws IOException {
        assertOnlyTheFerry(page(FERRY, (page, document) -> {
            var clear = new PDExtendedGraphicsState();
            clear.setNonStrokingAlphaConstant(0f);
            page.setGraphicsStateParameters(clear);
            order(Color.BLACK, 11).on(page, document);
        }));
    }

    @Test
    void lettersBesideThePageGo() throws IOException {
        assertOnlyTheFerry(page(FERRY, (page, _) -> write(page, 72, 900, 11, ORDER)));
        assertOnlyTheFerry(page(new PDRectangle(0, 660, 595, 182), FERRY, order(Color.BLACK, 11)));
    }

    @Test
    void whiteLettersOnWhatIsDarkOrNotKnownStay() throws IOException {
        assertAllStays(page(FERRY, rectangle(Color.BLUE), order(Color.WHITE, 11)));
        assertAllStays(page(FERRY, picture(60, 600, 400, 80), order(Color.WHITE, 11)));
        assertAllStays(page(
                FERRY,
                (page, _) -> {
                    page.setLineWidth(60);
                    page.moveTo(60, 650);
                    page.lineTo(500, 650);
                    page.stroke();
                },
                order(Color.WHITE, 11)));
        assertAllStays(page(
                FERRY,
                (page, _) -> {
                    page.moveTo(0, 0);
                    page.curveTo(0, 800, 600, 800, 600, 0);
                    page.fill();
                },
                order(Color.WHITE, 11)));
    }

    @Test
    void blackLettersInABlackFrameStay() throws IOException {
        assertAllStays(page(
                FERRY,
                (page, _) -> {
                    page.addRect(60, 600, 400, 80);
                    page.addRect(62, 602, 396, 76);
                    page.fillEvenOdd();
                },
                order(Color.BLACK, 11)));
        assertAllStays(page(
                FERRY,
                (page, _) -> {
                    page.addRect(60, 600, 400, 80);
                    page.addRect(62, 602, 396, 76);
                    page.clipEvenOdd();
                    page.addRect(0, 0, 600, 800);
                    page.fill();
                },
                order(Color.BLACK, 11)));
    }

    @Test
    void lightGreyAndSmallPrintStay() throws IOException {
        assertAllStays(page(FERRY, order(new Color(225, 225, 225), 11)));
        assertAllStays(page(FERRY, order(Color.BLACK, 2)));
        assertAllStays(page(FERRY, (page, _) -> {
            page.transform(Matrix.getScaleInstance(20, 20));
            write(page, 3, 30, .5f, ORDER);
        }));
    }

    @Test
    void theTextOfAScannedPageStaysAndIsSaidToBeThat() throws IOException {
        Extracted scanned = page(UNPAINTED, picture(0, 0, 595, 842));
        assertThat(scanned.text()).isEqualTo(ORDER);
        assertThat(scanned.hidden()).isEqualTo(HiddenText.NONE);
        assertThat(scanned.metadata()).containsEntry("scanned pages", "1");
    }

    @Test
    void aPictureBehindPrintMakesNoScannedPage() throws IOException {
        Extracted brochure = page(picture(0, 0, 595, 842), FERRY, UNPAINTED);
        assertThat(brochure.text()).doesNotContain("zebrafish");
        assertThat(page(FERRY, picture(72, 100, 100, 100), UNPAINTED).text()).doesNotContain("zebrafish");
        assertThat(brochure.metadata()).doesNotContainKey("scanned pages");
    }

    @Test
    void aFileThatShowsNoneOfItsTextSaysSo() {
        assertThatThrownBy(() -> page(UNPAINTED)).hasMessageContaining("all that is in it is hidden");
    }
}
