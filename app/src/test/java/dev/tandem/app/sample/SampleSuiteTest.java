package dev.tandem.app.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.extract.JsonlRecords;
import dev.tandem.knowledge.extract.Mapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleSuiteTest {

    @TempDir
    Path root;

    @BeforeEach
    void copy() throws IOException {
        SampleCompany.copyTo(root);
    }

    @Test
    void theWordsThatAnswerStandInTheExtractedTextOfTheirDocument() {
        Map<String, String> texts = new HashMap<>();
        for (SampleCase sample : SampleCompany.suite()) {
            if (!sample.document().isEmpty()) {
                String text = texts.computeIfAbsent(sample.document(), this::text);
                assertThat(text).as(sample.id() + " in " + sample.document()).contains(sample.quote());
            }
        }
    }

    @Test
    void menusAndFootersOfTheIntranetAreNoText() {
        assertThat(text("intranet/kendal-site.html"))
                .contains("Lorries longer than 10 metres")
                .doesNotContain("Quick links", "Log out", "Poll of the week", "Skip to content");
        assertThat(text("product/stilt-4-installation.html"))
                .contains("8883")
                .doesNotContain("one cookie", "newsletter", "dataLayer");
    }

    /** White space as single spaces, as a quote in the suite has it. */
    private String text(String document) {
        try {
            String[] parts = document.split("#", -1);
            Path file = root.resolve(parts[0]);
            Extracted extracted = parts.length == 1
                    ? Extractors.standard().extract(parts[0], Files.readAllBytes(file))
                    : record(file, parts[1]);
            return extracted.text().replaceAll("\\s+", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Extracted record(Path file, String id) throws IOException {
        try (var records =
                JsonlRecords.open(Files.newInputStream(file), Mapping.standard(), ExtractLimits.standard())) {
            while (records.hasNext()) {
                if (records.next() instanceof JsonlRecords.Entry.Document one
                        && one.id().equals(id)) {
                    return one.extracted();
                }
            }
        }
        throw new AssertionError("no record " + id + " in " + file);
    }
}
