package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.Catalog;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Reranker;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.evidence.tuning.Corpus;
import dev.tandem.evidence.tuning.RetrievalTuning;
import dev.tandem.evidence.tuning.TuningCases;
import dev.tandem.evidence.tuning.TuningReport;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ChunkStrategy;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection that is cut and searched as was found best for it. */
class RetuneTest {

    private static final RetrievalSettings SMALL = new RetrievalSettings("sentence:20", .3, 12);
    private static final RetrievalSettings USUAL = new RetrievalSettings("structure:220", .45, 8);

    @TempDir
    private Path folder;

    private House house;

    @BeforeEach
    void open() {
        house = new House(folder);
        for (int i = 0; i < 30; i++) {
            int number = i;
            house.write(
                    "page-" + i + ".md",
                    "# Page " + i + "\n\n"
                            + IntStream.range(0, 20)
                                    .mapToObj(j ->
                                            "Item " + name(number, j) + " stands on shelf " + name(j, number) + ".")
                                    .collect(Collectors.joining(" ")));
        }
        house.ingest();
    }

    private static String name(int a, int b) {
        return "x" + Integer.toString(1_000 + 37 * a + 7 * b, 36) + "y" + a + "z" + b;
    }

    private int chunks() {
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            return (int) catalog.status(House.ANA).getFirst().chunks();
        }
    }

    private Summary retune(RetrievalSettings settings) {
        try (Ingestor ingestor = Ingestor.open(house.home, new HashingEmbedder())) {
            return ingestor.retune(House.ANA, "default", settings, house.events::add);
        }
    }

    @Test
    void itsDocumentsAreCutAnewFromWhatIsKeptAndFoundAsBefore() throws IOException {
        int before = chunks();
        for (int i = 0; i < 30; i++) {
            Files.delete(house.docs.resolve("page-" + i + ".md")); // nothing is read again
        }
        retune(SMALL);
        assertThat(chunks()).isGreaterThan(5 * before);
        assertThat(house.search(House.ANA, name(25, 4))).first().isEqualTo("page-25.md");
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            assertThat(catalog.retrieval("default")).contains(SMALL);
            assertThat(catalog.status(House.ANA).getFirst().embedded()).isEqualTo(chunks());
        }
        retune(null);
        assertThat(chunks()).isEqualTo(before);
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            assertThat(catalog.retrieval("default")).isEqualTo(Optional.empty());
        }
    }

    @Test
    void whatComesLaterIsCutTheSameWay() {
        retune(SMALL);
        int before = chunks();
        house.write("later.md", "# Later\n\n" + "One sentence of some eight words stands here. ".repeat(20));
        house.ingest();
        assertThat(chunks()).isGreaterThan(before + 4);
    }

    @Test
    void aWeightAloneCutsAndEmbedsNothing() {
        int before = chunks();
        assertThat(retune(new RetrievalSettings("structure:220", 0, 8)).embedded())
                .isZero();
        assertThat(chunks()).isEqualTo(before);
    }

    @Test
    void whoHasNoDocumentInItCannotTuneIt() {
        try (Ingestor ingestor = Ingestor.open(house.home, new HashingEmbedder())) {
            assertThatThrownBy(() -> ingestor.retune(House.BEN, "default", SMALL, _ -> {}))
                    .isInstanceOfSatisfying(
                            Failure.class, why -> assertThat(why.kind()).isEqualTo(Failure.Kind.MISSING));
        }
    }

    private TuningCases cases(Catalog catalog, String text) throws IOException {
        Path file = folder.resolve("queries.jsonl");
        Files.writeString(file, text);
        return TuningCases.read(file, new Corpus(catalog, House.ANA, "default"));
    }

    @Test
    void tuningFindsTheWayThatBringsQuotesUpAndSaysWhatEachCosts() throws IOException {
        String queries = IntStream.range(0, 60)
                .mapToObj(i -> "{\"query\": \"Where is item " + name(i % 30, i / 3)
                        + "?\", \"quote\": \"stands on  shelf " + name(i / 3, i % 30) + "\"}")
                .collect(Collectors.joining("\n"));
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            TuningCases cases = cases(catalog, queries + "\n{\"query\": \"What?\", \"quote\": \"nowhere at all\"}\n");
            assertThat(cases.lost()).containsExactly("line 61: no document that holds the quote");
            TuningReport report = new RetrievalTuning(
                            new Corpus(catalog, House.ANA, "default"),
                            new HashingEmbedder(),
                            folder.resolve("scratch"),
                            RetuneTest::reranker)
                    .run(
                            cases,
                            USUAL,
                            List.of(
                                    ChunkSettings.ofTarget(20).by(ChunkStrategy.SENTENCE),
                                    ChunkSettings.ofTarget(33).by(ChunkStrategy.FIXED)),
                            1_000,
                            "",
                            (_, _, _) -> {});
            assertThat(report.cuts())
                    .extracting(TuningReport.Cut::chunks)
                    .containsExactly("structure:220", "sentence:20", "fixed:33");
            assertThat(report.cuts().get(1).parted()).isZero();
            assertThat(report.cuts().get(2).parted()).isPositive();
            assertThat(report.best().settings().chunks()).isEqualTo("sentence:20");
            assertThat(report.isBetter()).isTrue();
            assertThat(report.dev() + report.report()).isEqualTo(60);
        }
    }

    /** One that counts the question's words in the passage, or the other way round. */
    private static Reranker reranker(String name) {
        return new Reranker() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double[] score(String question, List<String> passages) {
                List<String> words = List.of(question.split("\\W+", -1));
                return passages.stream()
                        .mapToDouble(passage ->
                                words.stream().filter(passage::contains).count() / (1.0 + words.size()))
                        .map(share -> name.equals("wrong") ? 1 - share : share)
                        .toArray();
            }
        };
    }

    @Test
    void aRerankerIsTakenWhereItPaysAndLeftWhereItDoesNot() throws IOException {
        String queries = IntStream.range(0, 80)
                .mapToObj(i -> "{\"query\": \"Page " + (20 + i % 10) + " "
                        + name(20 + i % 10, i / 8).split("z", 2)[0]
                        + "\", \"quote\": \"Item "
                        + name(20 + i % 10, i / 8) + " stands on shelf\"}")
                .collect(Collectors.joining("\n"));
        var blind = new RetrievalSettings("sentence:20", .45, 8);
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            TuningCases cases = cases(catalog, queries);
            for (String name : List.of("right", "wrong")) {
                TuningReport report = new RetrievalTuning(
                                new Corpus(catalog, House.ANA, "default"),
                                new HashingEmbedder(),
                                folder.resolve(name),
                                RetuneTest::reranker)
                        .run(cases, blind, List.of(), 1_000, name, (_, _, _) -> {});
                assertThat(report.reranked())
                        .extracting(TuningReport.Reranked::reranker)
                        .containsExactly("", name);
                assertThat(report.best().settings().reranker()).isEqualTo(name.equals("right") ? name : "");
            }
        }
    }

    @Test
    void whereNothingIsBetterThanByChanceItSaysSo() throws IOException {
        String queries = IntStream.range(0, 60)
                .mapToObj(i -> "{\"id\": \"q" + i + "\", \"query\": \"" + name(20 + i % 10, i / 6)
                        + "\", \"document\": \"page-" + (20 + i % 10) + ".md\"}")
                .collect(Collectors.joining("\n"));
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            TuningReport report = new RetrievalTuning(
                            new Corpus(catalog, House.ANA, "default"),
                            new HashingEmbedder(),
                            folder.resolve("scratch"),
                            RetuneTest::reranker)
                    .run(
                            cases(catalog, queries),
                            new RetrievalSettings("structure:220", 1, 8),
                            List.of(ChunkSettings.ofTarget(60)),
                            1_000,
                            "",
                            (_, _, _) -> {});
            assertThat(report.cuts().getFirst().parted()).isNaN();
            assertThat(report.isBetter()).isFalse();
        }
    }

    @Test
    void tooFewQuestionsAndLinesThatAreNoneAreRefusedByName() throws IOException {
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            assertThatThrownBy(() -> cases(catalog, "{\"query\": \"What?\"}\n"))
                    .hasMessageContaining("Line 1")
                    .hasMessageContaining("queries.jsonl");
            TuningCases few = cases(catalog, "{\"query\": \"What?\", \"quote\": \"stands on shelf\"}\n");
            assertThatThrownBy(() -> new RetrievalTuning(
                                    new Corpus(catalog, House.ANA, "default"),
                                    new HashingEmbedder(),
                                    folder.resolve("scratch"),
                                    RetuneTest::reranker)
                            .run(few, USUAL, List.of(), 10, "", (_, _, _) -> {}))
                    .hasMessageContaining("fewer than 10");
        }
    }
}
