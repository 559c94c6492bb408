package dev.tandem.assistant;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Untrusted text made safe to show: what a terminal or a page would obey instead of print is taken out. */
final class SafeText {

    /** Terminal sequences as ECMA-48 has them: CSI with its parameters, OSC up to its end, and two-character escapes. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\\x1B\\][^\\x07\\x1B]*(?:\\x07|\\x1B\\\\)" // OSC
                    + "|(?:\\x1B\\[|\\x9B)[0-?]*[ -/]*[@-~]" // CSI
                    + "|\\x1B[ -/]*[0-~]");

    private static final Pattern IMAGE = Pattern.compile("!\\[([^\\]\\n]*)]\\([^)\\n]*\\)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]\\n]+)]\\(([^)\\s]+)[^)\\n]*\\)");
    private static final Pattern ADDRESS =
            Pattern.compile("(?i)\\b(?:[a-z][a-z0-9+.-]*://|www\\.|data:|javascript:|mailto:)[^\\s<>\"')\\]]+");
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>\\n]*>");

    private SafeText() {}

    /** One line: every run of white space becomes one space, control and format characters go. */
    static String line(String text) {
        return clean(text).replaceAll("\\s+", " ").strip();
    }

    /** Control and format characters go, line breaks and tabs stay; a lone surrogate becomes U+FFFD. */
    static String clean(String text) {
        var safe = new StringBuilder(text.length());
        ESCAPE.matcher(text).replaceAll("").codePoints().forEach(code -> {
            int type = Character.getType(code);
            if (code == '\n' || code == '\t') {
                safe.appendCodePoint(code);
            } else if (code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029) {
                safe.append('\n');
            } else if (type == Character.SURROGATE) {
                safe.append('\uFFFD');
            } else if (type != Character.CONTROL && (type != Character.FORMAT || code == 0x200D || code == 0x200C)) {
                safe.appendCodePoint(code);
            }
        });
        return safe.toString();
    }

    /**
     * What a language model wrote, as data: besides {@link #clean}, images and tags go, and so does every link whose
     * address does not stand in one of the sources.
     */
    static String written(String text, List<Passage> sources) {
        String plain = TAG.matcher(IMAGE.matcher(clean(text)).replaceAll("$1")).replaceAll("");
        plain = LINK.matcher(plain)
                .replaceAll(link -> Matcher.quoteReplacement(
                        stands(link.group(2), sources) ? link.group(1) + " (" + link.group(2) + ")" : link.group(1)));
        return ADDRESS.matcher(plain)
                .replaceAll(address -> Matcher.quoteReplacement(
                        stands(address.group(), sources) ? address.group() : "(link removed)"));
    }

    private static boolean stands(String address, List<Passage> sources) {
        String bare = address.replaceAll("[.,;:!?]+$", "");
        return sources.stream().anyMatch(source -> source.text().contains(bare));
    }
}
