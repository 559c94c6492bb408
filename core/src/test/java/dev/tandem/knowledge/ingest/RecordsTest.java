package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.State;
import dev.tandem.domain.AccessSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON Lines files, whose records are documents. */
class RecordsTest {

    @TempDir
    private Path folder;

    private House house;

    @BeforeEach
    void open() {
        house = new House(folder);
    }

    @Test
    void eachRecordIsADocumentWithItsOwnReaders() {
        house.write("notes.jsonl", """
                {"_id": "a", "title": "Herons", "text": "Herons wade.", "allow": "group:ops"}
                {"_id": "b", "title": "Curlews", "text": "Curlews wade."}
                """);

        assertThat(house.ingest().added()).isEqualTo(2);

        assertThat(house.search(House.ANA, "wade")).containsExactlyInAnyOrder("notes.jsonl#a", "notes.jsonl#b");
        assertThat(house.search(House.BEN, "wade")).containsExactly("notes.jsonl#a");
        assertThat(house.entry(House.ANA, "notes.jsonl#a").access()).isEqualTo(AccessSet.parse("group:ops,user:ana"));
    }

    @Test
    void onlyTheRecordsThatChangedAreReadAgain() {
        house.write("notes.jsonl", """
                {"_id": "a", "text": "Herons wade."}
                {"_id": "b", "text": "Curlews wade."}
                {"_id": "c", "text": "Wrens hop."}
                """);
        house.ingest();
        house.write("notes.jsonl", """
                {"_id": "c", "text": "Wrens hop."}
                {"_id": "a", "text": "Herons wade at dawn."}
                {"_id": "d", "text": "Owls hoot."}
                """);

        Summary summary = house.ingest();

        assertThat(summary.unchanged()).isEqualTo(1);
        assertThat(summary.changed()).isEqualTo(1);
        assertThat(summary.added()).isEqualTo(1);
        assertThat(summary.deleted()).isEqualTo(1);
        assertThat(house.search(House.ANA, "curlews")).doesNotContain("notes.jsonl#b");
        assertThat(house.ingest().unchanged()).isEqualTo(3);
    }

    @Test
    void aBadLineIsADeadLetterUntilItIsMended() {
        house.write("notes.jsonl", """
                {"_id": "a", "text": "Herons wade."}
                {"_id": "b", "text":
                """);

        Summary summary = house.ingest();

        assertThat(summary.added()).isEqualTo(1);
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(house.entry(House.ANA, "notes.jsonl#line-2").reason()).startsWith("Line 2: ");
        assertThat(house.ingest().failed()).isEqualTo(1);

        house.write("notes.jsonl", """
                {"_id": "a", "text": "Herons wade."}
                {"_id": "b", "text": "Curlews wade."}
                """);
        assertThat(house.ingest().added()).isEqualTo(1);
        assertThat(house.documents(House.ANA)).noneMatch(entry -> entry.state() == State.FAILED);
    }

    @Test
    void aLineThatBreaksTakesNoRecordWithIt() {
        house.write("notes.jsonl", """
                {"_id": "a", "text": "Herons wade."}
                {"_id": "b", "text": "Curlews wade."}
                """);
        house.ingest();
        house.write("notes.jsonl", """
                {"_id": "a", "text": "Herons wade."}
                {"_id": "b", "text": "Curlews
                """);

        Summary summary = house.ingest();

        assertThat(summary.deleted()).isZero();
        assertThat(house.search(House.ANA, "curlews")).contains("notes.jsonl#b");
    }

    @Test
    void aRenamedFileRenamesItsRecordsAndADeletedOneDeletesThem() throws IOException {
        Path file = house.write("old.jsonl", """
                {"_id": "a", "title": "Herons", "text": "Herons wade.", "allow": "group:ops"}
                {"_id": "b", "title": "Curlews", "text": "Curlews wade."}
                """);
        house.ingest();
        Files.move(file, house.docs.resolve("new.jsonl"));

        Summary summary = house.ingest();

        assertThat(summary.renamed()).isEqualTo(2);
        assertThat(summary.embedded()).isZero();
        assertThat(house.search(House.BEN, "wade")).containsExactly("new.jsonl#a");

        Files.delete(house.docs.resolve("new.jsonl"));
        assertThat(house.ingest().deleted()).isEqualTo(2);
        assertThat(house.documents(House.ANA)).isEmpty();
    }

    @Test
    void aGivenAccessReachesEveryRecordThatDoesNotSayItsOwn() {
        house.write("notes.jsonl", """
                {"_id": "a", "text": "Herons wade.", "allow": "user:ana"}
                {"_id": "b", "text": "Curlews wade."}
                """);
        house.ingest();

        Summary summary = house.ingest(
                Request.of(House.ANA, "default", List.of(house.docs.toString())).allowing(AccessSet.parse("everyone")));

        assertThat(summary.accessChanged()).isEqualTo(1);
        assertThat(house.search(House.BEN, "wade")).containsExactly("notes.jsonl#b");
    }

    private void dyingAfter(int acknowledged, String... paths) {
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            var seen = new AtomicInteger();
            assertThatThrownBy(() -> ingestor.ingest(Request.of(House.ANA, "default", List.of(paths)), event -> {
                        if (event instanceof Event.Acknowledged && seen.incrementAndGet() == acknowledged) {
                            throw new IllegalStateException("dies here");
                        }
                    }))
                    .hasMessage("dies here");
        }
    }

    @Test
    void aRecordThatIsResumedSaysWhatItSaysAndNotWhatTheOthersSay() {
        Path file = house.write("notes.jsonl", """
                {"_id": "a", "title": "Herons", "text": "Herons wade.", "allow": "group:ops"}
                {"_id": "b", "title": "Curlews", "text": "Curlews wade."}
                """);
        house.write("other.txt", "Owls hoot.");
        dyingAfter(2, file.toString());

        Summary other = house.ingest(Request.of(
                House.ANA, "default", List.of(house.docs.resolve("other.txt").toString())));

        assertThat(other.resumed()).isEqualTo(2);
        assertThat(house.search(House.BEN, "wade")).containsExactly("notes.jsonl#a");
        DocumentEntry entry = house.entry(House.ANA, "notes.jsonl#a");
        assertThat(house.text(House.BEN, entry.id(), entry.version())).contains("Herons wade.");
        assertThat(house.search(House.ANA, "curlews")).contains("notes.jsonl#b");
    }

    @Test
    void aRecordThatIsNoLongerThereAsItWasAcknowledgedIsNotResumedAndReadWithItsFile() {
        Path file =
                house.write("notes.jsonl", "{\"_id\": \"a\", \"text\": \"Herons wade.\", \"allow\": \"everyone\"}\n");
        house.write("other.txt", "Owls hoot.");
        dyingAfter(1, file.toString());
        house.write("notes.jsonl", "{\"_id\": \"a\", \"text\": \"Herons nest.\", \"allow\": \"user:ana\"}\n");

        house.ingest(Request.of(
                House.ANA, "default", List.of(house.docs.resolve("other.txt").toString())));

        assertThat(house.entry(House.ANA, "notes.jsonl#a").state()).isEqualTo(State.FAILED);
        assertThat(house.search(House.BEN, "herons")).isEmpty();
        assertThat(house.ingest().added()).isEqualTo(1);
        assertThat(house.search(House.ANA, "nest")).contains("notes.jsonl#a");
        assertThat(house.search(House.BEN, "herons")).isEmpty();
    }

    @Test
    void eachMessageOfAMailboxIsADocument() throws IOException {
        String first = """
                From ana@example.org Mon Nov  2 10:00:00 2026
                From: ana@example.org
                Message-ID: <one@example.org>
                Subject: Herons

                Herons wade.
                >From here they fly.
                From time to time.

                """;
        String second = """
                From ben@example.org Tue Nov  3 10:00:00 2026
                From: ben@example.org
                Subject: Curlews

                Curlews wade.
                """;
        Path box = house.write("box.mbox", first + second);

        assertThat(house.ingest().added()).isEqualTo(2);

        assertThat(house.search(House.ANA, "herons")).first().isEqualTo("box.mbox#one@example.org");
        DocumentEntry one = house.entry(House.ANA, "box.mbox#one@example.org");
        assertThat(house.text(House.ANA, one.id(), one.version()).orElseThrow())
                .contains("From here they fly.", "From time to time.")
                .doesNotContain("Curlews", ">From");
        assertThat(house.entry(House.ANA, "box.mbox#2").state()).isEqualTo(State.READY);
        assertThat(house.ingest().unchanged()).isEqualTo(2);

        // The first one deleted: the other has no Message-ID and gets another number, the words stay one document's.
        house.write("box.mbox", second, Instant.now().minusSeconds(1_800));
        house.ingest();
        assertThat(house.documents(House.ANA))
                .singleElement()
                .satisfies(it -> assertThat(it.path()).endsWith("box.mbox#1"));

        Files.delete(box);
        assertThat(house.ingest().deleted()).isEqualTo(1);
    }

    @Test
    void aMailboxWithoutMessagesIsADeadLetterThatSaysSo() {
        house.write("box.mbox", "Herons wade.\n");
        assertThat(house.ingest().failed()).isEqualTo(1);
        assertThat(house.entry(House.ANA, "box.mbox").reason()).startsWith("It holds no messages");
        house.write(
                "box.mbox",
                "From ana@example.org Mon Nov  2 10:00:00 2026\nSubject: Herons\n\nHerons wade.\n",
                Instant.now().minusSeconds(1_800));
        house.ingest();
        assertThat(house.documents(House.ANA)).extracting(DocumentEntry::path).noneMatch(it -> it.endsWith(".mbox"));
    }
}
