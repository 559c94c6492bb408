package dev.tandem.knowledge.extract;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The YAML block that may open a Markdown file, read for its plain entries: {@code key: value}, {@code key: [a, b]} and
 * lists of {@code - a} lines. Deeper structure is skipped.
 *
 * @param entries by key in lower case
 * @param end where the document goes on, a UTF-16 index; 0 where there is no front matter
 */
record FrontMatter(SortedMap<String, String> entries, int end) {

    private static final int MOST_CHARACTERS = 32 * 1024;

    static FrontMatter of(String text) {
        var entries = new TreeMap<String, String>();
        String head = text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
        if (!head.startsWith("---\n") && !head.startsWith("---\r\n")) {
            return new FrontMatter(entries, 0);
        }
        int start = head.indexOf('\n') + 1;
        String key = "";
        while (start < head.length()) {
            int lineEnd = head.indexOf('\n', start);
            int end = lineEnd < 0 ? head.length() : lineEnd;
            String line = head.substring(start, end).stripTrailing();
            start = lineEnd < 0 ? head.length() : lineEnd + 1;
            if (line.equals("---") || line.equals("...")) {
                return new FrontMatter(entries, start);
            }
            key = line(line, key, entries);
        }
        return new FrontMatter(new TreeMap<>(), 0);
    }

    /** Takes up one line; returns the key that list items after it belong to. */
    private static String line(String line, String key, SortedMap<String, String> entries) {
        String bare = line.strip();
        if (bare.startsWith("- ")) {
            if (!key.isEmpty()) {
                entries.merge(key, unquote(bare.substring(2)), (before, item) -> before + ", " + item);
            }
            return key;
        }
        int colon = line.indexOf(':');
        if (colon <= 0 || Character.isWhitespace(line.charAt(0)) || bare.startsWith("#")) {
            return bare.isEmpty() || bare.startsWith("#") ? key : "";
        }
        String name = unquote(line.substring(0, colon)).toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (value.startsWith("[") && value.endsWith("]")) {
            value = value.substring(1, value.length() - 1);
        }
        value = unquote(value);
        if (!value.isEmpty() && !value.equals("|") && !value.equals(">")) {
            entries.put(name, value);
        }
        return name;
    }

    private static String unquote(String text) {
        String bare = text.strip();
        boolean quoted = bare.length() > 1
                && (bare.charAt(0) == '"' || bare.charAt(0) == '\'')
                && bare.charAt(bare.length() - 1) == bare.charAt(0);
        return quoted ? bare.substring(1, bare.length() - 1) : bare;
    }
}
