package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.Test;

class PdfTest {

    private static final PDFont PLAIN = new PDType1Font(FontName.HELVETICA);
    private static final PDFont BOLD = new PDType1Font(FontName.HELVETICA_BOLD);

    /** A page to write on, from the top. */
    private static final class Sheet implements AutoCloseable {
        private final PDPageContentStream stream;
        private float y = 740;

        Sheet(PDDocument document) throws IOException {
            var page = new PDPage();
            document.addPage(page);
            stream = new PDPageContentStream(document, page);
        }

        Sheet at(float x, float atY, PDFont font, float size, String text) throws IOException {
            stream.beginText();
            stream.setFont(font, size);
            stream.newLineAtOffset(x, atY);
            stream.showText(text);
            stream.endText();
            return this;
        }

        Sheet line(String text) throws IOException {
            y -= 14;
            return at(72, y, PLAIN, 11, text);
        }

        Sheet gap() {
            y -= 12;
            return this;
        }

        Sheet heading(String text) throws IOException {
            y -= 30;
            at(72, y, BOLD, 18, text);
            y -= 10;
            return this;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    private static byte[] saved(PDDocument document) throws IOException {
        var out = new ByteArrayOutputStream();
        document.save(out);
        document.close();
        return out.toByteArray();
    }

    private static Extracted read(byte[] bytes) {
        return Extractors.standard().extract("files/report.pdf", bytes);
    }

    private static byte[] report() throws IOException {
        var document = new PDDocument();
        for (int page = 1; page <= 4; page++) {
            try (var sheet = new Sheet(document)) {
                sheet.at(72, 760, PLAIN, 9, "Acme annual report");
                sheet.at(300, 30, PLAIN, 9, "Page " + page + " of 4");
                if (page == 1) {
                    sheet.heading("Results of the year")
                            .line("The company sold more machines than in any year before it, and the")
                            .line("commit-")
                            .line("tee thanked the sales office for its long-")
                            .line("term work with customers in the north.")
                            .gap()
                            .line("A commitment to the long term and to the next committee remains, and")
                            .line("this paragraph goes on");
                } else if (page == 2) {
                    sheet.line("over the end of the page.");
                    sheet.heading("Prices");
                    String[][] rows = {{"Plan", "Seats", "Price"}, {"Team", "5", "12 euros"}, {"Firm", "50", "99 euros"}
                    };
                    for (int i = 0; i < rows.length; i++) {
                        for (int j = 0; j < 3; j++) {
                            sheet.at(72 + 120 * j, 600 - 14 * i, PLAIN, 11, rows[i][j]);
                        }
                    }
                } else {
                    sheet.line("Text of page "
                            + (page == 3 ? "three." : "four, which says a little more than the third does."));
                }
            }
        }
        var information = document.getDocumentInformation();
        information.setTitle("Microsoft Word - final2.doc");
        information.setAuthor("Ana B.");
        var changed = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        changed.setTimeInMillis(Instant.parse("2024-02-03T04:05:06Z").toEpochMilli());
        information.setModificationDate(changed);
        return saved(document);
    }

    @Test
    void linesBecomeParagraphsAndHeadsAndFeetGo() throws IOException {
        var document = read(report());
        assertThat(document.text())
                .isEqualTo("Results of the year\n\n"
                        + "The company sold more machines than in any year before it, and the committee thanked the"
                        + " sales office for its long-term work with customers in the north.\n\n"
                        + "A commitment to the long term and to the next committee remains, and this paragraph goes on"
                        + " over the end of the page.\n\n"
                        + "Prices\n\nPlan | Seats | Price\nTeam | 5 | 12 euros\nFirm | 50 | 99 euros\n\n"
                        + "Text of page three.\n\nText of page four, which says a little more than the third does.");
        assertThat(document.blocks()).extracting(Block::page).containsExactly(1, 1, 1, 2, 2, 2, 3, 4);
        assertThat(document.blocks()).extracting(Block::kind).contains(Block.Kind.TABLE, Block.Kind.HEADING);
    }

    /** As some programs draw them: the first line of each column, then the second of each. */
    @Test
    void columnsDrawnLineByLineAreReadOneAfterTheOther() throws IOException {
        var document = new PDDocument();
        try (var sheet = new Sheet(document)) {
            sheet.heading("Herons");
            String[] left = {
                "Grey herons nest in colonies, often", "in tall trees near water, and they",
                "come back to the same nest every", "year. Their young leave it after",
                "fifty days and stay for a while in", "the meadows around the colony.",
                "Ringed birds were found again as", "far away as Senegal.",
            };
            String[] right = {
                "Night herons hunt at dusk. A bird", "waits without moving until a fish",
                "comes near, and then strikes faster", "than the eye can follow. What it",
                "cannot swallow it leaves behind on", "the bank, where foxes find it. In",
                "winter it moves to the south.",
            };
            for (int i = 0; i < left.length; i++) {
                sheet.at(72, 680 - 14 * i, PLAIN, 11, left[i]);
                if (i < right.length) {
                    sheet.at(320, 680 - 14 * i, PLAIN, 11, right[i]);
                }
            }
        }
        assertThat(read(saved(document)).text())
                .isEqualTo("Herons\n\nGrey herons nest in colonies, often in tall trees near water, and they come back"
                        + " to the same nest every year. Their young leave it after fifty days and stay for a while in"
                        + " the meadows around the colony.\n\nRinged birds were found again as far away as Senegal.\n\n"
                        + "Night herons hunt at dusk. A bird waits without moving until a fish comes near, and then"
                        + " strikes faster than the eye can follow. What it cannot swallow it leaves behind on the"
                        + " bank, where foxes find it. In winter it moves to the south.");
    }

    @Test
    void theRowsOfATableWhoseCellsAreSeveralLinesHighStayTogether() throws IOException {
        var document = new PDDocument();
        try (var sheet = new Sheet(document)) {
            String[][] rows = {
                {
                    "The visitor has no badge and",
                    "Ask the porter, who writes one and",
                    "cannot say whom they visit",
                    "keeps the visitor's passport until"
                },
                {
                    "The lift stops between two",
                    "Press the yellow button and wait",
                    "floors and the light is out",
                    "until the technician has answered"
                },
                {
                    "Smoke comes out of a room",
                    "Leave by the stairs and call the",
                    "on the floor where you work",
                    "fire brigade from outside at once"
                },
                {
                    "A parcel ticks or smells of",
                    "Do not touch it, go away from it",
                    "something that is not paper",
                    "and tell the guard at the gate so"
                },
            };
            float y = 700;
            for (String[] row : rows) {
                for (int line = 0; line < 2; line++) {
                    sheet.at(72, y, PLAIN, 11, row[2 * line]);
                    sheet.at(320, y, PLAIN, 11, row[2 * line + 1]);
                    y -= 14;
                }
                y -= 8;
            }
        }
        String text = read(saved(document)).text();
        assertThat(text.indexOf("Press the yellow button")).isLessThan(text.indexOf("Smoke comes out"));
        assertThat(text.indexOf("Ask the porter")).isLessThan(text.indexOf("The lift stops"));
    }

    /** With time by the cube of the columns this would not end. */
    @Test
    void aPageOfVeryManyColumnsIsLeftAsItIs() {
        var cells = Collections.nCopies(2_000, "a b");
        var lefts = IntStream.range(0, 2_000).mapToObj(i -> 20f * i).toList();
        var rights = IntStream.range(0, 2_000).mapToObj(i -> 20f * i + 5).toList();
        var lines = IntStream.range(0, 80)
                .mapToObj(i -> new PdfLine(1, cells, lefts, rights, 12f * i, 10, false, 1_000))
                .toList();
        assertThat(PdfColumns.inTurn(lines)).isEqualTo(lines);
    }

    @Test
    void aTableOfSentencesStaysATable() throws IOException {
        var document = new PDDocument();
        try (var sheet = new Sheet(document)) {
            String[][] rows = {
                {"who asks", "what is answered"},
                {"a guest of the house", "the porter opens the gate"},
                {"a member of staff", "the badge opens every door but one"},
                {"the director", "all doors open, and so does the safe"},
                {"a cat", "nothing opens, whatever it says"},
                {"an auditor", "doors open on the second day"},
                {"a child", "the door of the garden opens"},
            };
            for (int i = 0; i < rows.length; i++) {
                sheet.at(72, 700 - 14 * i, PLAIN, 11, rows[i][0]);
                sheet.at(320, 700 - 14 * i, PLAIN, 11, rows[i][1]);
            }
        }
        assertThat(read(saved(document)).text())
                .contains("a guest of the house | the porter opens the gate\n", "a cat | nothing opens");
    }

    @Test
    void chunksKnowTheirPage() throws IOException {
        var chunks = new Chunker(new ChunkSettings(20, 60, 5)).chunk("00000000000000aa", 1, read(report()));
        assertThat(chunks.getLast().page()).isEqualTo(4);
        assertThat(chunks.getFirst().page()).isEqualTo(1);
        assertThat(chunks).anyMatch(chunk -> chunk.headingPath().equals("Prices") && chunk.page() == 2);
    }

    @Test
    void whatTheFileSaysOfItselfIsKeptAndAPoorTitleIsNot() throws IOException {
        var document = read(report());
        assertThat(document.title()).isEqualTo("Results of the year");
        assertThat(document.metadata()).containsEntry("author", "Ana B.").containsEntry("pages", "4");
        assertThat(document.modified()).isEqualTo(Instant.parse("2024-02-03T04:05:06Z"));
    }

    @Test
    void whatCannotBeReadIsRefusedWithTheReason() throws IOException {
        byte[] whole = report();
        refused(Arrays.copyOf("%PDF-1.7\nnot one".getBytes(StandardCharsets.US_ASCII), 2_000), "It is broken: ");
        refused(Arrays.copyOf(whole, 400), "It is broken: ");
        var empty = new PDDocument();
        empty.addPage(new PDPage());
        refused(saved(empty), "It has no text layer: ");
        refused(locked("secret", true), "It is encrypted and opens only with a password.");
        refused(locked("", false), "Its author does not permit text to be taken out of it.");
        assertThat(read(locked("", true)).text()).isEqualTo("Open to all.");
    }

    private static void refused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
                    assertThat(failure.nextStep()).endsWith(".");
                })
                .hasMessageStartingWith(reason);
    }

    private static byte[] locked(String password, boolean mayExtract) throws IOException {
        var document = new PDDocument();
        try (var sheet = new Sheet(document)) {
            sheet.line("Open to all.");
        }
        var permission = new AccessPermission();
        permission.setCanExtractContent(mayExtract);
        document.protect(new StandardProtectionPolicy("owner", password, permission));
        return saved(document);
    }

    @Test
    void aPageMadeToBeSlowCostsNoMoreThanTheLimit() throws IOException {
        var document = new PDDocument();
        var page = new PDPage();
        document.addPage(page);
        var content = new PDStream(document);
        try (OutputStream out = content.createOutputStream(COSName.FLATE_DECODE)) {
            byte[] block = "q 1 0 0 1 0 0 cm Q\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 200; i++) {
                out.write(block);
            }
        }
        page.setContents(content);
        byte[] bomb = saved(document);
        assertThat(bomb.length).isLessThan(2_000_000);
        var extractors = Extractors.within(new ExtractLimits(10_000_000, 10_000_000, Duration.ofMillis(1)));
        long start = System.nanoTime();
        assertThatThrownBy(() -> extractors.extract("bomb.pdf", bomb)).hasMessage("Reading it takes longer than 1 ms.");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aPdfIsKnownByItsFirstBytesWhateverItsName() throws IOException {
        byte[] report = report();
        for (String name : List.of("report.txt", "report", "report.md")) {
            assertThat(Extractors.standard().extract(name, report).metadata()).containsEntry("pages", "4");
        }
    }
}
