package dev.tandem.knowledge.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast the longer work goes: lately, not on average, so that the time left follows what is going on. */
final class Pace {

    private static final double TICK_SECONDS = .25;
    /** Weight of the newest tick. */
    private static final double NEWEST = .2;

    private final Event.Work work;
    private final Tally tally;
    private long since = System.nanoTime();
    private long doneThen;
    private long tokensThen;
    private double perSecond;
    private double tokensPerSecond;

    Pace(Event.Work work, Tally tally) {
        this.work = work;
        this.tally = tally;
    }

    void at(long done, long total, long tokens) {
        double seconds = (System.nanoTime() - since) / 1e9;
        if (seconds < TICK_SECONDS && done < total) {
            return;
        }
        perSecond = smoothed(perSecond, (done - doneThen) / seconds);
        tokensPerSecond = smoothed(tokensPerSecond, (tokens - tokensThen) / seconds);
        since = System.nanoTime();
        doneThen = done;
        tokensThen = tokens;
        tally.tell(new Event.Progress(work, done, total, perSecond, tokensPerSecond, left(total - done)));
    }

    private static double smoothed(double before, double now) {
        return before == 0 ? now : before + NEWEST * (now - before);
    }

    private @Nullable Duration left(long rest) {
        return perSecond <= 0 ? null : Duration.ofMillis((long) (1_000 * rest / perSecond));
    }
}
