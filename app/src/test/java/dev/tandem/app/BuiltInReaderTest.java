package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.behavior.passages.TopFiles;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.SpanReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader that comes with the program. */
class BuiltInReaderTest {

    private static final String HERONS =
            "The grey heron nests in tall trees near water. About 120 pairs were counted in the valley in 2019, twice as many as"
                    + " ten years before.";
    private static final String PUMP =
            "The pump has to be cleaned every two weeks, and its filter replaced once a year.";

    @TempDir
    private Path cache;

    @Test
    void itSaysWhereAnAnswerStandsAndInWhichPassageThereIsNone() {
        try (OpenSpanReader reader = BuiltInReader.open(cache)) {
            assertThat(said(reader, "Where does the grey heron nest?", HERONS)).contains("trees");
            assertThat(said(reader, "When were the pairs counted?", HERONS)).contains("2019");
            assertThat(said(reader, "How often does the pump have to be cleaned?", PUMP))
                    .contains("two weeks");
            List<Optional<SpanReader.Found>> found =
                    reader.read("How often is the filter replaced?", List.of(HERONS, PUMP));
            assertThat(margin(found.getLast())).isPositive().isGreaterThan(margin(found.getFirst()) + 2);
            assertThat(margin(found.getFirst())).isNegative();
        }
        assertThat(cache.resolve("reader-" + hash().substring(0, 16))).isDirectory();
    }

    @Test
    void itsCardIsTheCardOfItsFiles() throws IOException {
        try (InputStream in = BuiltInReader.class.getResourceAsStream("/dev/tandem/app/reader/README.md")) {
            assertThat(in).isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(hash(), "bench/run LoraReader", "CC BY-SA 4.0");
        }
        SortedMap<String, byte[]> files = BuiltInReader.files();
        assertThat(files.values().stream().mapToInt(each -> each.length).sum()).isLessThan(6_000_000);
    }

    private static String hash() {
        return TopFiles.hash(BuiltInReader.files());
    }

    private static double margin(Optional<SpanReader.Found> found) {
        return found.map(SpanReader.Found::margin).orElse(-99.0);
    }

    private static String said(SpanReader reader, String question, String passage) {
        SpanReader.Found found =
                reader.read(question, List.of(passage)).getFirst().orElseThrow();
        return passage.substring(found.from(), found.to());
    }
}
