package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.DocumentEntry;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch of a real folder, and what others find in the house meanwhile. */
class WatchTest {

    private static final Watch.Rhythm QUICK = new Watch.Rhythm(
            Duration.ofMillis(60), Duration.ofSeconds(2), Duration.ofMillis(300), Duration.ZERO, Duration.ofMillis(50));

    @TempDir
    private Path folder;

    private House house;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void buildHouse() {
        house = new House(folder);
    }

    /** A watch in a thread of its own, until it is closed. */
    private final class Running implements AutoCloseable {
        private final Watch watch;
        private final Thread thread;
        private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

        Running(Request request, Embedder embedder) {
            watch = Watch.of(house.home, request, () -> Ingestor.open(house.home, embedder), QUICK);
            thread = Thread.ofPlatform().start(() -> {
                try {
                    watch.run(events::add);
                } catch (Throwable e) {
                    failed.set(e);
                }
            });
        }

        void until(BooleanSupplier condition, String what) {
            long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!condition.getAsBoolean()) {
                assertThat(failed.get()).isNull();
                assertThat(System.nanoTime())
                        .as("waiting until " + what + ", after " + events)
                        .isLessThan(last);
                try {
                    TimeUnit.MILLISECONDS.sleep(20);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        /** What is found first may be there for want of anything better, so its words are looked at, too. */
        void untilFound(String words, String name) {
            until(
                    () -> house.search(House.ANA, words).stream().findFirst().equals(Optional.of(name))
                            && says(name, words),
                    name + " answers " + words);
        }

        private boolean says(String name, String words) {
            DocumentEntry entry = house.entry(House.ANA, name);
            String text = house.text(House.ANA, entry.id(), entry.version())
                    .orElse("")
                    .toLowerCase(Locale.ROOT);
            return Stream.of(words.split(" ", -1)).allMatch(text::contains);
        }

        @Override
        public void close() {
            watch.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(failed.get()).isNull();
        }
    }

    private Running watching() {
        var running = new Running(Request.of(House.ANA, "default", List.of(house.docs.toString())), house.embedder);
        running.until(() -> events.stream().anyMatch(Event.Watching.class::isInstance), "it watches");
        return running;
    }

    private <E extends Event> List<E> told(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void everythingThatBecomesOfFilesAppears() throws Exception {
        house.write("leave.md", "# Leave\n\nTwenty days of leave.\n");
        house.write("travel.md", "# Travel\n\nTrains in second class.\n");
        try (Running watch = watching()) {
            watch.untilFound("leave", "leave.md");

            Files.writeString(house.docs.resolve("leave.md"), "# Leave\n\nThirty vacations per annum.\n");
            watch.untilFound("vacations annum", "leave.md");

            Path deep = Files.createDirectories(house.docs.resolve("new/deeper"));
            Files.writeString(deep.resolve("parking.md"), "# Parking\n\nBadges open the garage.\n");
            watch.untilFound("garage badges", "new/deeper/parking.md");
            Files.writeString(deep.resolve("bikes.md"), "# Bikes\n\nBicycles stand in the courtyard.\n");
            watch.untilFound("bicycles courtyard", "new/deeper/bikes.md");

            // as editors save: another file, put in the place of the first in one step
            Path draft = Files.writeString(house.docs.resolve(".leave.md.swp"), "# Leave\n\nForty sabbaticals.\n");
            Files.move(draft, house.docs.resolve("leave.md"), StandardCopyOption.ATOMIC_MOVE);
            watch.untilFound("sabbaticals", "leave.md");

            // and as others do: the old one aside, the new one written, the old one deleted
            Path aside = Files.move(house.docs.resolve("travel.md"), house.docs.resolve("travel.md~"));
            Files.writeString(house.docs.resolve("travel.md"), "# Travel\n\nSleepers by night.\n");
            Files.delete(aside);
            watch.untilFound("sleepers night", "travel.md");

            Files.move(house.docs.resolve("travel.md"), house.docs.resolve("journeys.md"));
            watch.untilFound("sleepers night", "journeys.md");
            // it is told once it is committed, so that a question may be answered from it before
            watch.until(() -> !told(Event.Renamed.class).isEmpty(), "the renaming is told");
            assertThat(told(Event.Renamed.class))
                    .singleElement()
                    .satisfies(it -> assertThat(it.path()).endsWith("journeys.md"));

            Files.delete(deep.resolve("parking.md"));
            Files.delete(deep.resolve("bikes.md"));
            Files.delete(deep);
            watch.until(() -> house.documents(House.ANA).size() == 2, "the folder's documents are gone");
        }
        assertThat(house.documents(House.BEN))
                .as("what a watch takes in is its owner's")
                .isEmpty();
        assertThat(told(Event.Failed.class)).isEmpty();
        assertThat(told(Event.Deleted.class)).hasSize(2);
    }

    @Test
    void aFileThatGrowsIsReadWhenItIsDone() throws Exception {
        try (Running watch = watching()) {
            Path file = house.docs.resolve("log.txt");
            for (int i = 0; i < 20; i++) {
                Files.writeString(
                        file, "line " + i + " of twenty\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                TimeUnit.MILLISECONDS.sleep(15);
            }
            watch.until(
                    () -> house.documents(House.ANA).size() == 1
                            && house.text(
                                            House.ANA,
                                            house.entry(House.ANA, "log.txt").id(),
                                            latest())
                                    .orElse("")
                                    .contains("line 19"),
                    "the last line is there");
        }
    }

    private int latest() {
        return house.entry(House.ANA, "log.txt").version();
    }

    @Test
    void theHomeIsFreeWhileNothingChanges() throws Exception {
        house.write("leave.md", "# Leave\n\nTwenty days of leave.\n");
        try (Running _ = watching();
                Ingestor other = Ingestor.open(house.home, house.embedder)) {
            other.remove(House.ANA, "default", house.docs.resolve("leave.md").toString());
        }
        assertThat(house.search(House.ANA, "leave")).isEmpty();
    }

    /** A slow first ingest, and another process that writes into the same home in the middle of it. */
    @Test
    void othersWriteInTheMiddleOfALongRunAndItGoesOn() throws Exception {
        for (int i = 0; i < 150; i++) {
            house.write("paper-" + i + ".md", "# Paper " + i + "\n\nThis is what paper number " + i + " says.\n");
        }
        var slow = new HashingEmbedder() {
            @Override
            public List<float[]> embed(List<String> texts, Role role) {
                try {
                    TimeUnit.MILLISECONDS.sleep(role == Role.PASSAGE ? 400 : 0);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.embed(texts, role);
            }
        };
        try (Running watch = new Running(Request.of(House.ANA, "default", List.of(house.docs.toString())), slow)) {
            watch.until(() -> told(Event.Acknowledged.class).size() == 150, "all is acknowledged");
            Process other = ChildIngest.start(folder);
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(other.waitFor()).as(said).isZero();
            assertThat(told(Event.Waiting.class)).isNotEmpty();
            watch.until(() -> !told(Event.Watching.class).isEmpty(), "the watch goes on");
            Files.writeString(house.docs.resolve("late.md"), "# Late\n\nAn afterthought.\n");
            watch.untilFound("afterthought", "late.md");
        }
        assertThat(house.documents(House.ANA)).hasSize(151);
    }

    @Test
    void standardInputAndWhatIsNotThereAreRefused() throws IOException {
        assertThatThrownBy(() -> Watch.of(
                        house.home,
                        Request.of(House.ANA, "default", List.of("-")),
                        () -> Ingestor.open(house.home, house.embedder),
                        QUICK))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID));
        try (Watch watch = Watch.of(
                house.home,
                Request.of(
                        House.ANA, "default", List.of(folder.resolve("nowhere").toString())),
                () -> Ingestor.open(house.home, house.embedder),
                QUICK)) {
            assertThatThrownBy(() -> watch.run(events::add))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
        }
    }
}
