package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {

    private static List<String> lower(String text) {
        return Words.of(text).stream().map(Words.Word::lower).toList();
    }

    @Test
    void numbersKeepTheirPointsAndPossessivesAreDropped() {
        assertThat(lower("From 06:00: open.")).containsExactly("from", "06:00", "open");
        assertThat(lower("Anna's 1,200.50 € aren't O’Neil’s, 3."))
                .containsExactly("anna", "1,200.50", "aren", "t", "o", "neil", "3");
    }

    @Test
    void inflectionsShareAStemAndGrammarIsNotContent() {
        assertThat(Words.contentStems("What are the notices of the offices?"))
                .isEqualTo(Words.contentStems("notice office"));
    }

    @Test
    void offsetsPointIntoTheTextAlsoBehindSurrogates() {
        String text = "𝄞𝄞 clef, 𝔸lpha";
        assertThat(Words.withPunctuation(text))
                .allSatisfy(word -> assertThat(
                                text.substring(word.from(), word.to()).toLowerCase(java.util.Locale.ROOT))
                        .isEqualTo(word.lower()));
        assertThat(lower(text)).containsExactly("clef", "𝔸lpha");
    }

    @Test
    void shapesComeFromListsAndLooks() {
        assertThat(Words.withPunctuation("In May 2019 Anna paid $1.5 million (about 20%) quickly.").stream()
                        .map(Words.Word::shape)
                        .toList())
                .containsExactly(
                        Shape.PREPOSITION,
                        Shape.MONTH,
                        Shape.YEAR,
                        Shape.NAME,
                        Shape.VERB,
                        Shape.CURRENCY,
                        Shape.NUMBER,
                        Shape.NUMBER_WORD,
                        Shape.OPEN,
                        Shape.PREPOSITION,
                        Shape.NUMBER,
                        Shape.PERCENT,
                        Shape.CLOSE,
                        Shape.ADVERB,
                        Shape.STOP);
    }
}
