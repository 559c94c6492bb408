package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is given again, and what is made anew. */
class RememberingTest {

    private static final String QUESTION = "What is the notice period?";

    @TempDir
    Path folder;

    private Room room;
    private String notice;
    private final Room.Model model = Room.Model.citing(_ -> "");

    @BeforeEach
    void aRoom() {
        room = new Room(folder);
        notice = room.document("notice.md", "The notice period is three months. Ask Berta.");
        room.document("kitchen.md", "The kitchen closes at six in the evening.");
    }

    @AfterEach
    void leave() {
        room.close();
    }

    private Assistant.Reply ask(Remembering remembering, Principal asker, String question, Filter filter) {
        return remembering.reply(new Query(question, asker, "default", filter, 3), _ -> {}, Room.TIME);
    }

    private boolean cached(Principal asker) {
        return ask(room.remembering(room.writing(model)), asker, QUESTION, Filter.everything())
                .cached();
    }

    @Test
    void theSameQuestionIsAnsweredOnceAndTheAnswerIsTheSame() {
        Remembering remembering = room.remembering(room.writing(model));
        Assistant.Reply first = ask(remembering, Room.BEN, QUESTION, Filter.everything());
        Assistant.Reply again = ask(remembering, Room.BEN, "  What is\nthe notice period?", Filter.everything());
        assertThat(first.cached()).isFalse();
        assertThat(again.cached()).isTrue();
        assertThat(again.answer()).isEqualTo(first.answer());
        assertThat(again.read()).isEqualTo(first.read());
        assertThat(model.prompts).hasSize(1);
    }

    @Test
    void whateverAnAnswerDependsOnMakesAnother() {
        assertThat(cached(Room.BEN)).isFalse();
        assertThat(cached(Room.BEN)).isTrue();
        assertThat(cached(Room.ANA)).as("somebody else").isFalse();
        assertThat(cached(Principal.parse("user:ben"))).as("fewer groups").isFalse();
        Assistant assistant = room.writing(model);
        assertThat(ask(room.remembering(assistant, "other"), Room.BEN, QUESTION, Filter.everything())
                        .cached())
                .as("other settings")
                .isFalse();
        for (Filter filter : List.of(
                new Filter.Equals("title", "notice"),
                new Filter.Equals("title", "notice, value=x"),
                new Filter.All(List.of(new Filter.Equals("title", "notice"))),
                new Filter.Modified(null, null))) {
            assertThat(ask(room.remembering(assistant), Room.BEN, QUESTION, filter)
                            .cached())
                    .as("%s", filter)
                    .isFalse();
        }
        assertThat(ask(
                                room.remembering(Assistant.reading(
                                        _ -> List.of(), room.catalog, new Library(), AssistantSettings.DEFAULT)),
                                Room.BEN,
                                QUESTION,
                                Filter.everything())
                        .cached())
                .as("the reader instead of a model")
                .isFalse();
    }

    @Test
    void anyChangeOfDocumentsOrAccessEndsIt() {
        List<Runnable> changes = List.of(
                () -> room.document("new.md", "Something else."),
                () -> room.document("new.md", "Something else again."),
                () -> room.readers(notice, "user:ben,user:cho"),
                () -> room.ingestor.remove(
                        Room.ANA,
                        "default",
                        room.catalog.documents(Room.ANA, "default").stream()
                                .filter(each -> each.path().endsWith("new.md"))
                                .findFirst()
                                .orElseThrow()
                                .id()));
        for (Runnable change : changes) {
            assertThat(cached(Room.BEN)).isFalse();
            assertThat(cached(Room.BEN)).isTrue();
            change.run();
        }
        assertThat(cached(Room.BEN)).isFalse();
        room.readers(notice, "user:cho");
        assertThat(ask(room.remembering(room.writing(model)), Room.BEN, QUESTION, Filter.everything())
                        .answer()
                        .toString())
                .doesNotContain("three months");
    }

    @Test
    void whatWasCutFailedAbstainedOrWrittenByAFallbackIsNotKept() {
        String text = "The notice period is three months [1]. Ask";
        for (Room.Model other : List.of(
                new Room.Model(_ -> text, true, "model"),
                new Room.Model(_ -> text, false, "fallback"),
                new Room.Model(_ -> "NO ANSWER"),
                new Room.Model(_ -> "Bananas are blue [1]."))) {
            Remembering remembering = room.remembering(room.writing(other));
            ask(remembering, Room.BEN, QUESTION, Filter.everything());
            assertThat(ask(remembering, Room.BEN, QUESTION, Filter.everything()).cached())
                    .isFalse();
            assertThat(other.prompts).hasSize(2);
        }
        Remembering failing = room.remembering(room.writing(new Room.Model(_ -> {
            throw new Failure(Failure.Kind.UPSTREAM, "down.", "Wait.");
        })));
        assertThatThrownBy(() -> ask(failing, Room.BEN, QUESTION, Filter.everything()))
                .isInstanceOf(Failure.class);
        assertThat(room.answers().count()).isZero();
    }

    @Test
    void whatChangedWhileItWasWrittenIsNotKept() {
        Room.Model slow = new Room.Model(prompt -> {
            room.document("meanwhile.md", "This came in between.");
            return Room.Model.cited(prompt.user());
        });
        ask(room.remembering(room.writing(slow)), Room.BEN, QUESTION, Filter.everything());
        assertThat(room.answers().count()).isZero();
    }

    @Test
    void whereNobodyCanSayWhenItIsNothingIsKept() {
        var unsure = new Remembering(room.writing(model), room.answers(), (_, _) -> "", "");
        ask(unsure, Room.BEN, QUESTION, Filter.everything());
        ask(unsure, Room.BEN, QUESTION, Filter.everything());
        assertThat(model.prompts).hasSize(2);
        assertThat(room.answers().count()).isZero();
    }

    @Test
    void aKeptCitationIsCheckedAgainWhateverTheKeySays() {
        var stuck = new Remembering(room.writing(model), room.answers(), (_, _) -> "always the same", "");
        assertThat(ask(stuck, Room.BEN, QUESTION, Filter.everything()).answer()).isInstanceOf(Answer.Grounded.class);
        assertThat(ask(stuck, Room.BEN, QUESTION, Filter.everything()).cached()).isTrue();
        room.readers(notice, "user:cho");
        Assistant.Reply after = ask(stuck, Room.BEN, QUESTION, Filter.everything());
        assertThat(after.cached()).isFalse();
        assertThat(after.answer().toString()).doesNotContain("three months");
    }
}
