package dev.tandem.evidence.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteReadTest {

    @TempDir
    private Path folder;

    @Test
    void rowsWithLabelsAreReadAndCalledByTheirLineWhereTheyHaveNoId() throws Exception {
        Suite suite = Suite.read(file("test.jsonl", """
                {"text": "Where is my card?", "label": "card_arrival"}

                {"id": "x7", "input": "Lost it", "label": "lost_card", "tags": ["urgent", "en"]}
                {"question": "1?", "label": 3, "tags": "de"}
                """));
        assertThat(suite.name()).isEqualTo("test");
        assertThat(suite.task()).isEqualTo(Task.CLASSIFY);
        assertThat(suite.cases())
                .containsExactly(
                        new Case("1", "Where is my card?", List.of("card_arrival"), List.of()),
                        new Case("x7", "Lost it", List.of("lost_card"), List.of("urgent", "en")),
                        new Case("4", "1?", List.of("3"), List.of("de")));
    }

    @Test
    void rowsWithAnswersAreReadAndOneMayHaveNone() throws Exception {
        Suite suite = Suite.read(file("qa.jsonl", """
                {"question": "Who?", "answers": ["Ann", "Ann B."]}
                {"question": "When?", "answer": "1969"}
                {"question": "Why?", "answers": []}
                """));
        assertThat(suite.task()).isEqualTo(Task.ANSWER);
        assertThat(suite.cases())
                .extracting(Case::answers)
                .containsExactly(List.of("Ann", "Ann B."), List.of("1969"), List.of());
    }

    @Test
    void theHashIsOfTheCasesWhateverTheFileIsCalledAndHoweverItIsPacked() throws Exception {
        String rows = "{\"text\": \"a\", \"label\": \"b\"}\n{\"text\": \"c\", \"label\": \"d\"}\n";
        Suite plain = Suite.read(file("one.jsonl", rows));
        Path packed = folder.resolve("two.jsonl.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(rows.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Suite.read(packed).hash()).isEqualTo(plain.hash()).matches("[0-9a-f]{64}");
        assertThat(Suite.read(packed).name()).isEqualTo("two");
        assertThat(Suite.read(file("three.jsonl", rows.replace("\"d\"", "\"e\"")))
                        .hash())
                .isNotEqualTo(plain.hash());
    }

    @Test
    void aFolderWithAnswersIsReadAsOne() throws Exception {
        Files.createDirectories(folder.resolve("wiki"));
        file("wiki/answers.jsonl", """
                {"_id": "q1", "question": "Who?", "answers": ["Ann"], "context_id": "d1"}
                {"_id": "q2", "question": "Why?", "answers": ["x"], "is_impossible": true}
                """);
        Suite suite = Suite.read(folder.resolve("wiki"));
        assertThat(suite.name()).isEqualTo("wiki");
        assertThat(suite.cases())
                .containsExactly(
                        new Case("q1", "Who?", List.of("Ann"), List.of()),
                        new Case("q2", "Why?", List.of(), List.of()));
    }

    @Test
    void whatIsWrongWithAFileIsSaidWithItsLineAndWhatToDo() throws Exception {
        refused("", "The suite bad has no cases.");
        refused("{\"label\": \"x\"}\n", "Line 1 of the suite bad.jsonl has no text, input or question.");
        refused(
                "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\"}\n",
                "Line 2 of the suite bad.jsonl has no label, answers or answer.");
        refused("{\"text\": \"a\", \"label\": \" \"}\n", "Line 1 of the suite bad.jsonl has no label");
        refused(
                "{\"text\": \"a\", \"label\": \"x\"}\n\n{\"text\": \"b\", \"answer\": \"y\"}\n",
                "Line 3 of the suite bad.jsonl is there to answer, the rows before it to classify.");
        refused(
                "{\"id\": 1, \"text\": \"a\", \"label\": \"x\"}\n\n{\"id\": \"1\", \"text\": \"b\", \"label\": \"y\"}\n",
                "Lines 1 and 3 of the suite bad.jsonl are both called '1'.");
        refused("{\"text\": \"a\", \"label\": \"x\"}\nnonsense\n", "Line 2 of");
        refused("{\"text\": \"" + "a".repeat(10_001) + "\", \"label\": \"x\"}\n", "has a text of 10001 characters");
        assertThatThrownBy(() -> Suite.read(folder.resolve("nowhere.jsonl")))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
    }

    @Test
    void armsAreReadByNameAndANearOneIsSuggested() {
        assertThat(Arm.list("tuned, rag,tuned")).containsExactly(Arm.RAG, Arm.TUNED);
        assertThat(Arm.list("all")).hasSize(4);
        assertThatThrownBy(() -> Arm.list("rag,tunned")).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(e).hasMessage("There is no arm 'tunned'.");
            assertThat(e.nextStep()).startsWith("Did you mean tuned? The arms are baseline, rag, tuned, hybrid.");
        });
        assertThatThrownBy(() -> Arm.of("something-else"))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.nextStep()).startsWith("The arms are"));
    }

    private void refused(String rows, String message) throws IOException {
        Path file = file("bad.jsonl", rows);
        assertThatThrownBy(() -> Suite.read(file))
                .isInstanceOfSatisfying(Failure.class, e -> {
                    assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID);
                    assertThat(e.nextStep()).isNotBlank();
                })
                .hasMessageContaining(message);
    }

    private Path file(String name, String rows) throws IOException {
        return Files.writeString(folder.resolve(name), rows);
    }
}
