package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderTrainingTest {

    private static final List<String> TOWNS =
            List.of("Kendal", "Lyon", "Graz", "Porto", "Turku", "Gent", "Brno", "Bari");
    private static final List<String> PEOPLE = List.of(
            "Anna Berg", "Carl Diehl", "Eva Frey", "Gino Hart", "Ida Jung", "Kai Lund", "Mia Nagy", "Olaf Penn");

    private final Library library = new Library();

    private List<ReaderExample> examples() {
        var examples = new ArrayList<ReaderExample>();
        for (int i = 0; i < TOWNS.size(); i++) {
            String town = TOWNS.get(i);
            library.with(
                    town,
                    "The mill of " + town + " was built by " + PEOPLE.get(i) + " in " + (1801 + 7 * i)
                            + ". The bakery of " + town + " is small. Visitors like it.");
        }
        for (int i = 0; i < TOWNS.size(); i++) {
            String town = TOWNS.get(i);
            examples.add(example("When was the mill of " + town + " built?", town, Integer.toString(1801 + 7 * i)));
            examples.add(example("Who built the mill of " + town + "?", town, PEOPLE.get(i)));
        }
        return examples;
    }

    private ReaderExample example(String question, String document, String answer) {
        return new ReaderExample(question, library.search(Library.ask(question)), List.of(answer), Set.of(document));
    }

    private ReaderModel fit() {
        return new ReaderTraining(library, 500, 1, line -> {}).fit(examples(), examples());
    }

    @Test
    void learnsFromExamplesWhatAnswersQuestionsThatItHasNotSeen() {
        ReaderModel model = fit();
        library.with("oven", "The oven of Graz was bought by Ada Quist in 1950. The shop of Graz is closed.");
        var reader = new ExtractiveReader(library, model);
        for (var expected :
                List.of(List.of("When was the oven bought?", "1950"), List.of("Who bought the oven?", "Ada Quist"))) {
            String question = expected.getFirst();
            Reading reading = reader.read(
                    question,
                    library.search(Library.ask(question)).stream()
                            .map(Passage::of)
                            .toList());
            assertThat(reading.key()).isEqualTo(expected.getLast());
            assertThat(reading.quotes().getFirst().said())
                    .isEqualTo("The oven of Graz was bought by Ada Quist in 1950.");
        }
    }

    @Test
    void theSameExamplesAndSeedGiveTheSameModelAndFilesKeepIt(@TempDir Path folder) throws IOException {
        fit().write(folder.resolve("one"), List.of("a comment"));
        fit().write(folder.resolve("two"), List.of("a comment"));
        assertThat(folder.resolve("one")).hasSameTextualContentAs(folder.resolve("two"));
        ReaderModel.read(folder.resolve("one")).write(folder.resolve("three"), List.of("a comment"));
        assertThat(folder.resolve("three")).hasSameTextualContentAs(folder.resolve("one"));
    }

    @Test
    void aModelWithAnUnknownFeatureIsRefusedWithItsLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model");
        Files.writeString(file, "# a comment\nspan:length\t-0.5\nspan:colour\t1\n");
        assertThatThrownBy(() -> ReaderModel.read(file)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(failure).hasMessageContaining("Line 3");
        });
    }

    @Test
    void featuresHaveNamesOfTheirOwn() {
        var names = new java.util.HashSet<String>();
        for (int id = 0; id < FeatureSpace.SIZE; id++) {
            assertThat(names.add(FeatureSpace.name(id)))
                    .as(FeatureSpace.name(id))
                    .isTrue();
        }
    }
}
