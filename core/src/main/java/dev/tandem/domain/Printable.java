package dev.tandem.domain;

/** Makes untrusted text safe to show in one line: control characters replaced, length bounded. */
public final class Printable {

    private static final int LONGEST = 120;

    private Printable() {}

    public static String of(String text) {
        String oneLine = text.codePoints()
                .limit(LONGEST + 1L)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return oneLine.codePointCount(0, oneLine.length()) > LONGEST
                ? oneLine.substring(0, oneLine.offsetByCodePoints(0, LONGEST)) + "…"
                : oneLine;
    }
}
