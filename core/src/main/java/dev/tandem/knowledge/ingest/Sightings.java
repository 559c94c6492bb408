package dev.tandem.knowledge.ingest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How files looked when they were last taken in, and those that look otherwise since. A change is due once it has looked
 * the same for a moment: editors write a file in steps, delete it and put another in its place, and copies grow.
 */
final class Sightings {

    /**
     * A change not yet taken in.
     *
     * @param look null where the file is gone
     * @param since when it began to look so
     * @param first when it began to look otherwise than what was taken in
     */
    private record Change(FileRead.@Nullable Look look, long since, long first) {}

    private final long settleNanos;
    private final long longestNanos;
    private final Map<Path, FileRead.Look> taken = new HashMap<>();
    private final Map<Path, Change> changes = new HashMap<>();

    /**
     * @param settle for how long a file has to look the same
     * @param longest after which one that never does is taken as it is
     */
    Sightings(Duration settle, Duration longest) {
        this.settleNanos = settle.toNanos();
        this.longestNanos = longest.toNanos();
    }

    /** All of it as it looks now: nothing of it is a change. */
    void take(Map<Path, FileRead.Look> now) {
        taken.clear();
        taken.putAll(now);
        changes.clear();
    }

    /** @param at in nanoseconds, of any clock that only goes forward */
    void see(Map<Path, FileRead.Look> now, long at) {
        var all = new HashSet<>(taken.keySet());
        all.addAll(now.keySet());
        all.addAll(changes.keySet());
        for (Path path : all) {
            FileRead.Look look = now.get(path);
            if (same(taken.get(path), look)) {
                changes.remove(path);
                continue;
            }
            Change before = changes.get(path);
            if (before == null || !same(before.look(), look)) {
                changes.put(path, new Change(look, at, before == null ? at : before.first()));
            }
        }
    }

    boolean isCalm() {
        return changes.isEmpty();
    }

    /** Those that have settled; in order of their names, null for what is gone. */
    Map<Path, FileRead.@Nullable Look> due(long at) {
        var due = new TreeMap<Path, FileRead.@Nullable Look>();
        changes.forEach((path, change) -> {
            if (at - change.since() >= settleNanos || at - change.first() >= longestNanos) {
                due.put(path, change.look());
            }
        });
        return due;
    }

    /** These were taken in, as they looked then. */
    void taken(Map<Path, FileRead.@Nullable Look> due) {
        due.forEach((path, look) -> {
            if (look == null) {
                taken.remove(path);
            } else {
                taken.put(path, look);
            }
            changes.remove(path);
        });
    }

    private static boolean same(FileRead.@Nullable Look a, FileRead.@Nullable Look b) {
        return a == null ? b == null : b != null && a.sameAs(b);
    }
}
