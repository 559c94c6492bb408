package dev.tandem.llm;

import java.time.Duration;

/**
 * Keeps questions away from a server that fails again and again: after {@value #FAILURES} failed calls in a row nobody
 * waits for it any more, until a rest has passed; then one call may try, and what comes of it decides.
 */
final class Breaker {

    static final int FAILURES = 5;

    private final Duration rest;
    private int failures;
    private long opened;
    private boolean trying;

    Breaker(Duration rest) {
        this.rest = rest;
    }

    /** How long the server is still left alone; zero means: go on, and say afterwards how it went. */
    synchronized Duration closedFor() {
        if (failures < FAILURES) {
            return Duration.ZERO;
        }
        Duration left = rest.minusNanos(System.nanoTime() - opened);
        if (trying) {
            return left.isPositive() ? left : Duration.ofSeconds(1);
        }
        if (left.isPositive()) {
            return left;
        }
        trying = true;
        return Duration.ZERO;
    }

    synchronized void worked() {
        failures = 0;
        trying = false;
    }

    synchronized void failed() {
        failures++;
        trying = false;
        if (failures >= FAILURES) {
            opened = System.nanoTime();
        }
    }

    /** The call ended for a reason that says nothing of the server. */
    synchronized void saidNothing() {
        trying = false;
    }
}
