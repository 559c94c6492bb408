package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight who write and sixteen who ask, beside each other in one collection. What a call had done when it returned holds for
 * every question that is asked after: a document is found by its new words, and nothing is shown of what was replaced, taken
 * back or deleted.
 */
class BesideTest {

    private static final int WRITERS = 8;
    private static final int READERS = 16;
    private static final int PAUSE_MILLISECONDS = 40;
    private static final Duration EVERYDAY = Duration.ofSeconds(6);
    private static final Duration NIGHTLY = Duration.ofMinutes(10);

    private static final long FEWEST_CALLS = 20;
    private static final long FEWEST_FOUND = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("tandem.seed", System.nanoTime());
    private final AtomicLong words = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong questions = new AtomicLong();
    private final AtomicLong found = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private final List<Life> lives = new CopyOnWriteArrayList<>();
    private final Map<String, Life> byPath = new ConcurrentHashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** A document as its writer knows it after a call returned; null in {@link Life#now} while a call is under way. */
    private record Told(@Nullable String word, boolean ben) {}

    /** One file from its first ingest to its end; what once was gone, or taken from Ben, never comes back. */
    private static final class Life {
        final Path file;
        final AtomicReference<@Nullable Told> now = new AtomicReference<>();
        /** When it was replaced, by words. */
        final Map<String, Long> replaced = new ConcurrentHashMap<>();

        volatile long revoked = Long.MAX_VALUE;
        volatile long gone = Long.MAX_VALUE;

        Life(Path file) {
            this.file = file;
        }
    }

    @Test
    void whatACallHadDoneWhenItReturnedHoldsForEveryQuestionAfter() throws Exception {
        beside(EVERYDAY);
    }

    @Test
    @Tag("nightly")
    void forTenMinutes() throws Exception {
        beside(NIGHTLY);
    }

    private void beside(Duration time) throws Exception {
        var house = new House(folder);
        house.write("first.txt", "The very first one.");
        house.ingest(
                Request.of(House.ANA, "default", List.of(house.docs.toString())).allowing(AccessSet.parse("user:ben")));
        var random = new SplittableRandom(seed);
        long end = System.nanoTime() + time.toNanos();
        try (Catalog catalog = house.catalog();
                Indexes indexes = Indexes.reading(house.home::index, (_, _) -> house.embedder.encoder());
                var threads = Executors.newCachedThreadPool()) {
            Searcher searcher = Retriever.fused(indexes, house.embedder, catalog);
            var all = new ArrayList<Future<?>>();
            for (int writer = 0; writer < WRITERS; writer++) {
                SplittableRandom chance = random.split();
                int number = writer;
                all.add(threads.submit(() -> write(house, number, chance, end)));
            }
            for (int reader = 0; reader < READERS; reader++) {
                SplittableRandom chance = random.split();
                Principal asker = reader % 2 == 0 ? House.ANA : House.BEN;
                all.add(threads.submit(() -> ask(searcher, asker, chance, end)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        System.out.println(calls + " calls of " + WRITERS + " writers (" + busy + " had to wait longer than the lock's"
                + " patience) beside " + questions + " questions of " + READERS + " readers, of which " + found
                + " had to find one document; replay with -Dtandem.seed=" + seed);
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(calls.get()).as("calls").isGreaterThan(FEWEST_CALLS);
        assertThat(found.get()).as("questions that had to find something").isGreaterThan(FEWEST_FOUND);
    }

    /** Where the machine has other things to do, for longer: as long as too little was asked to say anything. */
    private boolean goesOn(long end) {
        long now = System.nanoTime();
        boolean little = calls.get() <= FEWEST_CALLS || found.get() <= FEWEST_FOUND;
        return now < end || (little && now < end + PATIENCE.toNanos());
    }

    /** A document is born, changes, is taken from Ben, and ends, by a call or with its file. */
    private Void write(House house, int writer, SplittableRandom chance, long end) throws IOException {
        for (int number = 0; goesOn(end); number++) {
            Life life = new Life(house.docs.resolve("writer-" + writer + "/folder-" + number + "/a.txt"));
            byPath.put(life.file.toString(), life);
            ingest(house, life, true);
            lives.add(life);
            for (int change = chance.nextInt(3); change > 0 && goesOn(end); change--) {
                ingest(house, life, true);
            }
            if (chance.nextInt(3) > 0 && goesOn(end)) {
                String word = word(life);
                call(
                        house,
                        life,
                        new Told(word, false),
                        ingestor -> ingestor.setAccess(
                                House.ANA, "default", life.file.toString(), AccessSet.ownerOnly(House.ANA)));
                life.revoked = System.nanoTime();
                if (chance.nextBoolean() && goesOn(end)) {
                    ingest(house, life, false);
                }
            }
            if (chance.nextInt(3) > 0 && goesOn(end)) {
                Files.delete(life.file);
                boolean byCall = chance.nextBoolean();
                call(house, life, new Told(null, false), ingestor -> {
                    if (byCall) {
                        ingestor.remove(House.ANA, "default", life.file.toString());
                    } else {
                        ingestor.begin(
                                Request.of(
                                        House.ANA,
                                        "default",
                                        List.of(life.file.getParent().toString())),
                                _ -> {});
                    }
                });
                life.gone = System.nanoTime();
            }
        }
        return null;
    }

    private static String word(Life life) {
        Told told = life.now.get();
        return told == null || told.word() == null ? "" : told.word();
    }

    private void ingest(House house, Life life, boolean ben) {
        String before = word(life);
        String word = "n" + words.incrementAndGet() + "n";
        house.write(house.docs.relativize(life.file).toString(), "Document " + word + " of many.");
        Request request = Request.of(House.ANA, "default", List.of(life.file.toString()));
        call(
                house,
                life,
                new Told(word, ben),
                ingestor -> ingestor.ingest(ben ? request.allowing(AccessSet.parse("user:ben")) : request, _ -> {}));
        life.replaced.put(before, System.nanoTime());
    }

    private void call(House house, Life life, Told after, Consumer<Ingestor> work) {
        life.now.set(null);
        while (true) {
            try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
                work.accept(ingestor);
                // What was told is told while the writer is still open: it must not need the closing.
                life.now.set(after);
                calls.incrementAndGet();
                return;
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.BUSY) {
                    throw e;
                }
                busy.incrementAndGet();
            }
        }
    }

    private Void ask(Searcher searcher, Principal asker, SplittableRandom chance, long end)
            throws InterruptedException {
        while (goesOn(end)) {
            // As people pause: otherwise sixteen readers leave the writers no core.
            Thread.sleep(chance.nextInt(2 * PAUSE_MILLISECONDS));
            int there = lives.size();
            if (there == 0) {
                continue;
            }
            // The newest most of the time: there is most going on.
            Life life = lives.get(Math.max(0, there - 1 - chance.nextInt(chance.nextInt(8) == 0 ? there : WRITERS)));
            Told before = life.now.get();
            String word = before == null || before.word() == null
                    ? life.replaced.keySet().stream().findFirst().orElse("document")
                    : before.word();
            long asked = System.nanoTime();
            List<Hit> hits = searcher.search(new Query(word + " document", asker, "default", Filter.everything(), 10));
            questions.incrementAndGet();
            for (Hit hit : hits) {
                judge(hit, asker, asked);
            }
            boolean mustBeFound = before != null
                    && before.word() != null
                    && (asker.equals(House.ANA) || before.ben())
                    && before.equals(life.now.get());
            if (mustBeFound) {
                found.incrementAndGet();
                if (hits.stream().noneMatch(hit -> hit.chunk().text().contains(word))) {
                    wrong.add(life.file + " is not found by " + word + " of " + asker);
                }
            }
        }
        return null;
    }

    /** Nothing that was over before the question was asked. */
    private void judge(Hit hit, Principal asker, long asked) {
        Life life = byPath.get(hit.document().path());
        if (life == null) {
            return;
        }
        String text = hit.chunk().text();
        if (life.gone < asked) {
            wrong.add(life.file + " was deleted, and " + asker + " is shown: " + text);
        }
        if (asker.equals(House.BEN) && life.revoked < asked) {
            wrong.add(life.file + " was taken from Ben, who is shown: " + text);
        }
        long replaced = life.replaced.getOrDefault(text.split(" ", -1)[1], Long.MAX_VALUE);
        if (replaced < asked) {
            wrong.add(life.file + " was changed, and " + asker + " is shown: " + text);
        }
    }
}
