package dev.tandem.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.State;
import dev.tandem.knowledge.ingest.Summary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Visits that are killed at random moments, held against what they had told as acknowledged. */
class KilledVisitTest {

    private static final int KILLS = 4;
    private static final int ROWS = 120;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void nothingAcknowledgedIsLostAndNothingIsThereTwice() throws Exception {
        var place = new Place(folder);
        for (int round = 0; round < KILLS; round++) {
            change(round);
            Map<String, Integer> acknowledged = killed(random.nextInt(60));
            var versions = new HashMap<String, Integer>();
            for (DocumentEntry entry : place.documents(Place.ANA)) {
                assertThat(versions.put(entry.path(), entry.version()))
                        .as("seed %d: twice", seed)
                        .isNull();
                assertThat(entry.state()).as("seed %d", seed).isEqualTo(State.READY);
            }
            assertThat(versions).as("seed %d, round %d", seed, round).containsAllEntriesOf(acknowledged);
        }
        JdbcSource.Definition definition = ChildVisit.definition(folder);
        place.visit(Place.rows(definition), new JdbcSource(definition, "", ""));
        assertThat(place.paths(Place.ANA)).as("seed %d", seed).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(place.text("jdbc:notes#0")).contains("round " + (KILLS - 1));

        Summary again = place.visit(Place.rows(definition), new JdbcSource(definition, "", ""));
        assertThat(again.added() + again.changed() + again.deleted()).isZero();
    }

    private Map<String, Integer> killed(int linesToLive) throws IOException, InterruptedException {
        Process child = ChildVisit.start(folder);
        var acknowledged = new HashMap<String, Integer>();
        try (BufferedReader lines = child.inputReader()) {
            assertThat(lines.readLine()).as("seed %d", seed).isEqualTo("start");
            String line;
            for (int read = 0; (line = lines.readLine()) != null; read++) {
                String[] words = line.split(" ", -1);
                if (words.length == 2) {
                    acknowledged.put(words[0], Integer.valueOf(words[1]));
                }
                if (read == linesToLive) {
                    child.toHandle().destroyForcibly();
                }
            }
        }
        child.waitFor();
        return acknowledged;
    }

    private void change(int round) throws SQLException {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("notes.db"))) {
            database.createStatement()
                    .execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT, changed INTEGER)");
            database.setAutoCommit(false);
            try (PreparedStatement row = database.prepareStatement("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)")) {
                for (int id = 0; id < ROWS; id++) {
                    row.setInt(1, id);
                    row.setString(2, "Note " + id + " as it was in round " + round);
                    row.setInt(3, 1_000 * round + id);
                    row.executeUpdate();
                }
            }
            database.commit();
        }
    }
}
