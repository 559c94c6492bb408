package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Conversations;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.State;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ingests and talks on a small disk that has room for so many more pages, then for so many more, until that is enough. */
final class ChildFull {

    private static final int PAGE = 4096;

    private ChildFull() {}

    /** The disk and the step, in pages. */
    public static void main(String[] arguments) throws IOException {
        Path disk = Path.of(arguments[0]);
        int step = Integer.parseInt(arguments[1]);
        int met = 0;
        int full = 1;
        for (int pages = 0; full > 0; pages += step) {
            full = round(disk, pages);
            met += full;
        }
        System.out.println(met + " times full");
    }

    /** How many of the two were told that the disk is full. */
    private static int round(Path disk, int pages) throws IOException {
        String as = pages + " pages left";
        var house = new House(Files.createDirectories(disk.resolve("house-" + pages)));
        house.write("before.txt", "Stilts wade.");
        house.ingest();
        house.write("a.txt", "Herons wade.");
        house.write("b.txt", "Curlews wade. ".repeat(2_000).strip());
        var told = new HashSet<String>();
        int full = 0;
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder);
                Catalog catalog = house.catalog();
                Indexes indexes = Indexes.reading(house.home::index, (_, _) -> house.embedder.encoder())) {
            // Somebody who asks already: opening a catalog that nobody has open takes a few pages itself.
            Searcher searcher = Retriever.fused(indexes, house.embedder, catalog);
            assertThat(search(searcher)).as(as).contains("before.txt");
            Path filler = fill(disk, pages);
            full += ingest(ingestor, house, told, as) ? 0 : 1;
            assertThat(search(searcher)).as(as).contains("before.txt");
            full += talk(house.home, as) ? 0 : 1;
            Files.delete(filler);
            assertThat(ingest(ingestor, house, told, as)).as(as).isTrue();
            assertThat(talk(house.home, as)).as(as).isTrue();
        }
        assertThat(house.documents(House.ANA)).as(as).hasSize(3).allMatch(entry -> entry.state() == State.READY);
        assertThat(house.documents(House.ANA).stream().map(each -> each.id()))
                .as(as)
                .containsAll(told);
        assertThat(house.search(House.ANA, "herons")).as(as).first().isEqualTo("a.txt");
        assertThat(Conversations.of(house.home, House.ANA)
                        .turns("c0ffee")
                        .getLast()
                        .answer())
                .as(as)
                .hasSize(20_000);
        Disks.delete(house.home.path().getParent());
        return full;
    }

    private static List<String> search(Searcher searcher) {
        return searcher.search(new Query("stilts", House.ANA, "default", Filter.everything(), 10)).stream()
                .map(hit -> Path.of(hit.document().path()).getFileName().toString())
                .toList();
    }

    private static boolean talk(Home home, String as) {
        try {
            Conversations.of(home, House.ANA)
                    .append("c0ffee", "default", Instant.now(), "Who?", "Who?", "x".repeat(20_000), List.of());
            return true;
        } catch (Failure e) {
            requireFull(e, as);
            return false;
        }
    }

    private static boolean ingest(Ingestor ingestor, House house, Set<String> told, String as) {
        try {
            ingestor.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString())), event -> {
                if (event instanceof Event.Acknowledged it) {
                    told.add(it.document());
                }
            });
            return true;
        } catch (Failure e) {
            requireFull(e, as);
            return false;
        }
    }

    private static void requireFull(Failure e, String as) {
        assertThat(e).as(as).hasMessageContaining("The disk that holds ").hasMessageContaining(" is full.");
        assertThat(e.kind()).as(as).isEqualTo(Failure.Kind.BUSY);
        assertThat(e.nextStep()).as(as).contains("Free some space");
    }

    /** Takes all that is left but so many pages. */
    private static Path fill(Path disk, int pages) throws IOException {
        Path filler = disk.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[PAGE]);
            }
        } catch (IOException full) {
            try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE)) {
                channel.truncate(Math.max(0, channel.size() - (long) pages * PAGE));
            }
        }
        return filler;
    }
}
