package dev.tandem.behavior.worth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PerturbationTest {

    private static final String TEXT =
            "My parcel has not arrived, and nobody answers the phone. I bought it last week; please help quickly.";

    @Test
    void theSameTextAndSeedGiveTheSameAndAnotherSeedMayGiveAnother() {
        for (Perturbation each : Perturbation.values()) {
            assertThat(each.of(TEXT, 7))
                    .as(each.word())
                    .isEqualTo(each.of(TEXT, 7))
                    .isNotEqualTo(TEXT);
        }
        long different = java.util.stream.LongStream.range(0, 20)
                .mapToObj(seed -> Perturbation.TYPOS.of(TEXT, seed))
                .distinct()
                .count();
        assertThat(different).isGreaterThan(10);
    }

    @Test
    void aTypoChangesLettersInsideOfFewWordsAndLeavesTheirFirst() {
        for (long seed = 0; seed < 500; seed++) {
            String typed = Perturbation.TYPOS.of(TEXT, seed);
            String[] before = TEXT.split(" ");
            String[] after = typed.split(" ");
            assertThat(after).as(typed).hasSameSizeAs(before);
            int changed = 0;
            for (int i = 0; i < before.length; i++) {
                assertThat(after[i].charAt(0)).as(typed).isEqualTo(before[i].charAt(0));
                assertThat(Math.abs(after[i].length() - before[i].length()))
                        .as(typed)
                        .isLessThanOrEqualTo(1);
                changed += before[i].equals(after[i]) ? 0 : 1;
            }
            assertThat(changed).as(typed).isBetween(1, 3);
        }
    }

    @Test
    void anotherOrderKeepsEveryWord() {
        for (String text : new String[] {
            TEXT, "Where is my card", "The boiler is cold, the radiator leaks", "It works. It does not. It does."
        }) {
            String moved = Perturbation.ORDER.of(text, 3);
            assertThat(moved).isNotEqualTo(text);
            assertThat(words(moved)).containsExactlyInAnyOrder(words(text));
        }
        assertThat(Perturbation.ORDER.of("Card lost", 3)).isEqualTo("Card lost");
    }

    private static String[] words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .filter(each -> !each.isEmpty())
                .toArray(String[]::new);
    }

    @Test
    void aSynonymTakesThePlaceOfAWordAndItsCapital() {
        assertThat(Perturbation.SYNONYMS.of("Buy it", 1)).isEqualTo("Purchase it");
        assertThat(Perturbation.SYNONYMS.of("Zounds", 1)).isEqualTo("Zounds");
    }

    @Test
    void aTextWithoutLettersStaysAsItIs() {
        for (Perturbation each : Perturbation.values()) {
            assertThat(each.of("4711", 1)).as(each.word()).isEqualTo("4711");
            assertThat(each.of("?!", 1)).as(each.word()).isEqualTo("?!");
        }
    }

    @Test
    void whatBelongsToNoLabelIsTwoHundredDifferentTexts() {
        assertThat(Outside.texts()).hasSizeGreaterThanOrEqualTo(200).doesNotHaveDuplicates();
    }
}
