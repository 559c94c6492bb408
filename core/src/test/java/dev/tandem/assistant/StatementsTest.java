package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementsTest {

    private static List<String> shown(String text) {
        return Statements.of(text).stream()
                .map(s -> s.lead().replace("\n", "\\n") + "|" + s.text() + "|" + s.marks())
                .toList();
    }

    @Test
    void aMarkBelongsToItsSentenceWhetherBeforeOrBehindTheFullStop() {
        assertThat(shown("The price is 40 € [1]. It rose in May. [2]"))
                .containsExactly("|The price is 40 €.|[1]", " |It rose in May.|[2]");
    }

    @Test
    void severalMarksMayBeWrittenInSeveralWays() {
        assertThat(shown("It is so [1][3]. It stays so [2, 4]. Indeed 【5】."))
                .containsExactly("|It is so.|[1, 3]", " |It stays so.|[2, 4]", " |Indeed.|[5]");
    }

    @Test
    void aSentenceWithoutAMarkTakesThatOfTheNextOneInItsParagraphOnly() {
        assertThat(shown("It rose. It fell again [2].\nNobody knows why."))
                .containsExactly("|It rose.|[2]", " |It fell again.|[2]", "\\n|Nobody knows why.|[]");
    }

    @Test
    void listMarksAndLineBreaksAreKeptForPuttingTheTextTogetherAgain() {
        assertThat(shown("Two plans:\n- Basic costs 10 € [1]\n- Plus costs 20 € [2]"))
                .containsExactly("|Two plans:|[]", "\\n- |Basic costs 10 €|[1]", "\\n- |Plus costs 20 €|[2]");
    }

    @Test
    void aMarkWithAHugeNumberIsNotAMark() {
        assertThat(shown("It is so [99999999999].")).containsExactly("|It is so [99999999999].|[]");
    }
}
