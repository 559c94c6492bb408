package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tandem.catalog.CollectionStatus;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.State;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bad input and bad luck get: one clear reason, and nothing lost. */
class BadDayTest {

    @TempDir
    private Path folder;

    private House house;

    @BeforeEach
    void open() {
        house = new House(folder);
    }

    @Test
    void anEmptyFolderIsSaidToBeEmpty() {
        assertThatThrownBy(() -> house.ingest()).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING);
            assertThat(e).hasMessageStartingWith("There are no files in " + house.docs);
        });
    }

    @Test
    void aPathThatIsNotThereStopsTheRunBeforeAnythingIsDone() {
        house.write("a.txt", "Herons wade.");

        assertThatThrownBy(() -> house.ingest(
                        Request.of(House.ANA, "default", List.of(house.docs.toString(), folder + "/typo"))))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
        assertThat(house.documents(House.ANA)).isEmpty();
    }

    @Test
    void aFileAboveTheLimitIsRefusedWithoutBeingRead() throws IOException {
        Path file = house.write("big.txt", "Herons wade.");
        house.write("small.txt", "Herons wade.");
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(200_000_000);
            channel.write(ByteBuffer.wrap(new byte[] {'x'}));
        }

        Summary summary = house.ingest();

        assertThat(summary.added()).isEqualTo(1);
        assertThat(house.entry(House.ANA, "big.txt").reason()).contains("at most 100 MB");
    }

    @Test
    void aFileThatMayNotBeReadFailsAndIsKeptAsItWas() throws IOException {
        Path file = house.write("a.txt", "Herons wade.");
        house.write("b.txt", "Curlews wade.");
        house.ingest();
        assumeThat(file.toFile().setReadable(false)).isTrue();
        assumeThat(Files.isReadable(file)).as("root reads everything").isFalse();
        house.write("a.txt.touch", "x");

        assertThat(house.ingest().failed()).isEqualTo(1);
        assertThat(house.search(House.ANA, "herons")).contains("a.txt");
    }

    @Test
    void aHomeInUseSaysByWhomAfterAShortWait() {
        house.write("a.txt", "Herons wade.");
        try (Ingestor holder = Ingestor.open(house.home, house.embedder)) {
            long started = System.nanoTime();
            assertThatThrownBy(() -> house.ingest()).isInstanceOfSatisfying(Failure.class, e -> {
                assertThat(e.kind()).isEqualTo(Failure.Kind.BUSY);
                assertThat(e)
                        .hasMessageContaining(
                                "process " + ProcessHandle.current().pid());
            });
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
            assertThat(holder.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString())), _ -> {})
                            .added())
                    .isEqualTo(1);
        }
    }

    @Test
    void aHomeThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> Ingestor.open(Home.at(file), new HashingEmbedder()))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Test
    void anotherEncoderIsRefusedBeforeAnythingIsAcknowledgedAndReembeddingMendsIt() {
        house.write("a.txt", "Herons wade.");
        house.ingest();
        house.write("b.txt", "Curlews wade.");
        Request request = Request.of(House.ANA, "default", List.of(house.docs.toString()));

        try (Ingestor other = Ingestor.open(house.home, new HashingEmbedder("b"))) {
            assertThatThrownBy(() -> other.ingest(request, _ -> {})).isInstanceOfSatisfying(Failure.class, e -> {
                assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT);
                assertThat(e.nextStep()).contains("reembed");
            });
            assertThat(house.documents(House.ANA)).hasSize(1);

            // What makes a collection tighter must not wait for an encoder.
            other.setAccess(
                    House.ANA, "default", house.entry(House.ANA, "a.txt").id(), AccessSet.parse("group:hr"));
            assertThat(other.reembed(House.ANA, "default", _ -> {}).embedded()).isEqualTo(1);
            assertThat(other.ingest(request, _ -> {}).added()).isEqualTo(1);
        }
    }

    @Test
    void theWorkOfAnotherOwnerIsResumedAndNotTold() throws IOException {
        house.write("a/ana.txt", "Herons wade.");
        house.write("b/ben.txt", "Curlews wade.");
        // A run that dies after its acknowledgement.
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            assertThatThrownBy(() -> ingestor.ingest(
                            Request.of(
                                    House.ANA,
                                    "default",
                                    List.of(house.docs.resolve("a").toString())),
                            event -> {
                                if (event instanceof Event.Acknowledged) {
                                    throw new IllegalStateException("dies here");
                                }
                            }))
                    .hasMessage("dies here");
        }
        assertThat(house.documents(House.ANA))
                .singleElement()
                .satisfies(entry -> assertThat(entry.state()).isEqualTo(State.ACKNOWLEDGED));

        Summary summary = house.ingest(
                Request.of(House.BEN, "default", List.of(house.docs.resolve("b").toString())));

        assertThat(summary.added()).isEqualTo(1);
        assertThat(summary.resumed()).isZero();
        assertThat(summary.embedded()).isEqualTo(1);
        assertThat(house.events.toString()).doesNotContain("ana");
        assertThat(house.events(Event.Indexed.class)).containsExactly(new Event.Indexed("default", 1));
        assertThat(house.search(House.ANA, "wade")).containsExactly("a/ana.txt");
    }

    @Test
    void aDocumentThatChangedBeforeItsRunWasResumedIsReadAsItIsNow() {
        house.write("a.txt", "Herons wade.");
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            assertThatThrownBy(() ->
                            ingestor.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString())), event -> {
                                if (event instanceof Event.Acknowledged) {
                                    throw new IllegalStateException("dies here");
                                }
                            }))
                    .hasMessage("dies here");
        }
        house.write("a.txt", "Herons wade at dawn.");

        Summary summary = house.ingest();

        assertThat(summary.resumed()).isEqualTo(1);
        assertThat(summary.added()).isEqualTo(1);
        assertThat(house.search(House.ANA, "dawn")).containsExactly("a.txt");
    }

    @Test
    void anIndexThatIsGoneIsRebuiltWithoutEmbeddingAnythingAgain() throws IOException {
        house.write("a.txt", "Herons wade.");
        house.ingest();
        try (var files = Files.walk(house.home.index("default", "default"))) {
            for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }

        Summary summary = house.ingest();

        assertThat(summary.embedded()).isZero();
        assertThat(summary.reused()).isEqualTo(1);
        assertThat(house.search(House.ANA, "herons")).containsExactly("a.txt");
    }

    @Test
    void aCatalogThatIsGoneTakesItsIndexWithIt() throws IOException {
        house.write("a.txt", "Herons wade.");
        house.write("b.txt", "Curlews wade.");
        house.ingest();
        Files.delete(house.home.catalog("default"));
        Files.delete(house.docs.resolve("b.txt"));

        assertThat(house.ingest().added()).isEqualTo(1);

        assertThat(house.search(House.ANA, "wade")).containsExactly("a.txt");
    }

    @Test
    void aReaderThatBreaksFailsItsFileOnly() {
        house.write("a.txt", "Herons wade.");
        house.write("b.txt", "x".repeat(2_000));

        try (Ingestor ingestor = Ingestor.open(
                house.home,
                house.embedder,
                IngestSettings.standard().with(new ExtractLimits(1_000, 10_000_000, Duration.ofSeconds(5))))) {
            Summary summary =
                    ingestor.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString())), _ -> {});
            assertThat(summary.added()).isEqualTo(1);
            assertThat(summary.failed()).isEqualTo(1);
        }
        try (var catalog = house.catalog()) {
            assertThat(catalog.status(House.ANA))
                    .singleElement()
                    .extracting(CollectionStatus::documents, CollectionStatus::failed)
                    .containsExactly(1L, 1L);
        }
    }
}
