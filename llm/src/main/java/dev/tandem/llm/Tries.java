package dev.tandem.llm;

import dev.tandem.domain.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one server, each tried {@value #MOST} times at most within its deadline, with pauses that the server may ask for; one
 * that failed again and again is left alone for a while ({@link Breaker}).
 */
final class Tries {

    private static final int MOST = 3;

    /** The server said no, or nothing that can be read. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final Throwable reason;
        private final Failure failure;

        Refused(Throwable reason, Failure failure) {
            super(reason);
            this.reason = reason;
            this.failure = failure;
        }
    }

    /** Nothing came in time. */
    static final class Silence extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** @param ill it came, but in a way that speaks against the server */
    record Result<T>(T value, boolean ill) {}

    /** One try. */
    interface Try<T> {
        Result<T> make(Deadline deadline) throws Refused;
    }

    private final Upstream upstream;
    private final Breaker breaker;
    private final @Nullable Tempo tempo;
    private final Duration pause;

    /**
     * @param tempo that all calls keep together; null where they keep none, and no deadline may be moved by waiting for a turn
     * @param patience of it, how long to rest and to wait before the second try
     */
    Tries(Upstream upstream, @Nullable Tempo tempo, LanguageModels.Patience patience) {
        this.upstream = upstream;
        this.breaker = new Breaker(patience.rest());
        this.tempo = tempo;
        this.pause = patience.retryAfter();
    }

    /** @throws Failure BUSY before any try where the server is left alone; of the last try where none came to anything */
    <T> T make(Deadline deadline, Try<T> one) {
        Duration closed = breaker.closedFor();
        if (closed.isPositive()) {
            throw upstream.leftAlone(closed);
        }
        boolean told = false;
        try {
            Result<T> result = attempts(deadline, one);
            tell(!result.ill());
            told = true;
            return result.value();
        } catch (Refused refused) {
            // One that refuses what it was sent is well.
            tell(!Upstream.saysTheServerIsIll(refused.reason));
            told = true;
            throw refused.failure;
        } finally {
            if (!told) {
                breaker.saidNothing();
            }
        }
    }

    private void tell(boolean well) {
        if (well) {
            breaker.worked();
        } else {
            breaker.failed();
        }
    }

    private <T> Result<T> attempts(Deadline whole, Try<T> one) throws Refused {
        Deadline deadline = whole;
        for (int attempt = 1; ; attempt++) {
            if (tempo != null) {
                Duration turn = tempo.turn();
                sleep(turn);
                // Waiting for one's turn is no fault of the server's.
                deadline = deadline.later(turn);
            }
            try {
                return one.make(deadline);
            } catch (Refused refused) {
                if (attempt == MOST || !Upstream.worthAnotherTry(refused.reason)) {
                    throw refused;
                }
                Duration asked = Upstream.retryAfter(refused.reason);
                Duration wait = asked != null ? asked : pause.multipliedBy(attempt);
                if (wait.compareTo(deadline.left()) >= 0) {
                    throw new Refused(refused.reason, upstream.tooLate(refused.failure, wait));
                }
                if (asked != null && tempo != null) {
                    tempo.rest(asked);
                }
                sleep(wait);
            }
        }
    }

    private void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw upstream.interrupted();
        }
    }
}
