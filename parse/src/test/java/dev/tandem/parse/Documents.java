package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Real files of Apache Tika's own tests, each with its category. */
record Documents(Path folder, List<Documents.Entry> entries) {

    record Entry(String file, String category) {}

    /** Skips the test where the files are not there; on CI they have to be. */
    static Documents require() throws IOException {
        Path folder = Path.of(System.getProperty("tandem.data", "../../shared/data"), "tika-testdocs");
        boolean there = Files.isDirectory(folder);
        assertThat(there || !"true".equals(System.getenv("CI")))
                .as("tika-testdocs at %s", folder)
                .isTrue();
        assumeTrue(there, "tika-testdocs is not at " + folder);
        return new Documents(
                folder,
                Files.readAllLines(folder.resolve("manifest.tsv")).stream()
                        .skip(1)
                        .map(line -> line.split("\t"))
                        .map(cells -> new Entry(cells[0], cells[1]))
                        .toList());
    }

    byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve("files").resolve(file));
    }

    Extracted read(String file, ParserPool pool) throws IOException {
        return read(file, bytes(file), pool);
    }

    static Extracted read(String name, byte[] bytes, ParserPool pool) {
        return Extractors.within(ExtractLimits.standard(), pool).extract(name, bytes);
    }

    /** Why it is not read; null where it is. */
    static String reason(String name, byte[] bytes, ParserPool pool) {
        try {
            read(name, bytes, pool);
            return null;
        } catch (Failure why) {
            return why.getMessage();
        }
    }
}
