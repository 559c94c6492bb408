package dev.tandem.knowledge.extract;

import java.time.Duration;
import java.util.Locale;

/**
 * What one file may cost. A file beyond a limit is refused with a reason that names the limit.
 *
 * @param maxBytes size of a file, or of one JSONL record
 * @param maxCharacters of a file that is text: what it takes to read one grows with them
 * @param maxTime for formats whose reading can be made slow on purpose (PDF)
 */
public record ExtractLimits(long maxBytes, long maxCharacters, Duration maxTime) {

    public ExtractLimits {
        if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 16 || maxCharacters < 1 || !maxTime.isPositive()) {
            throw new IllegalArgumentException(
                    "not limits: " + maxBytes + " bytes, " + maxCharacters + " characters, " + maxTime);
        }
    }

    /** 100 MB, five million characters and 60 seconds. */
    public static ExtractLimits standard() {
        return new ExtractLimits(100_000_000, 5_000_000, Duration.ofSeconds(60));
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

    /** Throws when a file that is text holds more than is read. */
    void checkText(byte[] text) {
        // No character takes less than a byte.
        if (text.length > maxCharacters && Decoding.text(text).length() > maxCharacters) {
            throw Unreadable.because(
                    String.format(Locale.ROOT, "It holds more than %,d characters of text.", maxCharacters),
                    "Split it into smaller files, then ingest those; tandem config set parse-text-mb allows more.",
                    null);
        }
    }

    /** Rounded up to a tenth, so that a file just over the limit does not seem to be at it. */
    private static String megabytes(long bytes) {
        long tenths = (bytes + 99_999) / 100_000;
        return tenths % 10 == 0 ? "" + tenths / 10 : tenths / 10 + "." + tenths % 10;
    }
}
