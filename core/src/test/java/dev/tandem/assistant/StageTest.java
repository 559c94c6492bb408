package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageTest {

    private static final String TEXT = """
            Batteries

            The logger takes two AA cells. They last three years.

            Message | Meaning
            E1 | Memory nearly full
            E4 | Probe not connected

            Where are readings kept?
            In Dublin and Frankfurt.

            To pair it:

            1. Hold OK for five seconds.
            2. Press Add.
            """;

    private static Passage passage(String text) {
        return Passage.of(Library.hit(new Library().with("a", "x").document("a"), text, 100, 1, 1));
    }

    private final Stage stage = Stage.of(passage(TEXT));

    private Stage.Part part(String beginning) {
        return stage.parts().stream()
                .filter(part -> part.quote().text().startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void headingsQuestionsAndNamesOfColumnsAreNotQuotedButListItemsAreWithoutTheirMarks() {
        assertThat(stage.parts())
                .extracting(part -> part.quote().text())
                .containsExactly(
                        "The logger takes two AA cells.",
                        "They last three years.",
                        "E1 | Memory nearly full",
                        "E4 | Probe not connected",
                        "In Dublin and Frankfurt.",
                        "To pair it:",
                        "Hold OK for five seconds.",
                        "Press Add.");
    }

    @Test
    void everyPartStandsWhereItSaysInTheDocument() {
        String document = "·".repeat(100) + TEXT;
        assertThat(stage.parts())
                .allSatisfy(part -> assertThat(part.quote().span().of(document))
                        .isEqualTo(part.quote().text()));
    }

    @Test
    void aSentenceKnowsWhatStandsBeforeItAndWhichQuestionItAnswers() {
        assertThat(part("The logger").before()).contains("batteri");
        assertThat(part("In Dublin").answers()).contains("read", "kept");
        assertThat(part("E4").stems()).contains("mean", "probe");
    }

    @Test
    void aRowIsReadWithTheNamesOfItsColumns() {
        assertThat(Quoting.of(part("E4")).said()).isEqualTo("Message: E4; Meaning: Probe not connected");
        assertThat(Quoting.of(part("E4")).passage().text()).isEqualTo("E4 | Probe not connected");
        assertThat(part("E4").column(3)).containsExactly("mean");
    }

    @Test
    void aSentenceThatPointsBackBringsTheOneBeforeAndAnAnnouncementWhatItAnnounces() {
        assertThat(Quoting.of(part("They last")).passage().text())
                .isEqualTo("The logger takes two AA cells. They last three years.");
        assertThat(Quoting.of(part("To pair")).said())
                .isEqualTo("To pair it: 1. Hold OK for five seconds. 2. Press Add.");
        assertThat(Quoting.of(part("In Dublin")).said()).isEqualTo("In Dublin and Frankfurt.");
    }

    @Test
    void aPassageOfHeadingsOnlyHoldsItsLastLine() {
        assertThat(Stage.of(passage("One\n\nTwo")).parts())
                .extracting(part -> part.quote().text())
                .isEqualTo(List.of("Two"));
    }
}
