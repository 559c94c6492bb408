package dev.tandem.app.cli;

import java.util.ArrayList;
import java.util.List;

/** Text for a terminal: safe, wrapped, shortened. Widths are counted in code points. */
final class Text {

    private static final char REPLACEMENT = '\uFFFD';

    private Text() {}

    /**
     * Retrieved and typed text as it may stand on a terminal: line ends stay, tabs become spaces, and every other control
     * character is replaced, so that a document cannot move the cursor, recolour the window or turn its text around.
     */
    static String safe(String text) {
        return text.replace("\r\n", "\n")
                .codePoints()
                .map(c -> c == '\n' ? c : c == '\t' ? ' ' : isUnsafe(c) ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** One line of it, at most {@code most} wide; what is cut off is marked. */
    static String line(String text, int most) {
        String oneLine = safe(text).replaceAll("\\s+", " ").strip();
        int length = oneLine.codePointCount(0, oneLine.length());
        if (length <= most) {
            return oneLine;
        }
        return oneLine.substring(0, oneLine.offsetByCodePoints(0, Math.max(0, most - 1)))
                        .stripTrailing() + "…";
    }

    /** The end of one line of it, at most {@code most} wide: of a path, the part that tells files apart. */
    static String tail(String text, int most) {
        String oneLine = line(text, Integer.MAX_VALUE);
        int length = oneLine.codePointCount(0, oneLine.length());
        return length <= most ? oneLine : "…" + oneLine.substring(oneLine.offsetByCodePoints(0, length - most + 1));
    }

    /** A path as a person would type it here: below the working directory or the home directory, without it. */
    static String path(String path) {
        for (String[] known :
                new String[][] {{System.getProperty("user.dir", ""), ""}, {System.getProperty("user.home", ""), "~/"}
                }) {
            if (known[0].length() > 1 && path.startsWith(known[0] + "/")) {
                return line(known[1] + path.substring(known[0].length() + 1), Integer.MAX_VALUE);
            }
        }
        return line(path, Integer.MAX_VALUE);
    }

    /** Wrapped at spaces to lines of {@code width}; a longer word gets a line of its own. Line ends of the text stay. */
    static List<String> wrap(String text, int width) {
        var lines = new ArrayList<String>();
        for (String paragraph : safe(text).split("\n", -1)) {
            var line = new StringBuilder();
            int length = 0;
            for (String word : paragraph.strip().split(" +", -1)) {
                int wordLength = word.codePointCount(0, word.length());
                if (length > 0 && length + 1 + wordLength > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                    length = 0;
                }
                if (length > 0) {
                    line.append(' ');
                    length++;
                }
                line.append(word);
                length += wordLength;
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** {@code 1 document}, {@code 2 documents}, {@code 12,345 documents}. */
    static String count(long number, String singular) {
        return number(number) + " " + (number == 1 ? singular : singular + "s");
    }

    static String number(long number) {
        return String.format(java.util.Locale.ROOT, "%,d", number);
    }

    private static boolean isUnsafe(int c) {
        return Character.isISOControl(c)
                || (c >= 0x202A && c <= 0x202E) // bidirectional embeddings and overrides
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x2028
                || c == 0x2029;
    }
}
