package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From real files of many formats to hits and cited answers, with poison among them. */
class OfficeFilesTest {

    /** What is asked, and the file that has it. */
    private static final Map<String, String> ASKED = new LinkedHashMap<>();

    static {
        ASKED.put("Percent Increment of row 7 of 10", "test-columnar.xlsx");
        ASKED.put("Numbered list and footnote and text box", "testWORD_various.docx");
        ASKED.put("wants a peach", "testPPT_charts.pptx");
        ASKED.put("subchapters and superchapters", "testEPUB.epub");
        ASKED.put("Is dinner ready? we lost the game", "testRFC822_dkim.eml");
        ASKED.put("Another Person body 2", "testMBOX_complex.mbox");
        ASKED.put("test pièce jointe", "testMSG_att_doc.msg");
        ASKED.put("example spreadsheet", "LibreOfficeCalc_ods_1.3.ods");
        ASKED.put("Forwarded plain text original email", "testPST_variousBodyTypes.pst");
        ASKED.put("Framework d'indexation des documents", "testXML.xml");
    }

    @Test
    void everyFormatIsFoundBesidePoison(@TempDir Path folder) throws IOException {
        Path data = Path.of(System.getProperty("tandem.data", "../../shared/data"), "tika-testdocs", "files");
        assumeTrue(Files.isDirectory(data) || "true".equals(System.getenv("CI")), "no tika-testdocs at " + data);
        Path docs = Files.createDirectory(folder.resolve("docs"));
        try (var all = Files.list(data)) {
            // PDF is read in process and tested there; here it would cost half a minute of embedding.
            for (Path file :
                    all.filter(each -> !each.toString().endsWith(".pdf")).toList()) {
                Files.copy(file, docs.resolve(file.getFileName().toString()));
            }
        }
        var tandem = new CommandLineTester(folder.resolve("home"));

        var ingested = tandem.run("ingest", docs.toString());
        assertThat(ingested.exitCode()).as(ingested.err()).isEqualTo(1);
        assertThat(tandem.run("documents", "--failed").out())
                .contains(
                        "droste.zip",
                        "more than 8 deep",
                        "testPPT_protected_passtika.pptx",
                        "opens only with a password");

        ASKED.forEach((words, file) ->
                assertThat(tandem.run("search", words).out()).as(words).contains(file));
        assertThat(tandem.run("ask", "What is the square of record number 7?").out())
                .contains("49");
    }
}
