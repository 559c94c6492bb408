package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.knowledge.extract.Block;
import dev.tandem.knowledge.extract.Extracted;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real files of every format: what is in them comes out in blocks. */
class FormatsTest {

    private static ParserPool pool = ParserPool.within(ParseLimits.standard().withChildren(1));
    private static Documents documents;

    @BeforeAll
    static void open() throws IOException {
        documents = Documents.require();
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    /** Pictures of text, or blank: there is nothing to be read in them without recognising it. */
    static final Set<String> WITHOUT_TEXT = Set.of("testOCR.pdf", "testPDF_Version.11.x.PDFA-1b.pdf");

    @Test
    void everyNormalFileIsReadOrHasNoTextLayer() throws IOException {
        var failed = new TreeMap<String, String>();
        for (Documents.Entry each : documents.entries()) {
            if (each.category().equals("normal")) {
                String reason = Documents.reason(each.file(), documents.bytes(each.file()), pool);
                if (reason != null) {
                    failed.put(each.file(), reason);
                }
            }
        }
        assertThat(failed.keySet()).isEqualTo(WITHOUT_TEXT);
        assertThat(failed.values()).allMatch(reason -> reason.contains("no text layer"));
    }

    @Test
    void whateverIsLockedSaysSo() throws IOException {
        for (Documents.Entry each : documents.entries()) {
            if (each.category().equals("encrypted") && !each.file().equals("testZipEncrypted.zip")) {
                assertThat(Documents.reason(each.file(), documents.bytes(each.file()), pool))
                        .as(each.file())
                        .contains("password");
            }
        }
    }

    @Test
    void everyOtherFileIsReadOrHasAReason() throws IOException {
        for (Documents.Entry each : documents.entries()) {
            String reason = Documents.reason(each.file(), documents.bytes(each.file()), pool);
            assertThat(reason == null || reason.matches("(?s)(It|Its|Nothing|Reading) .*\\."))
                    .as(each.file() + ": " + reason)
                    .isTrue();
        }
    }

    @Test
    void aSheetIsATableWithItsHeaderOnEveryCut() throws IOException {
        Extracted sheet = documents.read("test-columnar.xlsx", pool);
        List<String> tables = texts(sheet, Block.Kind.TABLE);
        assertThat(tables).hasSizeGreaterThan(1).allMatch(table -> table.startsWith("Record Number | Square of"));
        assertThat(sheet.text()).contains("\n7 | 49 | This is row 7 of 10 | 70.00% | 85.71%");
    }

    @Test
    void slidesAreHeadedByTheirFirstLine() throws IOException {
        Extracted slides = documents.read("testPPT_comment.pptx", pool);
        assertThat(texts(slides, Block.Kind.HEADING)).containsExactly("title");
        assertThat(slides.blocks()).allMatch(block -> block.page() == 1);
    }

    @Test
    void wordListsAndTablesKeepTheirShape() throws IOException {
        Extracted word = documents.read("testWORD_various.docx", pool);
        assertThat(texts(word, Block.Kind.LIST)).contains("1) Number bullet 1\n2) Number bullet 2\n3) Number bullet 3");
        assertThat(texts(word, Block.Kind.TABLE)).anyMatch(table -> table.contains("Row 1 Col 1 | Row 1 Col 2"));
        assertThat(word.metadata()).containsEntry("author", "Michael McCandless");
    }

    @Test
    void aMessageSaysFromWhomAndHasItsAttachments() throws IOException {
        Extracted mail = documents.read("testMSG_att_msg.msg", pool);
        assertThat(mail.title()).isEqualTo("test email");
        assertThat(texts(mail, Block.Kind.HEADING)).contains("Test Attachment.msg");
        assertThat(mail.text()).contains("Blah blah blah").contains("From: Nick Booth");
    }

    @Test
    void filesInFilesAreReadAndNamed() throws IOException {
        Extracted nested = documents.read("test_recursive_embedded.docx", pool);
        assertThat(nested.text()).contains("embed_0", "embed_1a", "embed_4", "We hold these truths");
        assertThat(texts(nested, Block.Kind.HEADING)).contains("embed1.zip", "embed4.txt");
    }

    private static List<String> texts(Extracted document, Block.Kind kind) {
        return document.blocks().stream()
                .filter(block -> block.kind() == kind)
                .map(block -> document.text().substring(block.start(), block.end()))
                .toList();
    }
}
