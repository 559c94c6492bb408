package dev.tandem.catalog;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A text with a checksum in front, of it and of what stands in the row beside it: SQLite keeps none, and a changed byte in a text
 * is a text like any other.
 */
final class Seal {

    private static final char MARK = '~';
    private static final int LENGTH = 10;

    private Seal() {}

    static String on(String text, Object... beside) {
        return MARK + HexFormat.of().toHexDigits(sum(text, beside)) + " " + text;
    }

    /** The text as it was sealed; empty where a byte of it, or of what stood beside it, is another one. */
    static Optional<String> open(String sealed, @Nullable Object... beside) {
        if (isFromBefore(sealed)) {
            return Optional.of(sealed);
        }
        if (sealed.length() < LENGTH) {
            return Optional.empty();
        }
        String text = sealed.substring(LENGTH);
        return on(text, beside).equals(sealed) ? Optional.of(text) : Optional.empty();
    }

    /** JSON from before there were seals. No one changed byte makes a seal look so: a digit follows its mark. */
    static boolean isFromBefore(String stored) {
        return stored.startsWith("{\"");
    }

    private static int sum(String text, @Nullable Object... beside) {
        var crc = new CRC32C();
        for (Object each : beside) {
            crc.update((each + "\0").getBytes(StandardCharsets.UTF_8));
        }
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
