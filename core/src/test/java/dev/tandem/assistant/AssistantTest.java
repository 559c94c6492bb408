package dev.tandem.assistant;

import static dev.tandem.assistant.Library.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Citation;
import dev.tandem.domain.Failure;
import org.junit.jupiter.api.Test;

class AssistantTest {

    private final Library library = new Library()
            .with(
                    "handbook",
                    "Working here\n\nEverybody has 28 days of leave. The notice period is three months to the end of"
                            + " a quarter. Laptops are replaced every four years.")
            .with("kitchen", "The kitchen closes at 18:00. Please wash your own cups.");

    private final Assistant assistant = Assistant.reading(library, library, library, AssistantSettings.DEFAULT);

    @Test
    void quotesTheSentenceThatAnswersWithACitationThatStands() {
        Answer answer = assistant.answer(ask("What is the notice period?"));

        assertThat(answer).isInstanceOfSatisfying(Answer.Grounded.class, grounded -> {
            assertThat(grounded.text()).isEqualTo("The notice period is three months to the end of a quarter. [1]");
            assertThat(grounded.by()).isEqualTo("reader");
            Citation citation = grounded.citations().getFirst();
            assertThat(citation.document().id()).isEqualTo("handbook");
            assertThat(citation.span()
                            .of(library.text(Library.ANA, "handbook", 1).orElseThrow()))
                    .isEqualTo(citation.quote());
        });
    }

    @Test
    void abstainsWhereNothingIsFoundAndWhereSupportIsWeak() {
        assertThat(assistant.answer(ask("Who painted the Mona Lisa?"))).isInstanceOf(Answer.Abstained.class);
        Assistant strict = Assistant.reading(library, library, library, AssistantSettings.DEFAULT.withAbstainBelow(1));
        assertThat(strict.answer(ask("What is the notice period?")))
                .isInstanceOfSatisfying(
                        Answer.Abstained.class,
                        abstained -> assertThat(abstained.nearest()).isNotEmpty());
    }

    @Test
    void saysTheSameOfWhatIsNotThereAndOfWhatTheAskerMayNotRead() {
        Answer before = assistant.answer(ask("Who earns the bonus?"));
        library.with("salaries", "Berta earns the bonus.", AccessSet.parse("group:hr"));
        assertThat(assistant.answer(ask("Who earns the bonus?"))).isEqualTo(before);
    }

    @Test
    void doesNotQuoteADocumentThatWentAwayAfterTheSearch() {
        Assistant late = Assistant.reading(
                query -> {
                    var hits = library.search(query);
                    library.remove("handbook");
                    return hits;
                },
                library,
                library,
                AssistantSettings.DEFAULT);
        assertThat(late.answer(ask("What is the notice period?")))
                .isInstanceOfSatisfying(
                        Answer.Abstained.class,
                        abstained -> assertThat(abstained.nearest()).isEmpty());
    }

    @Test
    void aQuestionOfControlCharactersIsInvalidAndOthersAreReadWithoutThem() {
        assertThatThrownBy(() -> assistant.answer(ask("\u0000\u001b[2J\u200b")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
        assertThat(assistant.answer(ask("What is the \u001b[31mnotice\u001b[0m period?")))
                .isInstanceOf(Answer.Grounded.class);
    }
}
