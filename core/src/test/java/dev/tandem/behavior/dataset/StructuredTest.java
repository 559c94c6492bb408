package dev.tandem.behavior.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions with passages that answer them, and with passages in which the answer stands. */
class StructuredTest {

    @TempDir
    private Path folder;

    private Imported read(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, content);
        return Importer.read(file);
    }

    @Test
    void aPairIsAQuestionAndAPassageThatAnswersIt() throws IOException {
        Imported read = read("pairs.jsonl", """
                {"query": "Who may park here?", "passage": "Residents park in yard two."}
                {"query": "When does it close?", "passage": "At nine."}
                """);
        assertThat(read.examples())
                .containsExactly(
                        new Example("Who may park here?", "Residents park in yard two.", "", Part.TRAIN, 1),
                        new Example("When does it close?", "At nine.", "", Part.TRAIN, 2));
    }

    @Test
    void aTripletHasAPassageThatDoesNotAnswerToo() throws IOException {
        String json = """
                {"anchor": "Who may park?", "positive": "Residents.", "negative": "The yard was built in 1911."}
                {"anchor": "When?", "positive": "At nine.", "negatives": ["In yard two.", "In yard two.", "Never."]}
                """;
        assertThat(read("triplets.jsonl", json).examples())
                .extracting(Example::beside)
                .containsExactly(
                        new Beside.Negatives(List.of("The yard was built in 1911.")),
                        new Beside.Negatives(List.of("In yard two.", "Never.")));
        assertThat(read("triplets.csv", "query,positive,negative\nWho?,Residents.,Nobody.\nWhen?,At nine.,\n")
                        .examples())
                .extracting(Example::beside)
                .containsExactly(new Beside.Negatives(List.of("Nobody.")), Beside.NOTHING);
    }

    @Test
    void aSpanIsAQuestionWithAllAnswersThatStandInItsContext() throws IOException {
        Imported read = read("spans.jsonl", """
                {"question": "When does it close?", "context": "It closes at nine.", "answers": ["at nine", "nine", "nine"]}
                {"question": "Who closes it?", "context": "It closes at nine.", "answers": {"text": [], "answer_start": []}}
                {"question": "Who?", "context": "It closes at nine.", "answer": "Ben"}
                {"question": "When?", "context": "It closes at nine.", "answer": "nine", "split": "test"}
                """);
        Example first = read.examples().getFirst();
        assertThat(first.output()).isEqualTo("at nine");
        assertThat(first.beside())
                .isEqualTo(new Beside.Context("It closes at nine.", List.of("at nine", "nine", "nine")));
        assertThat(read.examples().get(1).output()).isEmpty();
        assertThat(read.examples().get(2).part()).isEqualTo(Part.TEST);
        assertThat(read.rejected()).hasSize(1);
        assertThat(read.rejected().getFirst().line()).isEqualTo(3);
        assertThat(read.rejected().getFirst().reason()).contains("word for word");
        assertThat(read.format()).isEqualTo("spans");
    }

    @Test
    void squadsOwnFileIsReadOnOneLineAndOnMany() throws IOException {
        String json = """
                {"version": "v2.0", "data": [{"title": "Herons", "paragraphs": [{"context": "Herons fish at dawn.",
                 "qas": [{"question": "When?", "answers": [{"text": "at dawn", "answer_start": 12}]},
                         {"question": "Why?", "answers": [], "is_impossible": true}]}]}]}
                """;
        for (String content : List.of(json, json.replace("\n", " "))) {
            Imported read = read("squad.json", content);
            assertThat(read.format()).isEqualTo("squad");
            assertThat(read.examples()).extracting(Example::output).containsExactly("at dawn", "");
            assertThat(read.examples()).extracting(Example::family).containsOnly("Herons");
        }
    }

    @Test
    void whatIsExportedIsReadAgainAsItWas() throws IOException {
        List<Example> examples = List.of(
                new Example("Who?", "Residents.", new Beside.Negatives(List.of("Nobody.")), "f", Part.TRAIN, 1));
        List<Example> spans = List.of(new Example(
                "When?", "nine", new Beside.Context("It closes at nine.", List.of("nine")), "", Part.TEST, 1));
        for (List<Example> each : List.of(examples, spans)) {
            var out = new StringBuilder();
            ExportFormat.JSONL.write(each, out);
            assertThat(read("again.jsonl", out.toString()).examples()).isEqualTo(each);
        }
    }
}
