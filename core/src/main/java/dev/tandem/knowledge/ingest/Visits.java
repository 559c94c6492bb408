package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.SourceEntry;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Visits an owner's sources, each time that one is due, until it is closed. It owns the home's writes only while it visits; a
 * home that another process writes into is waited for.
 */
public final class Visits implements AutoCloseable {

    /** So soon it is seen that a source was set up, taken away or visited by others. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Principal owner;
    private final Supplier<List<SourceEntry>> sources;
    private final Supplier<Ingestor> writers;
    private final Function<SourceEntry, Source> opener;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Does nothing yet.
     *
     * @param sources the owner's, as they are set up when it is asked
     * @param writers opens the home for writing, each time that something is due
     */
    public Visits(
            Principal owner,
            Supplier<List<SourceEntry>> sources,
            Supplier<Ingestor> writers,
            Function<SourceEntry, Source> opener) {
        this.owner = owner;
        this.sources = sources;
        this.writers = writers;
        this.opener = opener;
    }

    /**
     * Returns when this is closed. A source that fails is told, and visited again when it is due the next time.
     *
     * @throws Failure as {@link Ingestor#visitDue}
     */
    public void run(Consumer<Event> events) throws InterruptedException {
        boolean waiting = false;
        while (!isClosedWithin(untilDue())) {
            try (Ingestor writer = writers.get()) {
                waiting = false;
                if (!untilDue().isPositive()) {
                    writer.visitDue(owner, opener, events);
                }
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.BUSY) {
                    throw e;
                }
                if (!waiting) {
                    events.accept(new Event.Waiting(String.valueOf(e.getMessage())));
                }
                waiting = true;
                if (isClosedWithin(AGAIN)) {
                    return;
                }
            }
        }
    }

    private Duration untilDue() {
        Instant now = Instant.now();
        Instant next = sources.get().stream()
                .filter(each -> each.every().isPositive())
                .map(SourceEntry::due)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        return next.isAfter(now.plus(LONGEST_WAIT)) ? LONGEST_WAIT : Duration.between(now, next);
    }

    private boolean isClosedWithin(Duration wait) throws InterruptedException {
        return closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the run once nothing is being visited; from any thread. */
    @Override
    public void close() {
        closed.countDown();
    }
}
