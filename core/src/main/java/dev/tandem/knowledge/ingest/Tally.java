package dev.tandem.knowledge.ingest;

import java.time.Duration;
import java.util.function.Consumer;

/** Counts what happens and tells it on. */
final class Tally {

    private final Consumer<Event> events;
    private final long started = System.nanoTime();
    private long added;
    private long changed;
    private long renamed;
    private long deleted;
    private long unchanged;
    private long accessChanged;
    private long failed;
    private long hidden;
    private long hiddenCharacters;
    private long resumed;
    private long chunks;
    private long bytes;
    private long embedded;
    private long reused;
    private long tokens;
    private long embeddingNanos;

    Tally(Consumer<Event> events) {
        this.events = events;
    }

    void tell(Event event) {
        switch (event) {
            case Event.Added it -> {
                added++;
                chunks += it.chunks();
            }
            case Event.Changed it -> {
                changed++;
                chunks += it.chunks();
            }
            case Event.Renamed it -> {
                renamed++;
                chunks += it.chunks();
            }
            case Event.Deleted _ -> deleted++;
            case Event.Unchanged _ -> unchanged++;
            case Event.AccessChanged _ -> accessChanged++;
            case Event.Failed _ -> failed++;
            case Event.Hid it -> {
                hidden++;
                hiddenCharacters += it.hidden().total();
            }
            case Event.Embedded it -> {
                embedded += it.chunks();
                reused += it.reused();
                tokens += it.tokens();
            }
            case Event.Scanned _,
                    Event.Acknowledged _,
                    Event.Indexed _,
                    Event.Switched _,
                    Event.Progress _,
                    Event.Watching _,
                    Event.Waiting _,
                    Event.Done _ -> {}
        }
        events.accept(event);
    }

    void resumed() {
        resumed++;
    }

    void read(long count) {
        bytes += count;
    }

    void embeddingTook(long nanos) {
        embeddingNanos += nanos;
    }

    Summary summary() {
        return new Summary(
                added,
                changed,
                renamed,
                deleted,
                unchanged,
                accessChanged,
                failed,
                hidden,
                hiddenCharacters,
                resumed,
                chunks,
                bytes,
                embedded,
                reused,
                tokens,
                Duration.ofNanos(embeddingNanos),
                Duration.ofNanos(System.nanoTime() - started));
    }
}
