package dev.tandem.evidence.compare;

import java.util.Locale;

/** Text and figures as they may stand in a page. */
final class Html {

    private static final int REPLACEMENT = 0xFFFD;

    private Html() {}

    /**
     * Any text as text: nothing in it is markup, in an element or in a quoted attribute, and nothing turns the text around
     * it. Control characters but line ends and tabs are replaced.
     */
    static String text(String any) {
        var safe = new StringBuilder(any.length() + 16);
        any.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isUnsafe(c) ? REPLACEMENT : c);
            }
        });
        return safe.toString();
    }

    private static boolean isUnsafe(int c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t')
                || (c >= 0x202A && c <= 0x202E) // bidirectional embeddings and overrides
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** One line of it, at most so many characters. */
    static String line(String any, int most) {
        String one = any.replaceAll("\\s+", " ").strip();
        if (one.codePointCount(0, one.length()) > most) {
            one = one.substring(0, one.offsetByCodePoints(0, most - 1)).stripTrailing() + "…";
        }
        return text(one);
    }

    /** {@code 92.5 %}. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
    }

    /** {@code +1.2}, {@code −0.4}, {@code 0.0}. */
    static String points(double share) {
        double points = Math.round(1_000 * share) / 10.0;
        return points == 0 ? "0.0" : String.format(Locale.ROOT, "%+.1f", points).replace('-', '−');
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A name of a figure as a person says it. */
    static String figure(String name) {
        return switch (name) {
            case "accuracy" -> "Accuracy";
            case "macro_f1" -> "Macro F1";
            case "token_f1" -> "Token F1";
            case "exact_match" -> "Exact match";
            default -> name;
        };
    }

    /** {@code 3.2 ms}, {@code 1.24 s}. */
    static String millis(double millis) {
        return millis < 1_000
                ? String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
    }

    /** {@code $0.0012}; {@code free} where nothing was spent. */
    static String dollars(double usd) {
        return usd == 0 ? "free" : String.format(Locale.ROOT, usd < 0.01 ? "$%.6f" : "$%.4f", usd);
    }
}
