package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.State;
import dev.tandem.domain.AccessSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
