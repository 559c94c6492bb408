package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.State;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk is full from the k-th write of an ingest on, of the index or of what is kept, until somebody frees some: it is said
 * so, what was there before is found meanwhile, and the same process goes on afterwards. The catalog's own writes fail in
 * {@link FullDiskTest}.
 */
class FullAtEveryWriteTest {

    @TempDir
    private Path folder;

    @Test
    void aWindowOfWrites() throws Exception {
        fill(7);
    }

    @Test
    @Tag("nightly")
    void everyWrite() throws Exception {
        fill(1);
    }

    private void fill(int step) throws Exception {
        long writes = Long.MAX_VALUE;
        int met = 0;
        for (long k = 1; k < writes; k += step) {
            var house = new House(Files.createDirectories(folder.resolve("house-" + k)));
            house.write("before.txt", "Stilts wade.");
            house.ingest();
            house.write("a.txt", "Herons wade.");
            house.write("b.txt", "Curlews wade.");
            var disk = new PowerCut(
                    house.home.path().getParent(), folder.resolve("none"), Long.MAX_VALUE, new SplittableRandom(1));
            var told = new HashSet<String>();
            boolean done;
            try (Ingestor ingestor = Ingestor.open(Home.at(disk.path().resolve("home")), new HashingEmbedder())) {
                disk.fillBefore(k);
                done = ingest(ingestor, house, told, k);
                if (!done) {
                    met++;
                    assertThat(house.search(House.ANA, "stilts"))
                            .as("write %d", k)
                            .contains("before.txt");
                }
                disk.free();
                assertThat(ingest(ingestor, house, told, k)).as("write %d", k).isTrue();
            }
            List<DocumentEntry> entries = house.documents(House.ANA);
            assertThat(entries).as("write %d", k).hasSize(4).allMatch(entry -> entry.state() == State.READY);
            assertThat(entries).as("write %d", k).extracting(DocumentEntry::id).containsAll(told);
            assertThat(house.search(House.ANA, "herons")).first().isEqualTo("a.txt");
            assertThat(house.search(House.ANA, "godwits")).first().isEqualTo("-");
            if (done) {
                writes = k;
            }
        }
        System.out.println("full at " + met + " writes, one of every " + step + ": each was said and gone on from");
        assertThat(met).isGreaterThan(3);
    }

    /** Whether it was done; otherwise the disk was said to be full. */
    private static boolean ingest(Ingestor ingestor, House house, Set<String> told, long k) {
        var input = new ByteArrayInputStream("Godwits wade.".getBytes(StandardCharsets.UTF_8));
        Consumer<Event> events = event -> {
            if (event instanceof Event.Acknowledged it) {
                told.add(it.document());
            }
        };
        Throwable thrown = catchThrowable(() -> ingestor.ingest(
                Request.of(House.ANA, "default", List.of("-", house.docs.toString()))
                        .reading(input),
                events));
        if (thrown == null) {
            return true;
        }
        assertThat(thrown).as("write %d", k).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.BUSY);
            assertThat(e).hasMessageContaining(" is full.");
        });
        return false;
    }
}
