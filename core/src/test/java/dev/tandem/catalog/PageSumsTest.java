package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums of a catalog's pages are of what is in the file, whatever stopped the writer and whoever reads beside it. */
class PageSumsTest {

    private static final PageSums.Found WHOLE = new PageSums.Found(List.of(), false);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void aCatalog() {
        file = folder.resolve("catalog.db");
        Schema.write(file).close();
    }

    @Test
    void areKeptThroughWritesThatOutgrowTheLog() {
        try (Sql sql = Schema.write(file)) {
            for (int i = 0; i < 40; i++) {
                fill(sql, i, 1_000_000);
                assertThat(check()).isEqualTo(WHOLE);
            }
        }
        assertThat(folder.resolve("catalog.db.pending")).doesNotExist();
        assertThat(check()).isEqualTo(WHOLE);
    }

    @Test
    void areRightWhereAReaderHoldsTheLog() {
        try (Sql reader = Schema.read(file)) {
            reader.run("BEGIN");
            reader.number("SELECT count(*) FROM setting");
            try (Sql sql = Schema.write(file)) {
                fill(sql, 1, 20_000_000);
                fill(sql, 2, 20_000_000);
                assertThat(check()).isEqualTo(WHOLE);
            }
            assertThat(check()).isEqualTo(WHOLE);
            reader.run("COMMIT");
        }
        Schema.write(file).close();
        assertThat(check()).isEqualTo(WHOLE);
        assertThat(folder.resolve("catalog.db-wal")).doesNotExist();
    }

    @Test
    void ofPagesThatACheckpointWasAtAreTakenByTheNextWriter() throws IOException {
        Path sums = folder.resolve("catalog.db.sums");
        byte[] before = Files.readAllBytes(sums);
        var writer = Schema.write(file);
        fill(writer, 1, 50_000);
        // A process that dies within a checkpoint: its note is on disk, its sums are not.
        var dying = new PageSums(file);
        assertThat(dying.note()).isTrue();
        writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
        writer.closeConnection();
        assertThat(sums).hasBinaryContent(before);
        assertThat(check()).isEqualTo(WHOLE);

        Schema.write(file).close();

        assertThat(check()).isEqualTo(WHOLE);
        assertThat(Files.size(sums)).isEqualTo(Files.size(file) / 8192 * Long.BYTES);
    }

    @Test
    void areTakenAlthoughPowerFailedWhileTheNoteWasWritten() throws IOException {
        Path note = folder.resolve("catalog.db.pending");
        Files.write(note, new byte[7]);
        try (Sql sql = Schema.write(file)) {
            fill(sql, 1, 50_000);
        }
        assertThat(note).doesNotExist();
        assertThat(check()).isEqualTo(WHOLE);
    }

    @Test
    void whatANoteSaysStaysInItsPlaceWhenMoreIsNoted() throws IOException {
        Path note = folder.resolve("catalog.db.pending");
        var writer = Schema.write(file);
        fill(writer, 1, 50_000);
        assertThat(new PageSums(file).note()).isTrue();
        byte[] before = Files.readAllBytes(note);
        fill(writer, 2, 50_000);
        // power failed while a page was added
        Files.write(note, new byte[3], StandardOpenOption.APPEND);
        assertThat(new PageSums(file).note()).isTrue();
        byte[] after = Files.readAllBytes(note);
        assertThat(after).startsWith(before).hasSizeGreaterThan(before.length);
        assertThat(after.length % Integer.BYTES).isZero();
        writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
        writer.closeConnection();
        assertThat(check()).isEqualTo(WHOLE);
    }

    @Test
    void withoutANoteTheSameIsDamage() {
        var writer = Schema.write(file);
        fill(writer, 1, 50_000);
        writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
        writer.closeConnection();
        assertThat(check().pages()).isNotEmpty();
    }

    @Test
    void followAFileThatBecomesSmaller() {
        try (Sql sql = Schema.write(file)) {
            fill(sql, 1, 3_000_000);
        }
        try (Sql sql = Schema.write(file)) {
            sql.update("DELETE FROM setting");
            sql.vacuum();
            assertThat(sql.checkpoint()).isTrue();
            assertThat(check()).isEqualTo(WHOLE);
        }
        assertThat(check()).isEqualTo(WHOLE);
    }

    @Test
    void areOfNoConsequenceWhereTheyCannotBeWritten() throws IOException {
        Path sums = folder.resolve("catalog.db.sums");
        Files.delete(sums);
        Files.createDirectory(sums);
        Files.createFile(sums.resolve("in-the-way"));
        try (Sql sql = Schema.write(file)) {
            fill(sql, 1, 50_000);
        }
        try (Sql sql = Schema.read(file)) {
            assertThat(sql.number("SELECT count(*) FROM setting")).isEqualTo(1);
        }
    }

    private PageSums.Found check() {
        return new PageSums(file).check();
    }

    private static void fill(Sql sql, int key, int characters) {
        sql.inTransaction(() ->
                sql.update("INSERT INTO setting (key, value) VALUES (?, ?)", "key" + key, "x".repeat(characters)));
    }
}
