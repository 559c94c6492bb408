package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void controlCharactersNeverReachATerminal() {
        assertThat(Text.safe("a\u001b[31mb\u0007c\u009bd\u202ee\u2066f\tg\r\nh\0"))
                .isEqualTo("a\uFFFD[31mb\uFFFDc\uFFFDd\uFFFDe\uFFFDf g\nh\uFFFD");
    }

    @Test
    void wrappedLinesFitAndLoseNoWord() {
        long seed = RandomGenerator.getDefault().nextLong();
        var random = RandomGeneratorFactory.of("SplittableRandom").create(seed);
        for (int round = 0; round < 200; round++) {
            var text = new StringBuilder();
            int words = random.nextInt(60);
            for (int i = 0; i < words; i++) {
                text.append(i == 0 ? "" : " ").append("ж😀w".repeat(1 + random.nextInt(5)));
            }
            int width = 20 + random.nextInt(60);
            var lines = Text.wrap(text.toString(), width);
            assertThat(String.join(" ", lines)).as("seed %d", seed).isEqualTo(text.toString());
            assertThat(lines).as("seed %d", seed).allMatch(line -> line.codePointCount(0, line.length()) <= width);
        }
    }

    @Test
    void aLineIsCutWithAMarkAndAPathKeepsItsEnd() {
        assertThat(Text.line("one\n two  three", 9)).isEqualTo("one two…");
        assertThat(Text.line("one two", 7)).isEqualTo("one two");
        assertThat(Text.tail("/very/long/path/file.md", 10)).isEqualTo("…h/file.md");
    }

    @Test
    void countsAreWords() {
        assertThat(Text.count(1, "document")).isEqualTo("1 document");
        assertThat(Text.count(12_345, "chunk")).isEqualTo("12,345 chunks");
    }
}
