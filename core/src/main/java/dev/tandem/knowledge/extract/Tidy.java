package dev.tandem.knowledge.extract;

/** Makes text from anywhere into text that can be quoted, stored and shown. */
final class Tidy {

    /** Titles and headings in a path are cut here. */
    private static final int LONGEST_TITLE = 140;

    private Tidy() {}

    /** One line: every run of white space is one space, none at the ends. */
    static String line(CharSequence text) {
        var out = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                space = !out.isEmpty();
            } else {
                int hidden = hidden(text, i);
                char kept = hidden > 0 ? 0 : keep(text, i);
                i += Math.max(0, hidden - 1);
                if (kept != 0) {
                    if (space) {
                        out.append(' ');
                        space = false;
                    }
                    out.append(kept);
                }
            }
        }
        return out.toString();
    }

    /** One short line. */
    static String title(CharSequence text) {
        int limit = Math.min(text.length(), 4 * LONGEST_TITLE);
        String line = line(text.subSequence(0, limit));
        if (line.length() <= LONGEST_TITLE) {
            return line;
        }
        int cut = line.lastIndexOf(' ', LONGEST_TITLE - 1);
        cut = cut > LONGEST_TITLE / 2 ? cut : LONGEST_TITLE - 1;
        return line.substring(0, Character.isHighSurrogate(line.charAt(cut - 1)) ? cut - 1 : cut)
                        .strip() + "…";
    }

    /**
     * Lines as they are: ends become {@code \n}, spaces at their ends go, as do blank lines at both ends of the text and
     * characters that no reader sees.
     */
    static String lines(CharSequence text) {
        var out = new StringBuilder(text.length());
        int solid = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\f' || c == '\u2028' || c == '\u2029' || c == '\u0085') {
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    continue;
                }
                out.setLength(lastLineEnd(out, solid));
                if (!out.isEmpty()) {
                    out.append('\n');
                }
            } else if (c == '\t') {
                out.append(c);
            } else if (Character.isSpaceChar(c)) {
                out.append(' ');
            } else {
                int hidden = hidden(text, i);
                char kept = hidden > 0 ? 0 : keep(text, i);
                i += Math.max(0, hidden - 1);
                if (kept != 0) {
                    out.append(kept);
                    solid = out.length();
                }
            }
        }
        out.setLength(solid);
        return out.toString();
    }

    /** Where the blanks after the last line end begin: they are dropped, the line ends before them are not. */
    private static int lastLineEnd(StringBuilder out, int solid) {
        int i = out.length();
        while (i > solid && out.charAt(i - 1) != '\n') {
            i--;
        }
        return i;
    }

    /** How many characters nobody sees there: none, one or a surrogate pair. */
    private static int hidden(CharSequence text, int i) {
        return Invisible.at(text, i) == null ? 0 : Character.charCount(Character.codePointAt(text, i));
    }

    /**
     * The character as it is kept; 0 drops it. Control characters and soft hyphens go; half a surrogate pair becomes U+FFFD.
     */
    private static char keep(CharSequence text, int i) {
        char c = text.charAt(i);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '\u00AD') {
            return 0;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1)) ? c : '\uFFFD';
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) ? c : '\uFFFD';
        }
        return c;
    }
}
