package dev.tandem.knowledge.extract;

import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Text without markup: blank lines separate blocks, and the little structure that people type is taken up (lists, lines
 * underlined with {@code ===}, short lines in capitals). Line ends inside a block stay, since they may mean something.
 */
final class PlainText implements Extractor {

    private static final Pattern UNDERLINE = Pattern.compile("([=\\-~*#_])\\1{2,}");
    private static final int LONGEST_HEADING = 80;

    /** Extensions of text whose line breaks and indents are its grammar. */
    static final Set<String> CODE = Set.of(
            "java",
            "py",
            "js",
            "ts",
            "tsx",
            "jsx",
            "go",
            "rs",
            "c",
            "h",
            "cc",
            "cpp",
            "hpp",
            "cs",
            "rb",
            "php",
            "kt",
            "scala",
            "swift",
            "sh",
            "bash",
            "sql",
            "json",
            "jsonl",
            "yaml",
            "yml",
            "toml",
            "xml",
            "ini",
            "cfg",
            "conf",
            "properties",
            "log",
            "css",
            "tf",
            "gradle");

    @Override
    public Extracted extract(String path, byte[] bytes) {
        return read(path, Decoding.text(bytes), CODE.contains(FileName.extension(path)));
    }

    static Extracted read(String name, String text, boolean code) {
        var out = new BlockWriter();
        write(text, code, out);
        return out.finish(null, name, new TreeMap<>(), null);
    }

    static void write(String text, boolean code, BlockWriter out) {
        String tidy = Tidy.lines(out.hidden().without(text));
        int start = 0;
        while (start < tidy.length()) {
            int end = tidy.indexOf("\n\n", start);
            end = end < 0 ? tidy.length() : end;
            block(tidy, start, end, code, out);
            start = end;
            while (start < tidy.length() && tidy.charAt(start) == '\n') {
                start++;
            }
        }
    }

    private static void block(String text, int start, int end, boolean code, BlockWriter out) {
        if (code) {
            out.code(text.subSequence(start, end));
            return;
        }
        int lineEnd = text.indexOf('\n', start);
        int from = start;
        if (lineEnd < 0 || lineEnd >= end) {
            if (end < text.length() && isCapitalLine(text, start, end)) {
                out.heading(2, text.subSequence(start, end));
                return;
            }
        } else {
            int secondEnd = text.indexOf('\n', lineEnd + 1);
            secondEnd = secondEnd < 0 || secondEnd > end ? end : secondEnd;
            if (lineEnd - start <= LONGEST_HEADING
                    && secondEnd - lineEnd - 1 >= Math.min(3, lineEnd - start)
                    && secondEnd - lineEnd <= 2 * LONGEST_HEADING
                    && UNDERLINE.matcher(text).region(lineEnd + 1, secondEnd).matches()) {
                out.heading(text.charAt(lineEnd + 1) == '=' ? 1 : 2, text.subSequence(start, lineEnd));
                from = Math.min(end, secondEnd + 1);
            }
        }
        if (from < end) {
            CharSequence body = text.subSequence(from, end);
            int first = from;
            while (first < end && text.charAt(first) == ' ') {
                first++;
            }
            if (Sentences.startsItem(text, first, end)) {
                out.list(body);
            } else {
                out.paragraph(body);
            }
        }
    }

    private static boolean isCapitalLine(String text, int start, int end) {
        if (end - start > LONGEST_HEADING || ".,;:!?".indexOf(text.charAt(end - 1)) >= 0) {
            return false;
        }
        int letters = 0;
        for (int i = start; i < end; i++) {
            if (Character.isLowerCase(text.charAt(i))) {
                return false;
            }
            letters += Character.isUpperCase(text.charAt(i)) ? 1 : 0;
        }
        return letters >= 3;
    }
}
