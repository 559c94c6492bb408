package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of reStructuredText, as much of it as documentation uses: titles, paragraphs, lists, definitions, fields,
 * literal blocks, tables and directives. A directive that shows its content gives its content; one that refers to
 * something else (images, included files, tables of contents) and comments give nothing.
 *
 * <p>Each method that takes up a block returns the line after it. Lines are without the indent of what they stand in.
 */
final class RstBlocks {

    private static final Pattern DIRECTIVE =
            Pattern.compile("\\.\\. ?(?:\\|[^|]{1,80}\\| )?([A-Za-z][\\w:.+-]{0,60}?)::(?: +(.*))?");
    private static final Pattern FOOTNOTE = Pattern.compile("\\.\\. \\[([^\\]]{1,40})\\] (.*)");
    private static final Pattern FIELD = Pattern.compile(":([^:`\\s](?:[^:`]{0,80}[^:`\\s])?):(?: +(.*))?");
    private static final Pattern BULLET = Pattern.compile("[-*+•](?: +\\S.*)?");
    private static final Pattern NUMBER = Pattern.compile("\\(?(\\d{1,4}|#|[a-zA-Z]|[ivxIVX]{1,6})([.)]) +\\S.*");
    private static final String ADORNMENTS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private static final Set<String> CODE =
            Set.of("code-block", "code", "sourcecode", "parsed-literal", "literal", "prompt", "math");
    private static final Set<String> NOTHING = Set.of(
            "image",
            "toctree",
            "contents",
            "include",
            "literalinclude",
            "highlight",
            "raw",
            "index",
            "default-role",
            "role",
            "sectnum",
            "target-notes",
            "replace",
            "unicode",
            "ifconfig",
            "automodule",
            "autoclass",
            "autofunction",
            "currentmodule",
            "tabularcolumns",
            "title",
            "default-domain",
            "plot",
            "graphviz",
            "video");

    /** What stands behind their name is a word for machines and not for readers. */
    private static final Set<String> CONTAINERS = Set.of("container", "only", "figure", "tabs", "class", "rst-class");

    private static final int DEEPEST = 24;
    private static final int LONGEST_DEFINITION = 30;

    private final RstInline inline;
    private final SortedMap<String, String> metadata = new TreeMap<>();
    private final List<String> titleStyles = new ArrayList<>();

    RstBlocks(List<String> lines) {
        inline = new RstInline(lines);
    }

    /** Returns what the document says of itself, by key in lower case. */
    SortedMap<String, String> write(List<String> lines, BlockOut out) {
        int at = 0;
        while (at < lines.size()
                && (lines.get(at).isBlank() || FIELD.matcher(lines.get(at)).matches())) {
            at = lines.get(at).isBlank() ? at + 1 : fields(lines, at);
        }
        blocks(lines.subList(at, lines.size()), out, 0);
        return metadata;
    }

    private void blocks(List<String> lines, BlockOut out, int depth) {
        if (depth > DEEPEST) {
            out.paragraph(words(lines));
            return;
        }
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i);
            if (line.isBlank()) {
                i++;
            } else if (line.startsWith(" ")) {
                int end = indented(lines, i);
                blocks(dedent(lines.subList(i, end)), out, depth + 1);
                i = end;
            } else if (line.startsWith("..") && (line.length() == 2 || line.charAt(2) == ' ')) {
                int end = indented(lines, i + 1);
                explicit(lines.subList(i, end), out, depth);
                i = end;
            } else if (line.startsWith("__ ")) {
                i++;
            } else if (isTitle(lines, i) > 0) {
                i = title(lines, i, out);
            } else if (isAdornment(line) && line.length() > 3) {
                i++;
            } else {
                i = body(lines, i, out, depth);
            }
        }
    }

    /** A block that is no title, no directive and not indented. */
    private int body(List<String> lines, int i, BlockOut out, int depth) {
        String line = lines.get(i);
        if (RstTables.startsGrid(line)) {
            int end = i + 1;
            while (end < lines.size()
                    && (lines.get(end).startsWith("+") || lines.get(end).startsWith("|"))) {
                end++;
            }
            out.table(RstTables.grid(lines.subList(i, end), inline::words));
            return end;
        }
        if (RstTables.startsSimple(line)) {
            int end = i + 1;
            boolean border = false;
            while (end < lines.size() && !(border && lines.get(end).isBlank())) {
                border = RstTables.startsSimple(lines.get(end));
                end++;
            }
            out.table(RstTables.simple(lines.subList(i, end), inline::words));
            return end;
        }
        if (isItem(lines, i)) {
            return list(lines, i, out, depth);
        }
        if (FIELD.matcher(line).matches()) {
            int end = indented(lines, i + 1);
            Matcher field = FIELD.matcher(line);
            if (field.matches()) {
                out.paragraph(field.group(1) + ": " + words(withFirst(field.group(2), lines.subList(i + 1, end))));
            }
            return end;
        }
        if (line.startsWith("| ")) {
            return lineBlock(lines, i, out);
        }
        if (line.startsWith(">>> ")) {
            int end = paragraphEnd(lines, i);
            out.code(String.join("\n", lines.subList(i, end)));
            return end;
        }
        if (i + 1 < lines.size() && lines.get(i + 1).startsWith(" ") && !line.endsWith("::")) {
            return definition(lines, i, out, depth);
        }
        return paragraph(lines, i, out);
    }

    private int paragraph(List<String> lines, int i, BlockOut out) {
        int end = paragraphEnd(lines, i);
        String text = words(lines.subList(i, end));
        boolean literal = text.endsWith("::");
        if (!literal) {
            out.paragraph(text);
            return end;
        }
        if (text.length() > 2) {
            out.paragraph(
                    text.endsWith(" ::") ? text.substring(0, text.length() - 3) : text.substring(0, text.length() - 1));
        }
        int from = end;
        while (from < lines.size() && lines.get(from).isBlank()) {
            from++;
        }
        if (from == lines.size() || !lines.get(from).startsWith(" ")) {
            return end;
        }
        int stop = indented(lines, from);
        out.code(String.join("\n", dedent(lines.subList(from, stop))));
        return stop;
    }

    private int definition(List<String> lines, int i, BlockOut out, int depth) {
        int end = indented(lines, i + 1);
        List<String> inside = dedent(lines.subList(i + 1, end));
        if (inside.size() > LONGEST_DEFINITION) {
            out.paragraph(inline.words(lines.get(i)));
            blocks(inside, out, depth + 1);
            return end;
        }
        var item = new BlockOut.Item();
        item.paragraph(inline.words(lines.get(i)));
        blocks(inside, item, depth + 1);
        var list = new StringBuilder();
        item.write("", list);
        out.list(list);
        return end;
    }

    private int lineBlock(List<String> lines, int i, BlockOut out) {
        int end = i;
        var text = new StringBuilder();
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            text.append(inline.words(lines.get(end).substring(1))).append('\n');
            end++;
        }
        out.paragraph(text);
        return end;
    }

    // ---- lists

    private int list(List<String> lines, int start, BlockOut out, int depth) {
        var list = new StringBuilder();
        boolean bullets = BULLET.matcher(lines.get(start)).matches();
        int number = 1;
        int i = start;
        while (i < lines.size()
                && isItem(lines, i)
                && BULLET.matcher(lines.get(i)).matches() == bullets) {
            String line = lines.get(i);
            int text = bullets ? 1 : line.indexOf(' ');
            while (text < line.length() && line.charAt(text) == ' ') {
                text++;
            }
            int end = itemEnd(lines, i + 1);
            var item = new BlockOut.Item();
            blocks(withFirst(line.substring(text), dedent(lines.subList(i + 1, end))), item, depth + 1);
            item.write(bullets ? "- " : marker(line, number++), list);
            i = end;
            while (i < lines.size() && lines.get(i).isBlank()) {
                i++;
            }
        }
        out.list(list);
        return i;
    }

    private static String marker(String line, int number) {
        String written = line.substring(0, line.indexOf(' '));
        return (written.contains("#") ? number + "." : written) + " ";
    }

    /** The lines of an item: indented ones, and before the first blank line also those that forgot to be. */
    private static int itemEnd(List<String> lines, int from) {
        int end = from;
        while (end < lines.size()
                && !lines.get(end).isBlank()
                && !lines.get(end).startsWith("..")
                && !BULLET.matcher(lines.get(end)).matches()
                && !NUMBER.matcher(lines.get(end)).matches()) {
            end++;
        }
        return indented(lines, end);
    }

    /** A letter and a full stop begin many sentences too: they number an item only where the next line agrees. */
    private static boolean isItem(List<String> lines, int i) {
        if (BULLET.matcher(lines.get(i)).matches()) {
            return true;
        }
        Matcher number = NUMBER.matcher(lines.get(i));
        if (!number.matches()) {
            return false;
        }
        return !Character.isLetter(number.group(1).charAt(0))
                || i + 1 == lines.size()
                || lines.get(i + 1).isBlank()
                || lines.get(i + 1).startsWith(" ")
                || NUMBER.matcher(lines.get(i + 1)).matches();
    }

    // ---- titles

    /** 1 where the line is underlined, 2 where it is the line over a title, else 0. */
    private static int isTitle(List<String> lines, int i) {
        if (i + 1 >= lines.size()) {
            return 0;
        }
        String line = lines.get(i);
        String next = lines.get(i + 1);
        if (isAdornment(line)) {
            boolean over = line.length() > 2
                    && i + 2 < lines.size()
                    && !next.isBlank()
                    && isAdornment(lines.get(i + 2))
                    && lines.get(i + 2).charAt(0) == line.charAt(0);
            return over ? 2 : 0;
        }
        boolean under = isAdornment(next) && (next.length() > 2 || next.length() >= line.length());
        return under && line.length() <= next.length() + 40 ? 1 : 0;
    }

    private int title(List<String> lines, int i, BlockOut out) {
        boolean over = isTitle(lines, i) == 2;
        String style =
                (over ? "over" : "under") + lines.get(i + 1 + (over ? 1 : 0)).charAt(0);
        if (!titleStyles.contains(style)) {
            titleStyles.add(style);
        }
        out.heading(titleStyles.indexOf(style) + 1, inline.words(lines.get(over ? i + 1 : i)));
        return i + (over ? 3 : 2);
    }

    private static boolean isAdornment(String line) {
        if (line.isEmpty() || ADORNMENTS.indexOf(line.charAt(0)) < 0) {
            return false;
        }
        for (int i = 1; i < line.length(); i++) {
            if (line.charAt(i) != line.charAt(0)) {
                return false;
            }
        }
        return true;
    }

    // ---- what begins with two dots

    private void explicit(List<String> lines, BlockOut out, int depth) {
        Matcher footnote = FOOTNOTE.matcher(lines.getFirst());
        if (footnote.matches()) {
            List<String> rest = dedent(lines.subList(1, lines.size()));
            out.paragraph("[" + footnote.group(1) + "] " + words(withFirst(footnote.group(2), rest)));
            return;
        }
        Matcher directive = DIRECTIVE.matcher(lines.getFirst());
        if (directive.matches()) {
            String argument =
                    directive.group(2) == null ? "" : directive.group(2).strip();
            directive(
                    directive.group(1).toLowerCase(Locale.ROOT),
                    argument,
                    dedent(lines.subList(1, lines.size())),
                    out,
                    depth);
        }
        // What is left are comments, targets and the like: not for readers.
    }

    private void directive(String name, String argument, List<String> inside, BlockOut out, int depth) {
        if (NOTHING.contains(name)) {
            return;
        }
        if (name.equals("meta")) {
            for (int i = 0; i < inside.size(); ) {
                i = FIELD.matcher(inside.get(i)).matches() ? fields(inside, i) : i + 1;
            }
            return;
        }
        var options = new TreeMap<String, String>();
        List<String> content = content(inside, options);
        switch (name) {
            case "list-table" -> {
                title(argument, out);
                out.table(listTable(content, depth));
            }
            case "csv-table" -> {
                title(argument, out);
                var rows = new ArrayList<List<String>>();
                if (options.containsKey("header")) {
                    rows.add(RstTables.csv(options.getOrDefault("header", ""), inline::words));
                }
                content.stream()
                        .filter(line -> !line.isBlank())
                        .map(line -> RstTables.csv(line, inline::words))
                        .forEach(rows::add);
                out.table(rows);
            }
            case "table" -> {
                title(argument, out);
                blocks(content, out, depth + 1);
            }
            default -> {
                if (CODE.contains(name)) {
                    boolean language = name.startsWith("code") || name.equals("sourcecode");
                    out.code(String.join("\n", language ? content : withFirst(argument, content)));
                } else if (CONTAINERS.contains(name)) {
                    blocks(content, out, depth + 1);
                } else {
                    blocks(withFirst(argument, content), out, depth + 1);
                }
            }
        }
    }

    private void title(String argument, BlockOut out) {
        out.paragraph(inline.words(argument));
    }

    /** The lines after a directive's options. */
    private static List<String> content(List<String> inside, SortedMap<String, String> options) {
        int i = 0;
        while (i < inside.size()) {
            Matcher option = FIELD.matcher(inside.get(i));
            if (!option.matches()) {
                break;
            }
            options.put(option.group(1), option.group(2) == null ? "" : option.group(2));
            i++;
        }
        return inside.subList(i, inside.size());
    }

    /** A list of lists: each item of the outer one is a row, each item of the inner ones a cell. */
    private List<List<String>> listTable(List<String> content, int depth) {
        var rows = new ArrayList<List<String>>();
        for (List<String> row : items(content)) {
            var cells = new ArrayList<String>();
            for (List<String> cell : items(row)) {
                var item = new BlockOut.Item();
                blocks(cell, item, depth + 1);
                cells.add(String.join(" ", item.lines()));
            }
            rows.add(cells);
        }
        return rows;
    }

    private static List<List<String>> items(List<String> lines) {
        var items = new ArrayList<List<String>>();
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i);
            if (!BULLET.matcher(line).matches()) {
                i++;
                continue;
            }
            int end = indented(lines, i + 1);
            items.add(withFirst(line.substring(1).strip(), dedent(lines.subList(i + 1, end))));
            i = end;
        }
        return items;
    }

    private int fields(List<String> lines, int i) {
        Matcher field = FIELD.matcher(lines.get(i));
        int end = indented(lines, i + 1);
        if (field.matches()) {
            String value = words(withFirst(field.group(2), lines.subList(i + 1, end)));
            if (!value.isEmpty()) {
                metadata.put(field.group(1).toLowerCase(Locale.ROOT), value);
            }
        }
        return end;
    }

    // ---- lines

    private String words(List<String> lines) {
        return inline.words(lines.stream().map(String::strip).collect(Collectors.joining(" ")));
    }

    private static int paragraphEnd(List<String> lines, int from) {
        int end = from;
        while (end < lines.size() && !lines.get(end).isBlank()) {
            end++;
        }
        return end;
    }

    /** Past the indented and blank lines from here on; blank lines at their end stay outside. */
    private static int indented(List<String> lines, int from) {
        int end = from;
        for (int i = from; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                if (!lines.get(i).startsWith(" ")) {
                    break;
                }
                end = i + 1;
            }
        }
        return end;
    }

    /** The lines without the indent that all of them have. */
    private static List<String> dedent(List<String> lines) {
        int indent = Integer.MAX_VALUE;
        for (String line : lines) {
            if (!line.isBlank()) {
                int own = 0;
                while (line.charAt(own) == ' ') {
                    own++;
                }
                indent = Math.min(indent, own);
            }
        }
        int common = indent;
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(common))
                .toList();
    }

    private static List<String> withFirst(@Nullable String first, List<String> rest) {
        var all = new ArrayList<String>(rest.size() + 1);
        if (first != null && !first.isEmpty()) {
            all.add(first);
        }
        all.addAll(rest);
        return all;
    }
}
