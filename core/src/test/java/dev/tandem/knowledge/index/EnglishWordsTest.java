package dev.tandem.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Span;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.junit.jupiter.api.Test;

class EnglishWordsTest {

    @Test
    void caseAccentsEndingsAndFunctionWordsDoNotTellWordsApart() throws IOException {
        assertThat(words("The Malmö offices' REFUNDS")).isEqualTo(words("malmo office refund"));
        assertThat(words("of the and")).isEmpty();
    }

    @Test
    void aTitleCountsTwiceForWordsAndOnceForMeaning() {
        var document =
                new DocumentRef("d", 1, "c", "Refunds", "p", "file", Instant.EPOCH, Collections.emptySortedMap());
        var chunk = new Chunk("d", 1, 0, new Span(0, 4), new Span(0, 4), "Refunds > Late", 0, "Text");
        assertThat(IndexText.of(document, chunk)).isEqualTo("Refunds > Late\nText");
        assertThat(IndexText.words(document, chunk)).isEqualTo("Refunds\nRefunds > Late\nText");
    }

    private static List<String> words(String text) throws IOException {
        var words = new ArrayList<String>();
        try (var analyzer = new EnglishWords();
                var tokens = analyzer.tokenStream("f", text)) {
            var term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                words.add(term.toString());
            }
        }
        return words;
    }
}
