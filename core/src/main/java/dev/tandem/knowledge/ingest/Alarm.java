package dev.tandem.knowledge.ingest;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Rings when something may have changed in a folder. What did is not believed from the events, which systems lose, merge
 * and send late: they only end a wait early.
 */
final class Alarm implements AutoCloseable {

    /** What rings within this is one ringing. */
    private static final Duration BURST = Duration.ofMillis(50);

    private final WatchService service;
    private final Map<Path, WatchKey> covered = new HashMap<>();

    private Alarm(WatchService service) {
        this.service = service;
    }

    static Alarm of(Path somewhere) throws IOException {
        return new Alarm(somewhere.getFileSystem().newWatchService());
    }

    /**
     * Rings for these folders from now on, and no others. One that cannot be covered, as where the system allows no more,
     * is left to those who look again by the clock.
     *
     * @return whether one was new, so that something may have changed in it before it was covered
     */
    boolean cover(Collection<Path> folders) {
        covered.entrySet().removeIf(each -> {
            boolean stale = !each.getValue().isValid() || !folders.contains(each.getKey());
            if (stale) {
                each.getValue().cancel();
            }
            return stale;
        });
        boolean more = false;
        for (Path folder : folders) {
            if (!covered.containsKey(folder)) {
                try {
                    covered.put(folder, folder.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY));
                    more = true;
                } catch (IOException e) {
                    // gone again, or one too many for the system
                }
            }
        }
        return more;
    }

    /** Returns when it rings, or when the time is over; false when it was closed. */
    boolean await(Duration most) throws InterruptedException {
        try {
            WatchKey key = service.poll(Math.max(1, most.toMillis()), TimeUnit.MILLISECONDS);
            if (key != null) {
                Thread.sleep(BURST);
            }
            while (key != null) {
                key.pollEvents();
                key.reset();
                key = service.poll();
            }
            return true;
        } catch (ClosedWatchServiceException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            // nothing was written through it
        }
    }
}
