package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what a request names, and then every change under it, until it is closed. Reads top to bottom.
 *
 * <p>The files decide, not the events of the system: those only wake it. Then it looks at all names, sizes and times, and
 * takes in what looks otherwise than before once that has settled. Without any event it looks by the clock, more rarely the
 * longer a look takes.
 *
 * <p>It owns the home's writes only while it takes something in. When others wait to write meanwhile, it stops where it is,
 * as if it had been killed, lets them, and goes on: nothing acknowledged is lost by that.
 */
public final class Watch implements AutoCloseable {

    /**
     * When things happen.
     *
     * @param settle for how long a file has to look the same before it is read
     * @param longest after which one that is written to all the time is read nevertheless
     * @param look between two looks that nothing gave reason to, at least
     * @param turn how long others who want to write are kept waiting before this one makes room, at least
     * @param again before what could not be written is tried again
     */
    public record Rhythm(Duration settle, Duration longest, Duration look, Duration turn, Duration again) {
        public static Rhythm standard() {
            return new Rhythm(
                    Duration.ofMillis(250),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(2));
        }
    }

    /** Of the time between two looks without reason, looking itself takes at most one part in so many. */
    private static final int IDLE_SHARE = 50;

    private static final Duration RAREST_LOOK = Duration.ofMinutes(10);

    /** Another process waits to write, and has waited long enough. */
    private static final class MadeRoom extends RuntimeException {
        private static final long serialVersionUID = 1;

        MadeRoom() {
            super("made room for another process", null, false, false);
        }
    }

    private final Home home;
    private final Request request;
    private final Supplier<Ingestor> writers;
    private final Rhythm rhythm;
    private final Sightings sightings;
    private final Alarm alarm;
    private volatile boolean closed;
    private Duration lookEvery;
    private boolean waiting;

    private Watch(Home home, Request request, Supplier<Ingestor> writers, Rhythm rhythm, Alarm alarm) {
        this.home = home;
        this.request = request;
        this.writers = writers;
        this.rhythm = rhythm;
        this.sightings = new Sightings(rhythm.settle(), rhythm.longest());
        this.alarm = alarm;
        this.lookEvery = rhythm.look();
    }

    /**
     * Does nothing yet.
     *
     * @param request whose paths are files, folders and globs
     * @param writers opens the home for writing, each time that something is to be taken in
     * @throws Failure INVALID where standard input is among the paths
     */
    public static Watch of(Home home, Request request, Supplier<Ingestor> writers, Rhythm rhythm) {
        if (request.paths().contains("-")) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Standard input cannot be watched.",
                    "Name files or folders: tandem ingest --watch docs/");
        }
        try {
            return new Watch(home, request, writers, rhythm, Alarm.of(home.path()));
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }

    /**
     * Returns when this is closed.
     *
     * @throws Failure as {@link Ingestor#ingest}; a home that is busy or full is waited for
     */
    public void run(Consumer<Event> events) throws InterruptedException {
        boolean begun = false;
        while (!closed) {
            Look look = look();
            if (!begun) {
                begun = write(events, (writer, told) -> writer.begin(request, told));
                if (begun) {
                    sightings.take(look.files());
                    events.accept(new Event.Watching(look.files().size(), look.folders()));
                }
                continue;
            }
            sightings.see(look.files(), look.at());
            Map<Path, FileRead.@Nullable Look> due = sightings.due(look.at());
            if (!due.isEmpty()) {
                if (write(events, (writer, told) -> writer.follow(request, due.keySet(), told))) {
                    sightings.taken(due);
                }
            } else if (!look.again()) {
                alarm.await(sightings.isCalm() ? lookEvery : rhythm.settle());
            }
        }
    }

    /**
     * What there is.
     *
     * @param at before it was looked at
     * @param again whether something may have changed unseen while it was
     */
    private record Look(Map<Path, FileRead.Look> files, long folders, long at, boolean again) {}

    private Look look() {
        long at = System.nanoTime();
        Scan scan = Scan.of(request.paths(), home.path());
        var files = new HashMap<Path, FileRead.Look>();
        scan.found().forEach(found -> files.put(found.file(), found.look()));
        Set<Path> folders = new LinkedHashSet<>(scan.folders());
        boolean again = alarm.cover(folders);
        Duration took = Duration.ofNanos(System.nanoTime() - at).multipliedBy(IDLE_SHARE);
        lookEvery = took.compareTo(rhythm.look()) < 0
                ? rhythm.look()
                : took.compareTo(RAREST_LOOK) > 0 ? RAREST_LOOK : took;
        return new Look(files, folders.size(), at, again);
    }

    /** Writes what is to be written with the home's lock, from opening to closing. */
    @FunctionalInterface
    private interface Work {
        Summary with(Ingestor writer, Consumer<Event> told);
    }

    /** Whether it was done; otherwise it is to be tried again, from what there is then. */
    private boolean write(Consumer<Event> events, Work work) throws InterruptedException {
        try (Ingestor writer = writers.get()) {
            writer.makesRoom();
            long since = System.nanoTime();
            work.with(writer, event -> {
                events.accept(event);
                boolean turnOver = System.nanoTime() - since > rhythm.turn().toNanos();
                if (event instanceof Event.Progress && turnOver && writer.isWanted()) {
                    throw new MadeRoom();
                }
            });
            waiting = false;
            return true;
        } catch (MadeRoom e) {
            waits(events, "Another command writes.");
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.BUSY) {
                throw e;
            }
            waits(events, String.valueOf(e.getMessage()));
        }
        alarm.await(rhythm.again());
        return false;
    }

    private void waits(Consumer<Event> events, String reason) {
        if (!waiting) {
            waiting = true;
            events.accept(new Event.Waiting(reason));
        }
    }

    /** Ends the run at the next moment when nothing is being written; from any thread. */
    @Override
    public void close() {
        closed = true;
        alarm.close();
    }
}
