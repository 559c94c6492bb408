package dev.tandem.domain;

import org.jspecify.annotations.Nullable;

/**
 * The one exception meant for a person. Its kind says who can fix it; the command line and HTTP each translate it in one
 * place. The message says what was wrong and where, {@link #nextStep()} what to do now. Both are shown as they are, so
 * neither may name anything that the asker may not read.
 */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Who can fix it, with the exit code of the command line and the HTTP status. */
    public enum Kind {
        INVALID(2, 400),
        DENIED(3, 403),
        MISSING(4, 404),
        BUSY(5, 503),
        CONFLICT(6, 409),
        UPSTREAM(7, 502),
        BROKEN(70, 500);

        private final int exitCode;
        private final int httpStatus;

        Kind(int exitCode, int httpStatus) {
            this.exitCode = exitCode;
            this.httpStatus = httpStatus;
        }

        public int exitCode() {
            return exitCode;
        }

        public int httpStatus() {
            return httpStatus;
        }
    }

    private final Kind kind;
    private final String nextStep;

    public Failure(Kind kind, String message, String nextStep) {
        this(kind, message, nextStep, null);
    }

    public Failure(Kind kind, String message, String nextStep, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.nextStep = nextStep;
    }

    public Kind kind() {
        return kind;
    }

    public String nextStep() {
        return nextStep;
    }
}
