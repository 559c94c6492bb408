package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.State;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestorTest {

    @TempDir
    private Path folder;

    private House house;

    @BeforeEach
    void open() {
        house = new House(folder);
    }

    @Test
    void whatIsIngestedIsFoundByItsOwnerAndNobodyElse() {
        house.write("leave.md", "# Leave\n\nEmployees have thirty days of parental leave.\n");
        house.write("price.txt", "The Heron costs 400 euros.\n");

        Summary summary = house.ingest();

        assertThat(summary.added()).isEqualTo(2);
        assertThat(summary.failed()).isZero();
        assertThat(house.search(House.ANA, "parental leave")).startsWith("leave.md");
        assertThat(house.search(House.BEN, "parental leave")).isEmpty();
        assertThat(house.events).last().isEqualTo(new Event.Done(summary));
    }

    @Test
    void everyEventOfADocumentFollowsItsAcknowledgement() {
        house.write("a.txt", "One.");

        house.ingest();

        assertThat(house.events.stream().map(event -> event.getClass().getSimpleName()))
                .containsSubsequence("Scanned", "Acknowledged", "Added", "Indexed", "Embedded", "Done");
    }

    @Test
    void aSecondRunFindsEverythingUnchangedAndReadsNothing() {
        house.write("a.txt", "One.");
        house.write("b/c.txt", "Two.");
        house.ingest();

        Summary again = house.ingest();

        assertThat(again.unchanged()).isEqualTo(2);
        assertThat(again.bytes()).isZero();
        assertThat(again.embedded()).isZero();
    }

    @Test
    void aChangedFileIsANewVersionAndTheOldTextIsGone() {
        house.write("price.txt", "The Heron costs 400 euros.");
        house.ingest();
        house.write("price.txt", "The Heron costs 450 euros, plainly.");

        Summary summary = house.ingest();

        assertThat(summary.changed()).isEqualTo(1);
        assertThat(house.search(House.ANA, "plainly")).containsExactly("price.txt");
        DocumentEntry entry = entry("price.txt");
        assertThat(entry.version()).isEqualTo(2);
        assertThat(house.text(House.ANA, entry.id(), 1)).isEmpty();
        assertThat(house.text(House.ANA, entry.id(), 2)).hasValue("The Heron costs 450 euros, plainly.");
    }

    @Test
    void aRenamedFileIsKnownAmongManyCopiesOfIt() throws IOException {
        for (int copy = 10; copy < 50; copy++) {
            house.write("copy-" + copy + ".md", "# Leave\n\nThirty days of parental leave.\n");
        }
        house.ingest();
        Files.move(house.docs.resolve("copy-30.md"), house.docs.resolve("another.md"));

        Summary summary = house.ingest();

        assertThat(summary.renamed()).isEqualTo(1);
        assertThat(summary.added() + summary.deleted()).isZero();
        assertThat(house.events(Event.Renamed.class).getFirst().from()).endsWith("copy-30.md");
    }

    @Test
    void aRenamedFileKeepsItsReadersAndIsNotEmbeddedAgainWhereItsTitleStays() throws IOException {
        house.write("old.md", "# Leave\n\nThirty days of parental leave.\n");
        house.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString()))
                .allowing(AccessSet.parse("group:ops")));
        Files.move(house.docs.resolve("old.md"), house.docs.resolve("new.md"));

        Summary summary = house.ingest();

        assertThat(summary.renamed()).isEqualTo(1);
        assertThat(summary.added() + summary.deleted() + summary.embedded()).isZero();
        assertThat(house.search(House.BEN, "parental leave")).containsExactly("new.md");
        assertThat(house.events(Event.Renamed.class).getFirst().from()).endsWith("old.md");
    }

    @Test
    void aDeletedFileIsGoneFromTheNextQuery() throws IOException {
        house.write("a.txt", "Curlews wade.");
        house.write("b.txt", "Herons wade.");
        house.ingest();
        Files.delete(house.docs.resolve("a.txt"));

        Summary summary = house.ingest();

        assertThat(summary.deleted()).isEqualTo(1);
        assertThat(house.search(House.ANA, "curlews wade")).containsExactly("b.txt");
    }

    @Test
    void whatIsGoneOutsideTheGivenPathsStays() throws IOException {
        house.write("a/one.txt", "Curlews wade.");
        house.write("b/two.txt", "Herons wade.");
        house.ingest();
        Files.delete(house.docs.resolve("a/one.txt"));

        Summary summary = house.ingest(
                Request.of(House.ANA, "default", List.of(house.docs.resolve("b").toString())));

        assertThat(summary.deleted()).isZero();
        assertThat(house.search(House.ANA, "curlews")).contains("a/one.txt");
    }

    @Test
    void aNamedFileThatIsGoneIsDeletedAndOneThatNeverWasStopsTheRun() throws IOException {
        Path file = house.write("a.txt", "Curlews wade.");
        house.ingest();
        Files.delete(file);

        assertThat(house.ingest(Request.of(House.ANA, "default", List.of(file.toString())))
                        .deleted())
                .isEqualTo(1);
        assertThatThrownBy(() -> house.ingest(Request.of(House.ANA, "default", List.of(file.toString()))))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
    }

    @Test
    void whatCannotBeReadIsADeadLetterOfItsOwnerAndTheRestGoesOn() {
        house.write("blank.txt", " \n ");
        house.write("good.txt", "Herons wade.");

        Summary summary = house.ingest();

        assertThat(summary.failed()).isEqualTo(1);
        assertThat(summary.added()).isEqualTo(1);
        assertThat(entry("blank.txt").state()).isEqualTo(State.FAILED);
        assertThat(entry("blank.txt").reason()).isNotBlank();
        assertThat(house.documents(House.BEN)).isEmpty();
    }

    @Test
    void aFileThatBreaksKeepsItsLastReadableVersion() {
        house.write("a.txt", "Herons wade.");
        house.ingest();
        house.write("a.txt", "\n\n\n");

        assertThat(house.ingest().failed()).isEqualTo(1);

        assertThat(house.search(House.ANA, "herons")).containsExactly("a.txt");
        assertThat(entry("a.txt").state()).isEqualTo(State.FAILED);
        house.write("a.txt", "Herons wade in shallow water.");
        assertThat(house.ingest().changed()).isEqualTo(1);
        assertThat(entry("a.txt").state()).isEqualTo(State.READY);
    }

    @Test
    void revokedAccessHoldsAtOnceAndComesBack() {
        house.write("a.txt", "Herons wade.");
        house.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString()))
                .allowing(AccessSet.parse("group:ops")));
        assertThat(house.search(House.BEN, "herons")).containsExactly("a.txt");

        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            ingestor.setAccess(House.ANA, "default", entry("a.txt").id(), AccessSet.parse("group:hr"));
        }
        assertThat(house.search(House.BEN, "herons")).isEmpty();
        assertThat(house.search(House.ANA, "herons")).containsExactly("a.txt");

        // The next run without --allow leaves it so; one with it says who may read.
        house.ingest();
        assertThat(house.search(House.BEN, "herons")).isEmpty();
        Summary summary = house.ingest(
                Request.of(House.ANA, "default", List.of(house.docs.toString())).allowing(AccessSet.parse("everyone")));
        assertThat(summary.accessChanged()).isEqualTo(1);
        assertThat(house.search(House.BEN, "herons")).containsExactly("a.txt");
    }

    @Test
    void onlyTheOwnerRemovesAndWhoMayNotReadLearnsNothing() {
        house.write("a.txt", "Herons wade.");
        house.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString()))
                .allowing(AccessSet.parse("group:ops")));
        String id = entry("a.txt").id();
        var eve = Principal.parse("user:eve");
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            assertThatThrownBy(() -> ingestor.remove(House.BEN, "default", id))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.DENIED));
            assertThatThrownBy(() -> ingestor.remove(eve, "default", id))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
            ingestor.remove(House.ANA, "default", id);
        }
        assertThat(house.search(House.ANA, "herons")).isEmpty();
        assertThat(house.ingest().added()).isEqualTo(1);
        assertThat(house.search(House.BEN, "herons")).isEmpty();
    }

    @Test
    void metadataIsGivenKeptAndChanged() {
        house.write("a.txt", "Herons wade.");
        Request request = Request.of(House.ANA, "default", List.of(house.docs.toString()));
        house.ingest(request.with(new TreeMap<>(Map.of("Team", "birds"))));
        assertThat(entry("a.txt").metadata()).containsEntry("team", "birds");

        assertThat(house.ingest(request).unchanged()).isEqualTo(1);
        assertThat(entry("a.txt").metadata()).containsEntry("team", "birds");

        Summary summary = house.ingest(request.with(new TreeMap<>(Map.of("team", "waders"))));
        assertThat(summary.changed()).isEqualTo(1);
        assertThat(summary.embedded()).isZero();
        assertThat(entry("a.txt").metadata()).containsEntry("team", "waders");
        assertThat(entry("a.txt").version()).isEqualTo(1);
    }

    @Test
    void standardInputIsKeptAndReplaced() {
        Request request = Request.of(House.ANA, "default", List.of("-"));

        house.ingest(request.reading(stream("Herons wade.")));
        house.ingest(request.reading(stream("Curlews wade.")));

        assertThat(house.search(House.ANA, "wade")).containsExactly("-");
        assertThat(house.documents(House.ANA))
                .singleElement()
                .satisfies(entry -> assertThat(entry.version()).isEqualTo(2));
        assertThat(house.home.blobs("default")).isDirectoryContaining(file -> Files.isRegularFile(file));
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private DocumentEntry entry(String name) {
        return house.entry(House.ANA, name);
    }
}
