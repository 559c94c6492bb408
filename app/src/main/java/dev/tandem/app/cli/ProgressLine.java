package dev.tandem.app.cli;

import java.time.Duration;
import java.util.Locale;

/** One line on a terminal that says how far something is, at what rate, and how long it will still take. */
final class ProgressLine {

    private static final int BAR = 24;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
    private static final long BETWEEN_NANOS = Duration.ofMillis(80).toNanos();

    private final Terminal terminal;
    private boolean shown;
    private long drawn = Long.MIN_VALUE;

    ProgressLine(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Draws the line again, at most a dozen times a second. */
    void show(double share, String what) {
        long now = System.nanoTime();
        if (!terminal.live || (shown && now - drawn < BETWEEN_NANOS)) {
            return;
        }
        drawn = now;
        shown = true;
        String text = String.format(Locale.ROOT, "%3.0f %%  ", 100 * share) + what;
        terminal.err.print("\r\u001b[K" + bar(share) + " " + Text.line(text, terminal.width - BAR - 4));
        terminal.err.flush();
    }

    void clear() {
        if (shown) {
            terminal.err.print("\r\u001b[K");
            terminal.err.flush();
            shown = false;
        }
    }

    static String bar(double share) {
        int eighths = (int) Math.round(Math.clamp(share, 0, 1) * BAR * 8);
        String full = "█".repeat(eighths / 8);
        String rest = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
        return "▕" + full + rest + " ".repeat(BAR - full.length() - rest.length()) + "▏";
    }

    /** {@code 8 s}, {@code 1 min 20 s}, {@code 2 h 5 min}. */
    static String words(Duration time) {
        long seconds = Math.max(0, Math.round(time.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    /** {@code 640 kB}, {@code 12.3 MB}. */
    static String megabytes(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.0f kB", Math.ceil(bytes / 1e3))
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
