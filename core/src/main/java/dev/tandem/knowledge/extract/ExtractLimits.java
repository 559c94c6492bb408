package dev.tandem.knowledge.extract;

import java.time.Duration;

/**
 * What one file may cost. A file beyond a limit is refused with a reason that names the limit.
 *
 * @param maxBytes size of a file, or of one JSONL record
 * @param maxTime for formats whose reading can be made slow on purpose (PDF)
 */
public record ExtractLimits(long maxBytes, Duration maxTime) {

    public ExtractLimits {
        if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 16 || !maxTime.isPositive()) {
            throw new IllegalArgumentException("not limits: " + maxBytes + " bytes, " + maxTime);
        }
    }

    /** 100 MB and 60 seconds. */
    public static ExtractLimits standard() {
        return new ExtractLimits(100_000_000, Duration.ofSeconds(60));
    }

    /** Throws when a file of that size is refused: callers ask before they read. */
    public void check(long bytes) {
        if (bytes > maxBytes) {
            throw Unreadable.because(
                    "It has " + megabytes(bytes) + " MB; at most " + megabytes(maxBytes) + " MB are read.",
                    "Split it into smaller files, then ingest those.",
                    null);
        }
    }

    /** Rounded up to a tenth, so that a file just over the limit does not seem to be at it. */
    private static String megabytes(long bytes) {
        long tenths = (bytes + 99_999) / 100_000;
        return tenths % 10 == 0 ? "" + tenths / 10 : tenths / 10 + "." + tenths % 10;
    }
}
