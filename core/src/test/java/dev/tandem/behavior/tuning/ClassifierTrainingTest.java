package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.assistant.MemoryFolder;
import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.behavior.tuning.ClassifierTraining.Leaked;
import dev.tandem.behavior.tuning.ClassifierTraining.Request;
import dev.tandem.behavior.tuning.ClassifierTraining.Result;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTrainingTest {

    private static final Principal ANA = Principal.ofUser("ana");

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private AdapterHouse house;

    @BeforeEach
    void open() {
        house = new AdapterHouse(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    /** Breaks at the n-th call for examples, as if the program were ended there; what else is asked is not counted. */
    private static final class Breaking implements Embedder {
        private final Embedder whole = new HashingEmbedder();
        private final int at;
        private final Set<String> examples = new HashSet<>();
        private int calls;
        private int texts;

        Breaking(int at, List<Example> examples) {
            this.at = at;
            examples.forEach(each -> this.examples.add(each.input()));
        }

        @Override
        public Encoder encoder() {
            return whole.encoder();
        }

        @Override
        public List<float[]> embed(List<String> some, Role role) {
            int known = (int) some.stream().filter(examples::contains).count();
            calls += known > 0 ? 1 : 0;
            if (known > 0 && calls == at) {
                throw new IllegalStateException("the encoder broke");
            }
            texts += known;
            return whole.embed(some, role);
        }

        @Override
        public int countTokens(String text) {
            return whole.countTokens(text);
        }
    }

    @Test
    void theSameExamplesMakeTheSameAdapterInAnotherHomeAndInAnyOrder() {
        List<Example> examples = many(200);
        Result first = train(house, examples, Leaked.REFUSE);
        var shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(1));
        try (var other = new AdapterHouse(folder.resolve("other"))) {
            Result second = train(other, shuffled, Leaked.REFUSE);

            assertThat(second.adapter().hash()).isEqualTo(first.adapter().hash());
            assertThat(second.test()).isEqualTo(first.test());
            assertThat(second.adapter().figures()).isEqualTo(first.adapter().figures());
            assertThat(second.adapter().card()).isEqualTo(first.adapter().card());
        }
        assertThat(train(house, many(201), Leaked.REFUSE).adapter().hash())
                .isNotEqualTo(first.adapter().hash());
    }

    @Test
    void whatIsRegisteredIsWhatWasMeasured() {
        List<Example> examples = many(200);
        Result result = train(house, examples, Leaked.REFUSE);
        Classifier classifier = Classifier.open(house.registry, ANA, "queues", house.embedder);
        List<Example> test =
                examples.stream().filter(each -> each.part() == Part.TEST).toList();
        var labels = classifier.classify(ANA, test.stream().map(Example::input).toList());
        int right = 0;
        for (int i = 0; i < labels.size(); i++) {
            right += labels.get(i).label().equals(test.get(i).output()) ? 1 : 0;
        }

        assertThat(result.test().cases()).isEqualTo(test.size());
        assertThat(result.test().accuracy().value()).isCloseTo((double) right / test.size(), within(1e-12));
        assertThat(result.test().accuracy().low())
                .isLessThanOrEqualTo(result.test().accuracy().value());
        assertThat(result.examples()).isEqualTo(examples.size() - test.size());
        assertThat(result.classes()).isEqualTo(4);
        assertThat(classifier.labels()).containsExactly("label-0", "label-1", "label-2", "label-3");
        assertThat(classifier.threshold()).isEqualTo(result.threshold());
    }

    @Test
    void textsThatStandInTrainingAndTestAreRefusedWithTheirLines() {
        List<Example> leaking = leaking();

        assertThatThrownBy(() -> train(house, leaking, Leaked.REFUSE))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
                    assertThat(failure)
                            .hasMessageContaining("2 texts stand in both training and test")
                            .hasMessageContaining("line 1 and line 9001");
                    assertThat(failure.nextStep()).contains("--drop-leaked", "--allow-leakage");
                });

        assertThat(house.registry.list(ANA)).singleElement().satisfies(entry -> {
            assertThat(entry.failed()).isTrue();
            assertThat(entry.reason()).contains("2 texts stand in both");
        });
        assertThat(kept(leaking)).as("nothing was embedded").isZero();
    }

    @Test
    void allowedLeaksAreTrainedOnAndMarked() {
        Result result = train(house, leaking(), Leaked.ALLOW);

        assertThat(result.leaked()).isEqualTo(2);
        assertThat(result.dropped()).isZero();
        assertThat(result.adapter().figures()).contains("\"leaked\":2");
        assertThat(result.adapter().settings()).contains("\"leaked\":\"allow\"");
        assertThat(result.adapter().card()).contains("**2 test texts were trained on (`--allow-leakage`)");
        AdapterEntry clean = train(house, many(200), Leaked.ALLOW).adapter();
        assertThat(clean.figures()).contains("\"leaked\":0");
        assertThat(clean.card()).doesNotContain("leak");
    }

    @Test
    void droppedLeaksLeaveTheHeadThatIsTrainedWithoutThem() {
        List<Example> leaking = leaking();
        Result result = train(house, leaking, Leaked.DROP);

        assertThat(result.leaked()).isZero();
        assertThat(result.dropped()).isEqualTo(2);
        assertThat(result.adapter().card()).doesNotContain("leak");
        List<Example> without = leaking.stream()
                .filter(each -> each.part() == Part.TEST || each.line() > 2)
                .toList();
        assertThat(train(house, without, Leaked.REFUSE).adapter().hash())
                .isEqualTo(result.adapter().hash());
    }

    @Test
    void anEncoderThatBreaksLeavesNoAdapterAndWhatItHadMade() throws Exception {
        // 600 texts and more: the first 512 are kept before the second call.
        List<Example> examples = many(700);
        DatasetVersion data = house.dataset(ANA, "data", null, List.of(), examples);
        var breaking = new Breaking(2, examples);

        assertThatThrownBy(() -> house.train(house.request(ANA, "queues", data), breaking))
                .hasMessage("the encoder broke");

        assertThat(house.registry.list(ANA)).singleElement().satisfies(entry -> {
            assertThat(entry.failed()).isTrue();
            assertThat(entry.reason()).contains("the encoder broke");
            assertThat(entry.aliases()).isEmpty();
        });
        Path adapters = house.home.adapters("default");
        assertThat(Files.exists(adapters)).isFalse();
        assertThat(kept(examples)).isEqualTo(512);

        var whole = new Breaking(0, examples);
        Result result = house.train(house.request(ANA, "queues", data), whole);
        assertThat(whole.texts).isEqualTo(result.embedded()).isEqualTo(examples.size() - 512);
        assertThat(house.registry.find(ANA, "queues")).isEqualTo(result.adapter());
        var again = new Breaking(1, examples);
        assertThat(house.train(house.request(ANA, "queues", data), again)
                        .adapter()
                        .hash())
                .as("nothing is embedded twice")
                .isEqualTo(result.adapter().hash());
    }

    @Test
    void aListenerThatBreaksLeavesNoAdapterEither() {
        List<Example> examples = many(200);
        DatasetVersion data = house.dataset(ANA, "data", null, List.of(), examples);
        Request request = house.request(ANA, "queues", data);

        assertThatThrownBy(() -> house.writing(writer -> new ClassifierTraining(writer, house.registry, house.embedder)
                        .run(request, event -> {
                            if (event instanceof ClassifierTraining.Event.Fitting) {
                                throw new IllegalStateException("ended while fitting");
                            }
                        })))
                .hasMessage("ended while fitting");

        assertThat(house.registry.list(ANA)).allMatch(AdapterEntry::failed).hasSize(1);
        assertThat(Files.exists(house.home.adapters("default"))).isFalse();
        assertThat(kept(examples)).isEqualTo(examples.size());
    }

    @Test
    void progressIsToldInOrderUpToTheEnd() {
        DatasetVersion data = house.dataset(ANA, "data", null, List.of(), many(700));
        var embedding = new ArrayList<Integer>();
        var fitting = new ArrayList<Double>();
        Request request = house.request(ANA, "queues", data);
        house.writing(writer -> new ClassifierTraining(writer, house.registry, house.embedder).run(request, event -> {
            switch (event) {
                case ClassifierTraining.Event.Embedding at -> embedding.add(at.done());
                case ClassifierTraining.Event.Fitting at -> fitting.add(at.share());
            }
        }));
        assertThat(embedding).isSorted().endsWith(700);
        assertThat(fitting).isSorted().endsWith(1.0);
    }

    private static Result train(AdapterHouse where, List<Example> examples, Leaked leaked) {
        DatasetVersion data = where.dataset(ANA, "data", null, List.of(), examples);
        return where.train(
                new Request(
                        ANA, "queues", data, where.catalog.datasets().examples(ANA, data), AdapterHouse.QUICK, leaked),
                where.embedder);
    }

    /** Texts of which there is a vector in the catalog. */
    private long kept(List<Example> examples) {
        return house.writing(writer -> examples.stream()
                .filter(each -> writer.vectors(house.embedder.encoder())
                        .of(Sha256.hex(each.input()))
                        .isPresent())
                .count());
    }

    /** Of four labels that share most of their words, a fifth of them to measure on. */
    private static List<Example> many(int count) {
        var random = new Random(count);
        var examples = new ArrayList<Example>();
        for (int i = 0; i < count; i++) {
            int label = i % 4;
            examples.add(new Example(
                    "case " + i + " of word" + random.nextInt(30) + " topic" + (random.nextInt(5) == 0 ? 9 : label),
                    "label-" + label,
                    "",
                    i / 4 % 5 == 0 ? Part.TEST : Part.TRAIN,
                    i + 100));
        }
        return examples;
    }

    /** The same and two texts on both sides, written with other capitals and blanks. */
    private static List<Example> leaking() {
        var examples = new ArrayList<>(many(200));
        for (int i = 0; i < 2; i++) {
            examples.add(new Example("Leaked text " + i, "label-" + i, "", Part.TRAIN, i + 1));
            examples.add(new Example("leaked  TEXT " + i, "label-" + i, "", Part.TEST, 9001 + i));
        }
        return examples;
    }
}
