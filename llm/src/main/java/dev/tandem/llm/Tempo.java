package dev.tandem.llm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/** Spreads requests evenly over a minute, and holds all of them back while the server wants to be left alone. */
final class Tempo {

    private final long between;

    @GuardedBy("this")
    private long next = System.nanoTime();

    /** @param perMinute most requests in a minute; 0 for any number */
    Tempo(int perMinute) {
        this.between = perMinute == 0 ? 0 : Duration.ofMinutes(1).toNanos() / perMinute;
    }

    /** Takes the next turn; how long to wait for it. */
    synchronized Duration turn() {
        long now = System.nanoTime();
        long at = Math.max(now, next);
        next = at + between;
        return Duration.ofNanos(at - now);
    }

    /** Nobody's turn comes before that. */
    synchronized void rest(Duration time) {
        next = Math.max(next, System.nanoTime() + time.toNanos());
    }
}
