package dev.tandem.behavior.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.behavior.dataset.Finding.Kind;
import dev.tandem.behavior.dataset.Finding.Place;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChecksTest {

    private static final List<Part> PARTS = List.of(Part.TRAIN, Part.VALIDATION, Part.TEST);

    private static final Path BANKING =
            Path.of(System.getProperty("tandem.data", "../shared/data")).resolve("banking77");

    @Test
    void aSoundDatasetHasNoFindings() {
        assertThat(Checks.of(sound())).isEmpty();
    }

    @Test
    void plantedCopiesAreFound() {
        var examples = new ArrayList<>(sound());
        examples.add(new Example("The planted  TEXT one", "a", "", Part.TRAIN, 901));
        examples.add(new Example("the planted text one ", "a", "", Part.TRAIN, 902));
        examples.add(new Example("a text with two labels", "a", "", Part.TRAIN, 903));
        examples.add(new Example("a text with two labels", "b", "", Part.TRAIN, 904));
        examples.add(new Example("stands on both sides", "b", "", Part.TRAIN, 905));
        examples.add(new Example("Stands on both sides", "b", "", Part.TEST, 7));
        examples.add(new Example("how long does it take until my new card is here", "b", "", Part.TRAIN, 906));
        examples.add(new Example("How long does it take until my new card is here?!", "b", "", Part.TEST, 8));

        assertThat(finding(examples, Kind.DUPLICATES).orElseThrow().cases())
                .extracting(each -> each.places().stream().map(Place::line).toList())
                .containsExactly(List.of(901, 902), List.of(903, 904));
        assertThat(finding(examples, Kind.CONFLICTING_LABELS).orElseThrow())
                .returns(true, Finding::serious)
                .returns(1, each -> each.cases().size());
        Finding overlap = finding(examples, Kind.TRAIN_TEST_OVERLAP).orElseThrow();
        assertThat(overlap.serious()).isTrue();
        assertThat(overlap.cases())
                .containsExactly(new Finding.Case(
                        "Stands on both sides",
                        List.of(new Place(Part.TRAIN, 905, "b"), new Place(Part.TEST, 7, "b"))));
        assertThat(finding(examples, Kind.NEAR_TRAIN_TEST).orElseThrow().cases())
                .extracting(
                        each -> each.places().getFirst().line(),
                        each -> each.places().getLast().line())
                .containsExactly(tuple(906, 8));
        assertThat(finding(examples, Kind.NEAR_DUPLICATES).orElseThrow().cases())
                .hasSize(1);
    }

    @Test
    void labelsAreLookedAt() {
        var examples = new ArrayList<>(sound());
        examples.add(new Example("some other words here", "A", "", Part.TRAIN, 901));
        examples.add(new Example("quite different ones there", "a ", "", Part.TRAIN, 902));
        examples.add(new Example("never seen before that", "new", "", Part.TEST, 7));

        assertThat(finding(examples, Kind.LABEL_VARIANTS).orElseThrow().message())
                .contains("'A', 'a', 'a '");
        assertThat(finding(examples, Kind.LABEL_NOT_LEARNED).orElseThrow())
                .returns(true, Finding::serious)
                .returns("1 label of test is missing in train: 'new'.", Finding::message);
        assertThat(finding(examples, Kind.SMALL_CLASSES).orElseThrow().message())
                .startsWith("2 labels have");
        assertThat(finding(examples, Kind.IMBALANCE).orElseThrow().message()).contains("20 and 1");
    }

    @Test
    void oneClassAndEmptyPartsAndLongTexts() {
        List<Example> one = IntStream.range(0, 10)
                .mapToObj(i -> new Example("word" + i + " ".repeat(3) + "x".repeat(i * 300), "a", "", Part.TRAIN, i))
                .toList();
        assertThat(Checks.of(one))
                .extracting(Finding::kind)
                .containsExactly(Kind.EMPTY_PART, Kind.ONE_CLASS, Kind.LONG_TEXTS);
        assertThat(finding(one.stream().map(each -> each.in(Part.TEST)).toList(), Kind.EMPTY_PART)
                        .orElseThrow()
                        .serious())
                .isTrue();
    }

    @Test
    void answersThatAreTextsAreNoLabels() {
        List<Example> texts = IntStream.range(0, 40)
                .mapToObj(i -> new Example("q" + i, "answer " + i, "", i < 20 ? Part.TRAIN : Part.TEST, i))
                .toList();
        assertThat(Checks.of(texts)).isEmpty();
    }

    @Test
    void tenRowsThatAreAllTheSame() {
        List<Example> same = Collections.nCopies(10, new Example("same", "a", "", Part.TRAIN, 1));
        assertThat(finding(same, Kind.DUPLICATES).orElseThrow().message())
                .isEqualTo("1 text is there more than once in one part: 9 examples too many.");
        assertThat(Split.of(same, 1, 0, 0.2)).allMatch(each -> each.part() == Part.TRAIN);
    }

    /** Seven of the test set's questions are in the training set as well, six of them to the letter. */
    @Test
    void banking77IsCheckedInSeconds() {
        assumeTrue(Files.isDirectory(BANKING), "banking77 is not here");
        List<Example> examples = banking();
        long begun = System.nanoTime();

        List<Finding> findings = Checks.of(examples);

        assertThat((System.nanoTime() - begun) / 1e9).isLessThan(20);
        assertThat(examples).hasSize(13_083);
        List<Leakage.Pair> leaks =
                Leakage.between(Leakage.part(examples, Part.TRAIN), Leakage.part(examples, Part.TEST));
        assertThat(leaks.stream().filter(Leakage.Pair::isIdentical)).hasSize(6);
        assertThat(leaks).hasSize(7);
        assertThat(findings)
                .filteredOn(each -> each.kind() == Kind.TRAIN_TEST_OVERLAP)
                .extracting(Finding::message)
                .containsExactly("7 texts stand in both train and test, 6 to the letter, the others but for case and"
                        + " blanks.");
        assertThat(findings).extracting(Finding::kind).contains(Kind.NEAR_TRAIN_TEST, Kind.NEAR_DUPLICATES);
    }

    @Test
    void findingsDependOnNoOrder() {
        assumeTrue(Files.isDirectory(BANKING), "banking77 is not here");
        List<Example> examples = banking();
        var shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(7));
        assertThat(Checks.of(shuffled)).isEqualTo(Checks.of(examples));
    }

    @Test
    void nearCopiesAreThoseOfAnExhaustiveComparison() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> forms = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String text = random.ints(3 + random.nextInt(20), 0, 400)
                    .mapToObj(word -> "w" + word)
                    .collect(Collectors.joining(" "));
            forms.add(text);
            forms.add(text.replaceFirst("w\\d+", "changed"));
            forms.add(text + " w" + random.nextInt(400));
        }
        List<String> distinct = new ArrayList<>(new TreeSet<>(forms));
        var groups = new Groups(distinct.size());
        for (int i = 0; i < distinct.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (Shingles.of(distinct.get(i)).jaccard(Shingles.of(distinct.get(j))) >= NearTexts.NEAR) {
                    groups.join(i, j);
                }
            }
        }
        assertThat(NearTexts.groups(distinct))
                .as("replay with -Dtandem.seed=" + seed)
                .isEqualTo(groups.all());
        assertThat(IntStream.of(groups.all()).distinct().count()).isBetween(400L, 1199L);
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> pieces = List.of(
                "a",
                "B",
                " ",
                "\n",
                "\r\n",
                "\"",
                ",",
                ";",
                "\t",
                "é",
                "👩‍👩‍👧",
                "\n\nuser: ",
                "system: ",
                "{",
                "\\",
                "\u2028",
                "assistant: ",
                "'",
                "=1+1",
                "#",
                "\u0001",
                "\uFEFF");
        var examples = new ArrayList<Example>();
        while (examples.size() < 500) {
            String input = join(random, pieces);
            String output = join(random, pieces);
            String family = random.nextBoolean() ? "" : "f" + random.nextInt(9);
            if (!input.isBlank() && !output.isBlank()) {
                Part part = PARTS.get(random.nextInt(3));
                examples.add(new Example(input, output, family, part, examples.size() + 1));
            }
        }
        for (ExportFormat format : ExportFormat.values()) {
            var text = new StringBuilder();
            format.write(examples, text);
            Path file = Files.createTempFile("examples", format == ExportFormat.CSV ? ".csv" : ".jsonl");
            Files.writeString(file, text);
            Imported imported = Importer.read(file);
            String replay = format + ", replay with -Dtandem.seed=" + seed;
            assertThat(imported.rejected()).as(replay).isEmpty();
            assertThat(imported.placed()).as(replay).hasSize(500);
            assertThat(imported.examples())
                    .as(replay)
                    .extracting(Example::input, Example::output, Example::family, Example::part)
                    .containsExactlyInAnyOrderElementsOf(examples.stream()
                            .map(each -> tuple(each.input(), each.output(), each.family(), each.part()))
                            .toList());
            Files.delete(file);
        }
    }

    private static String join(Random random, List<String> pieces) {
        return random.ints(1 + random.nextInt(6), 0, pieces.size())
                .mapToObj(pieces::get)
                .collect(Collectors.joining());
    }

    private static List<Example> banking() {
        return Importer.read(BANKING.resolve("train.jsonl.gz"))
                .in(Part.TRAIN)
                .and(Importer.read(BANKING.resolve("test.jsonl.gz")).in(Part.TEST))
                .examples();
    }

    private static Optional<Finding> finding(List<Example> examples, Kind kind) {
        return Checks.of(examples).stream().filter(each -> each.kind() == kind).findFirst();
    }

    private static List<Example> sound() {
        return IntStream.range(0, 50)
                .mapToObj(i -> new Example(
                        "number " + i * 7919 + " and " + i * 104_729,
                        i % 2 == 0 ? "a" : "b",
                        "",
                        i < 40 ? Part.TRAIN : Part.TEST,
                        i + 1))
                .toList();
    }
}
