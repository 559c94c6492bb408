package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.Extractors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PDFs in a child process, held against the same reader in this one. */
class PagesTest {

    private static final Extractors HERE = Extractors.standard();

    /** One in so many, except at night. */
    private static final int SAMPLE = 4;

    @Test
    void aChildTellsOfASampleOfPdfsWhatIsReadHere() throws IOException {
        List<Path> files = pdfs(Documents.require());
        compare(IntStream.range(0, files.size())
                .filter(i -> i % SAMPLE == 0)
                .mapToObj(files::get)
                .toList());
    }

    @Test
    @Tag("nightly")
    void aChildTellsOfEveryPdfWhatIsReadHere() throws IOException {
        compare(pdfs(Documents.require()));
    }

    private static void compare(List<Path> files) throws IOException {
        assertThat(files).hasSizeGreaterThan(10);
        try (var pool = ParserPool.within(ParseLimits.standard())) {
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                String name = file.toString();
                Object here = told(() -> HERE.extract(name, bytes));
                Object there = told(() -> Documents.read(name, bytes, pool));
                // What shows no text is asked for it once more by the pool, and by nobody here.
                if (!(here instanceof String) || there instanceof String) {
                    assertThat(there).as(name).isEqualTo(here);
                }
            }
        }
    }

    @Test
    void aPageThatUnpacksToGigabytesCostsAChildItsLifeAndThisProcessNothing() throws IOException {
        byte[] bomb = Poison.bomb(400);
        try (var pool = ParserPool.within(ParseLimits.standard()
                .withMemory(64)
                .withTime(Duration.ofSeconds(30))
                .withChildren(1))) {
            long before = heap();
            assertThat(Documents.reason("bomb.pdf", bomb, pool)).containsAnyOf("64 MB of memory", "longer than 30 s");
            assertThat(heap() - before).isLessThan(20_000_000);
            byte[] ordinary = Documents.require().bytes("testPDF.pdf");
            assertThat(Documents.read("testPDF.pdf", ordinary, pool)).isEqualTo(HERE.extract("testPDF.pdf", ordinary));
        }
    }

    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private interface Read {
        Object read();
    }

    private static Object told(Read read) {
        try {
            return read.read();
        } catch (Failure why) {
            return String.valueOf(why.getMessage());
        }
    }

    private static List<Path> pdfs(Documents real) throws IOException {
        var files = new ArrayList<Path>();
        for (String folder : List.of("tika-testdocs", "cuad")) {
            try (Stream<Path> all = Files.walk(real.folder().resolveSibling(folder))) {
                all.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".pdf"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }
}
