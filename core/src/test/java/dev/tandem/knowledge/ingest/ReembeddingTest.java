package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.index.Snapshot;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one encoder to another and back, while questions are asked. */
class ReembeddingTest {

    @TempDir
    private Path folder;

    private final TwoEncoders encoders = new TwoEncoders();
    private House house;
    private Catalog catalog;
    private Indexes indexes;

    @BeforeEach
    void aHouse() {
        house = new House(folder);
        for (int i = 0; i < 30; i++) {
            house.write("file-" + i + ".txt", "Herons wade, number " + i + ".");
        }
        ingest();
        catalog = house.catalog();
        indexes = Indexes.reading(
                house.home::index,
                (asker, collection) ->
                        catalog.encoders(asker, collection).getFirst().encoder());
    }

    @AfterEach
    void closed() {
        indexes.close();
        catalog.close();
    }

    private Ingestor open() {
        return Ingestor.open(house.home, encoders, Consent.GIVEN, IngestSettings.standard(), OtherFormats.NONE);
    }

    private Summary ingest() {
        try (Ingestor ingestor = open()) {
            return ingestor.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString())), house.events::add);
        }
    }

    private Summary reembed(String to) {
        encoders.configured = to;
        try (Ingestor ingestor = open()) {
            return ingestor.reembed(House.ANA, "default", house.events::add);
        }
    }

    private long rollback() {
        try (Ingestor ingestor = open()) {
            return ingestor.rollback(House.ANA, "default", house.events::add);
        }
    }

    private String live() {
        return catalog.encoders(House.ANA, "default").getFirst().encoder().name();
    }

    private List<Hit> dense(Principal asker, String text) {
        return Retriever.dense(indexes, encoders::of, catalog)
                .search(new Query(text, asker, "default", Filter.everything(), 5));
    }

    private List<String> names(List<Hit> hits) {
        return hits.stream()
                .map(hit -> hit.document().path().replace(house.docs + "/", ""))
                .toList();
    }

    @Test
    void theSettingIsForNewCollectionsAndTheOthersGoOnWithTheirOwn() {
        encoders.configured = "b";
        house.write("new.txt", "Curlews call.");

        assertThat(ingest().added()).isEqualTo(1);

        assertThat(live()).isEqualTo("hashing-a");
        assertThat(names(dense(House.ANA, "Curlews call."))).first().isEqualTo("new.txt");
        try (Ingestor ingestor = open()) {
            ingestor.ingest(Request.of(House.ANA, "other", List.of(house.docs.toString())), _ -> {});
        }
        assertThat(catalog.encoders(House.ANA, "other").getFirst().encoder().name())
                .isEqualTo("hashing-b");
        assertThat(catalog.encoders(Principal.parse("tenant:else,user:ana"), "other"))
                .isEmpty();
    }

    @Test
    void theSwitchIsOneStepAndTheOneBeforeStaysToGoBackTo() {
        Summary first = reembed("b");

        assertThat(first.embedded()).isEqualTo(30);
        assertThat(house.events(Event.Switched.class))
                .containsExactly(new Event.Switched("default", "hashing-a", "hashing-b"));
        assertThat(live()).isEqualTo("hashing-b");
        assertThat(names(dense(House.ANA, "Herons wade, number 7."))).first().isEqualTo("file-7.txt");
        assertThat(reembed("b").embedded()).isZero();

        assertThat(rollback()).isZero();
        assertThat(live()).isEqualTo("hashing-a");
        assertThat(names(dense(House.ANA, "Herons wade, number 7."))).first().isEqualTo("file-7.txt");
        assertThat(rollback()).isZero();
        assertThat(live()).isEqualTo("hashing-b");
    }

    @Test
    void whoGoesBackFindsWhatCameMeanwhileByItsWordsUntilItIsFilledIn() throws IOException {
        reembed("b");
        house.write("new.txt", "Curlews call.");
        house.write("file-1.txt", "Stilts stand.");
        Files.delete(house.docs.resolve("file-2.txt"));
        ingest();
        try (Ingestor ingestor = open()) {
            ingestor.setAccess(
                    House.ANA, "default", house.docs.resolve("file-3.txt").toString(), AccessSet.parse("user:ben"));
        }

        assertThat(rollback()).isEqualTo(2);

        Searcher fused = Retriever.fused(indexes, encoders::of, catalog);
        assertThat(names(fused.search(new Query("curlews", House.ANA, "default", Filter.everything(), 5))))
                .first()
                .isEqualTo("new.txt");
        assertThat(names(fused.search(new Query("stilts", House.ANA, "default", Filter.everything(), 5))))
                .first()
                .isEqualTo("file-1.txt");
        assertThat(names(fused.search(new Query("herons", House.ANA, "default", Filter.everything(), 100))))
                .hasSize(28)
                .doesNotContain("file-2.txt");
        assertThat(names(fused.search(new Query("herons", House.BEN, "default", Filter.everything(), 5))))
                .containsExactly("file-3.txt");
        assertThat(names(dense(House.ANA, "Curlews call."))).doesNotContain("new.txt");

        try (Ingestor ingestor = open()) {
            assertThat(ingestor.fill(House.ANA, "default", _ -> {}).embedded()).isEqualTo(2);
        }
        assertThat(names(dense(House.ANA, "Curlews call."))).first().isEqualTo("new.txt");
        assertThat(names(dense(House.BEN, "Herons wade, number 3."))).containsExactly("file-3.txt");
        // Nothing is left of what was replaced or deleted: as many vectors as chunks.
        try (Snapshot snapshot = indexes.of(House.ANA, "default").orElseThrow().snapshot()) {
            assertThat(snapshot.vectors()).isEqualTo(snapshot.chunks()).isEqualTo(30);
        }
    }

    @Test
    void whatBothEncodersKnowIsPutInAtOnceWhenGoingBack() throws IOException {
        reembed("b");
        Files.delete(house.docs.resolve("file-2.txt"));
        ingest();

        assertThat(rollback()).isZero();

        try (Snapshot snapshot = indexes.of(House.ANA, "default").orElseThrow().snapshot()) {
            assertThat(snapshot.vectors()).isEqualTo(snapshot.chunks()).isEqualTo(29);
        }
    }

    @Test
    void whereThereIsNothingToGoBackToThatIsSaid() {
        assertThatThrownBy(this::rollback).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT);
            assertThat(e.nextStep()).contains("tandem reembed");
        });
        try (Ingestor ingestor = open()) {
            for (Runnable each : List.<Runnable>of(
                    () -> ingestor.rollback(House.BEN, "default", _ -> {}),
                    () -> ingestor.fill(House.BEN, "default", _ -> {}),
                    () -> ingestor.dropFormerEncoders(House.BEN, "default"),
                    () -> ingestor.reembed(House.BEN, "default", _ -> {}))) {
                assertThatThrownBy(each::run)
                        .isInstanceOfSatisfying(
                                Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
            }
        }
    }

    @Test
    void goingBackToAnEncoderThatIsGoneChangesNothing() {
        reembed("b");
        Embedder gone = Objects.requireNonNull(encoders.there.remove("a"));
        assertThatThrownBy(this::rollback).hasMessageContaining("There is no encoder a");
        assertThat(live()).isEqualTo("hashing-b");
        encoders.there.put("a", new HashingEmbedder("c"));
        assertThatThrownBy(this::rollback).hasMessageContaining("hashing-a");
        assertThat(live()).isEqualTo("hashing-b");
        encoders.there.put("a", gone);
        assertThat(rollback()).isZero();
    }

    @Test
    void theRoomOfTheOneBeforeIsGivenBackAndAReaderGoesOn() throws IOException {
        reembed("b");
        assertThat(names(dense(House.ANA, "Herons wade, number 7."))).first().isEqualTo("file-7.txt");
        try (Ingestor ingestor = open()) {
            assertThat(ingestor.dropFormerEncoders(House.ANA, "default")).isPositive();
            assertThat(ingestor.dropFormerEncoders(House.ANA, "default")).isZero();
        }
        assertThat(names(dense(House.ANA, "Herons wade, number 7."))).first().isEqualTo("file-7.txt");
        assertThat(catalog.encoders(House.ANA, "default")).hasSize(1);
        try (Stream<Path> vectors = Files.list(house.home.index("default", "default"))) {
            assertThat(vectors.filter(CollectionIndex::isVectors)).hasSize(1);
        }
        assertThatThrownBy(this::rollback).hasMessageContaining("no encoder to go back to");
        assertThat(reembed("a").embedded()).isEqualTo(30);
    }

    @Test
    void vectorsThatAnotherCollectionHasAUseForStay() {
        try (Ingestor ingestor = open()) {
            ingestor.ingest(Request.of(House.ANA, "other", List.of(house.docs.toString())), _ -> {});
        }
        reembed("b");
        try (Ingestor ingestor = open()) {
            ingestor.dropFormerEncoders(House.ANA, "default");
        }
        assertThat(reembed("a").reused()).isEqualTo(30);
    }

    @Test
    void damagedVectorsOfTheOneBeforeAreBuiltAgainFromTheCatalog() throws IOException {
        reembed("b");
        Path former = house.home.index("default", "default").resolve("vectors-" + "a".repeat(16));
        try (Stream<Path> files = Files.list(former)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".cfs")).toList()) {
                Files.write(file, new byte[100]);
            }
        }
        try (Ingestor ingestor = open()) {
            Repaired repaired = ingestor.repair();
            assertThat(repaired.mended()).singleElement().asString().contains("vectors-aaaa");
            assertThat(repaired.left()).isEmpty();
            assertThat(repaired.embedded()).isZero();
        }
        assertThat(rollback()).isZero();
        assertThat(names(dense(House.ANA, "Herons wade, number 7."))).first().isEqualTo("file-7.txt");
    }

    /**
     * Vectors of "b" point elsewhere than those of "a": were a question of one held against documents of the other, the text
     * that says the very same would not be the first, and its cosine would be near 0.
     */
    @Test
    void questionsAreAnsweredThroughoutAndNeverMixTwoEncoders() throws Exception {
        var done = new AtomicBoolean();
        var wrong = new ConcurrentLinkedQueue<String>();
        var asked = new ConcurrentLinkedQueue<String>();
        var readers = new java.util.ArrayList<Thread>();
        for (int reader = 0; reader < 4; reader++) {
            int first = reader;
            readers.add(Thread.ofPlatform().start(() -> {
                for (int i = first; !done.get(); i = (i + 1) % 30) {
                    try {
                        Hit best = dense(House.ANA, "Herons wade, number " + i + ".")
                                .getFirst();
                        boolean right = best.document().path().endsWith("file-" + i + ".txt")
                                && best.dense().raw() > .7;
                        if (!right) {
                            wrong.add(i + " " + best.dense());
                        }
                        asked.add(live());
                    } catch (RuntimeException e) {
                        wrong.add(String.valueOf(e));
                    }
                }
            }));
        }
        for (int round = 0; round < 2; round++) {
            reembed("b");
            Thread.sleep(20);
            rollback();
            Thread.sleep(20);
            reembed("b");
            try (Ingestor ingestor = open()) {
                ingestor.dropFormerEncoders(House.ANA, "default");
            }
            Thread.sleep(20);
            reembed("a");
            try (Ingestor ingestor = open()) {
                ingestor.dropFormerEncoders(House.ANA, "default");
            }
        }
        done.set(true);
        for (Thread each : readers) {
            each.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).contains("hashing-a", "hashing-b");
    }

    @Test
    void whileTheSecondIsFilledTheFirstAnswers() {
        encoders.there.put("b", new HashingEmbedder("b") {
            @Override
            public List<float[]> embed(List<String> texts, Role role) {
                if (role == Role.PASSAGE) {
                    assertThat(live()).isEqualTo("hashing-a");
                    assertThat(names(dense(House.ANA, "Herons wade, number 7.")))
                            .first()
                            .isEqualTo("file-7.txt");
                    assertThat(catalog.encoders(House.ANA, "default"))
                            .extracting(CollectionEncoder::use)
                            .containsExactly(CollectionEncoder.Use.LIVE, CollectionEncoder.Use.FILLING);
                }
                return super.embed(texts, role);
            }
        });
        assertThat(reembed("b").embedded()).isEqualTo(30);
        assertThat(live()).isEqualTo("hashing-b");
    }

    @Test
    void killedHalfWayItGoesOnAndEmbedsNothingTwice() throws Exception {
        for (int i = 30; i < 200; i++) {
            house.write("file-" + i + ".txt", "Herons wade, number " + i + ".");
        }
        ingest();
        var seen = new TreeMap<Long, Long>();
        for (int kill = 0; kill < 2; kill++) {
            Process child = ChildReembed.start(folder, kill == 0 ? 150 : 30);
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as(stderr()).isNotZero().isNotEqualTo(1);
            assertThat(live()).isEqualTo("hashing-a");
            assertThat(names(dense(House.ANA, "Herons wade, number 7.")))
                    .first()
                    .isEqualTo("file-7.txt");
            seen.put((long) kill, kept(new HashingEmbedder("b").encoder()));
        }
        assertThat(seen.get(1L)).isPositive();
        Summary rest = reembed("b");
        assertThat(rest.embedded()).isEqualTo(200 - seen.get(1L));
        assertThat(rest.embedded() + rest.reused()).isEqualTo(200);
        assertThat(live()).isEqualTo("hashing-b");
        assertThat(names(dense(House.ANA, "Herons wade, number 199."))).first().isEqualTo("file-199.txt");
    }

    private String stderr() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    private long kept(Encoder encoder) {
        try (HomeLock lock = house.home.lock();
                CatalogWriter writer = CatalogWriter.open(lock, "default")) {
            return 200 - writer.vectors(encoder).lacking("default").texts();
        }
    }
}
