package dev.tandem.llm;

import java.time.Duration;

/** The moment at which a question is given up, whatever is still on its way. */
record Deadline(long nanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    boolean passed() {
        return left().isZero();
    }

    /** The time given, or what is left where that is less. */
    Duration atMost(Duration time) {
        Duration left = left();
        return time.compareTo(left) < 0 ? time : left;
    }

    Deadline later(Duration time) {
        return new Deadline(nanos + time.toNanos());
    }

    /** This one, or the one after that time where it is earlier. */
    Deadline orIn(Duration time) {
        return in(atMost(time));
    }

    /** A deadline of one's own after half the time that is left. */
    Deadline half() {
        return in(left().dividedBy(2));
    }
}
