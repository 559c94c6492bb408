package dev.tandem.app.cli;

import dev.tandem.domain.Failure;
import java.time.Duration;

/** Times as people type them: {@code 30m}, {@code 6h}, {@code 2d}. */
final class Durations {

    private static final Duration LEAST = Duration.ofMinutes(1);

    private Durations() {}

    static Duration parse(String written) {
        if (written.matches("[0-9]{1,5}[mhd]")) {
            long number = Long.parseLong(written.substring(0, written.length() - 1));
            Duration every = switch (written.charAt(written.length() - 1)) {
                case 'm' -> Duration.ofMinutes(number);
                case 'h' -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
            if (every.compareTo(LEAST) >= 0) {
                return every;
            }
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "'" + Text.line(written, 40) + "' is no time between two visits.",
                "Give minutes, hours or days, such as 30m, 6h or 2d.");
    }

    static String words(Duration every) {
        long minutes = every.toMinutes();
        return minutes % 1_440 == 0 ? minutes / 1_440 + "d" : minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
    }
}
