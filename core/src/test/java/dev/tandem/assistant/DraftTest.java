package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DraftTest {

    private final StringBuilder seen = new StringBuilder();
    private final Draft draft = new Draft(List.of(), seen::append);

    @Test
    void wordsAreHandedOnAsSoonAsTheyAreWhole() {
        draft.add("The pri");
        assertThat(seen).hasToString("The ");
        draft.add("ce is 40 €");
        assertThat(seen).hasToString("The price is 40 ");
        draft.end();
        assertThat(seen).hasToString("The price is 40 €");
    }

    @Test
    void aLinkThatComesInPiecesIsStillTakenOut() {
        for (char next : "Go to https://evil.example/?q=42 now".toCharArray()) {
            draft.add(String.valueOf(next));
        }
        draft.end();
        assertThat(seen).hasToString("Go to (link removed) now");
    }

    @Test
    void noAnswerIsNeverShownAsADraft() {
        draft.add("NO ");
        draft.add("ANSWER");
        draft.add(".");
        draft.end();
        assertThat(seen).isEmpty();
    }

    @Test
    void whatOnlyBeginsLikeNoAnswerIsShown() {
        draft.add("NO ");
        draft.add("ANSWERS were given in 2019.");
        draft.end();
        assertThat(seen).hasToString("NO ANSWERS were given in 2019.");
    }
}
