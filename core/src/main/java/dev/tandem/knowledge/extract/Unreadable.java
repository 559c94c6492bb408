package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import org.jspecify.annotations.Nullable;

/** The failures of this package: each is a reason in the dead-letter list, beside the path that the list knows. */
final class Unreadable {

    private static final String NEXT = "Mend or convert the file, then ingest it again.";

    private Unreadable() {}

    static Failure because(String reason) {
        return because(reason, NEXT, null);
    }

    static Failure because(String reason, @Nullable Throwable cause) {
        return because(reason, NEXT, cause);
    }

    static Failure because(String reason, String nextStep, @Nullable Throwable cause) {
        return new Failure(Failure.Kind.INVALID, reason, nextStep, cause);
    }
}
