package dev.tandem.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Span;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IndexTextTest {

    private static String of(String title, String headings, String text) {
        var document = new DocumentRef("d", 1, "c", title, "p", "file", Instant.EPOCH, new TreeMap<>());
        return IndexText.of(
                document, new Chunk("d", 1, 0, new Span(0, text.length()), new Span(0, 0), headings, 0, text));
    }

    @Test
    void titleHeadingsAndTextStandOnLinesOfTheirOwn() {
        assertThat(of("Kettles", "Care > Descaling", " Use vinegar.\n"))
                .isEqualTo("Kettles\nCare > Descaling\nUse vinegar.");
    }

    @Test
    void aTitleThatIsAlsoTheFirstHeadingIsSaidOnce() {
        assertThat(of("Kettles", "Kettles", "Use vinegar.")).isEqualTo("Kettles\nUse vinegar.");
        assertThat(of("Kettles", "Kettles > Care", "Use vinegar.")).isEqualTo("Kettles > Care\nUse vinegar.");
        assertThat(of("Kettle", "Kettles > Care", "Use vinegar.")).isEqualTo("Kettle\nKettles > Care\nUse vinegar.");
    }

    @Test
    void whatIsEmptyTakesNoLine() {
        assertThat(of("", "", "Use vinegar.")).isEqualTo("Use vinegar.");
        assertThat(of(" ", "Care", "Use vinegar.")).isEqualTo("Care\nUse vinegar.");
    }
}
