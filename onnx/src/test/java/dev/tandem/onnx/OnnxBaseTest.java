package dev.tandem.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where tokens stand in a passage that is read with a question. */
class OnnxBaseTest {

    private Tokenizer tokenizer;

    @BeforeEach
    void theBundledWords() {
        EncoderFiles bundled = EncoderFiles.bundled(OnnxEmbedderTest.CACHE);
        Natives.loadTokenizers(OnnxEmbedderTest.CACHE);
        tokenizer = Tokenizer.open(bundled);
    }

    @AfterEach
    void closed() {
        tokenizer.close();
    }

    @Test
    void everyTokenOfThePassageKnowsItsPlace() {
        String passage = "Der Preis 🦩 beträgt 1.200 €, naïvely.";
        Tokenizer.Placed placed = tokenizer.placed("How much is it?", passage, 64);
        List<String> words = IntStream.range(0, placed.starts().size())
                .mapToObj(i ->
                        passage.substring(placed.starts().get(i), placed.ends().get(i)))
                .toList();
        assertThat(String.join("", words)).isEqualTo(passage.replace(" ", ""));
        assertThat(words).contains("🦩", "200", "€");
        assertThat(placed.second() + words.size() + 1).isEqualTo(placed.tokens().count());
    }

    @Test
    void ofALongPassageTheEndIsCutAndTheLastTokenStays() {
        String passage = "heron ".repeat(500);
        Tokenizer.Placed placed = tokenizer.placed("How much is it?", passage, 64);
        assertThat(placed.tokens().count()).isEqualTo(64);
        assertThat(placed.starts()).hasSize(64 - placed.second() - 1);
        assertThat(placed.tokens().ids().get(63)).isEqualTo(102);
    }
}
