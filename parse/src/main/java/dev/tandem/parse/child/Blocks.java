package dev.tandem.parse.child;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Turns the XHTML that Tika writes into frames as it comes, and holds no more than a block of it. Once it has refused a
 * file it refuses everything that follows, whoever caught the first refusal.
 */
final class Blocks extends DefaultHandler {

    /** Longer paragraphs and rows are handed over in pieces, so that a frame has room for them. */
    private static final int LONGEST = 200_000;

    private static final int LONGEST_HEADING = 300;

    static final String SPLIT = "Split it into smaller files, then ingest those; or raise parse-text-mb.";

    /** The first line of a slide is what it is about. */
    private static final int SLIDE_TITLE = 2;

    private static final Pattern MARKED =
            Pattern.compile("\\s*(?:[·•‣▪◦o\\uF0B7\\uF0A7]|(?:\\d{1,3}|[a-z])[.)])\\s+\\S.*");
    private static final int MOST_CELLS = 16_000;
    private static final int MOST_BLOCKS = 400_000;
    private static final Pattern BLANK_LINE = Pattern.compile("\\n[ \\t\\x0B\\f\\r\\u00A0]*\\n");
    private static final Set<String> INVISIBLE = Set.of("head", "title", "script", "style", "template", "noscript");
    private static final Set<String> INLINE = Set.of(
            "a",
            "abbr",
            "b",
            "big",
            "code",
            "em",
            "font",
            "i",
            "img",
            "meta",
            "q",
            "s",
            "small",
            "span",
            "strong",
            "sub",
            "sup",
            "tt",
            "u",
            "object",
            "annotation");

    private final DataOutputStream out;
    private final Bounds bounds;
    private final StringBuilder text = new StringBuilder();
    private final List<String> cells = new ArrayList<>();
    private final Deque<Opening> openings = new ArrayDeque<>();
    private final StringBuilder marked = new StringBuilder();

    /** Of the lists that are open, innermost first: the next number; 0 where there are none. */
    private final Deque<Integer> numbers = new ArrayDeque<>();

    private long characters;
    private int blocks;
    private int page;
    private int parts;
    private int tables;
    private int hidden;
    private int heading;
    private @Nullable Refused refused;

    /** What goes before the first text of a file inside the file. */
    private record Opening(int level, String name, Supplier<String> head) {}

    Blocks(DataOutputStream out, Bounds bounds) {
        this.out = out;
        this.bounds = bounds;
    }

    static String tooLong(Bounds bounds) {
        return String.format(Locale.ROOT, "It holds more than %,d characters of text.", bounds.characters());
    }

    boolean isEmpty() {
        return blocks == 0;
    }

    Refused refuse(String reason, String nextStep) {
        Refused first = refused;
        if (first == null) {
            first = new Refused(reason, nextStep);
            refused = first;
        }
        return first;
    }

    @Nullable
    Refused refused() {
        return refused;
    }

    /** Lines that go before the first text of what begins now, such as who wrote a message; asked for late. */
    void head(Supplier<String> lines) {
        openings.push(new Opening(0, "", lines));
    }

    /** A file inside the file. */
    void partBegins(String name, Supplier<String> head) throws Refused {
        flush();
        endTable();
        endItems();
        parts++;
        openings.push(new Opening(Math.min(1 + parts, 6), cut(name, LONGEST_HEADING), head));
    }

    void partEnds() throws Refused {
        flush();
        endTable();
        endItems();
        parts--;
        // What had no text is not told of. What had some was told of with it, and so were those around it: none is
        // left.
        openings.poll();
    }

    /** Everything was said. */
    void end() throws Refused {
        flush();
        endTable();
        endItems();
    }

    @Override
    public void startElement(String uri, String local, String qualified, Attributes attributes) throws Refused {
        check();
        String tag = local.isEmpty() ? qualified : local;
        if (hidden > 0 || INVISIBLE.contains(tag)) {
            hidden++;
            return;
        }
        if (tables > 0) {
            inTable(tag);
            return;
        }
        switch (tag) {
            case "br" -> text.append('\n');
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                flush();
                heading = tag.charAt(1) - '0';
            }
            case "table" -> {
                flush();
                tables = 1;
            }
            case "ul", "ol", "dl" -> {
                if (numbers.isEmpty()) {
                    flush();
                }
                numbers.push(tag.equals("ol") ? 1 : 0);
            }
            case "li", "dt" -> item();
            case "dd" -> {
                text.setLength(text.toString().stripTrailing().length());
                text.append(numbers.isEmpty() ? "\n" : ": ");
            }
            default -> {
                if (!INLINE.contains(tag) && numbers.isEmpty()) {
                    flush();
                    page(tag, attributes.getValue("class"));
                }
            }
        }
    }

    private void item() throws Refused {
        if (numbers.isEmpty()) {
            flush();
            return;
        }
        if (text.length() > LONGEST) {
            flush();
        }
        int number = numbers.pop();
        text.append('\n').repeat("  ", Math.min(numbers.size(), 8)).append(number > 0 ? number + ". " : "- ");
        numbers.push(number > 0 ? number + 1 : 0);
    }

    /** Slides are pages, as sheets are not; pages of a part are not pages of the document. */
    private void page(String tag, @Nullable String kind) throws Refused {
        if (parts == 0 && tag.equals("div") && kind != null && kind.matches("page|slide-content|slideShow")) {
            if (kind.equals("slideShow")) {
                return;
            }
            page++;
            if (kind.equals("slide-content")) {
                endItems();
                say(Frame.of(Frame.Kind.PAGE, page));
                heading = SLIDE_TITLE;
            }
        }
    }

    private void inTable(String tag) throws Refused {
        switch (tag) {
            case "table" -> tables++;
            case "br", "p", "div", "li" -> text.append(' ');
            case "tr" -> {
                if (tables == 1) {
                    row();
                }
            }
            case "td", "th" -> {
                if (tables > 1) {
                    text.append(' ');
                } else {
                    text.setLength(0);
                }
            }
            default -> {}
        }
    }

    @Override
    public void endElement(String uri, String local, String qualified) throws Refused {
        check();
        String tag = local.isEmpty() ? qualified : local;
        if (hidden > 0) {
            hidden--;
            return;
        }
        if (tables > 0) {
            switch (tag) {
                case "td", "th" -> {
                    if (tables == 1) {
                        cell();
                    }
                }
                case "tr" -> {
                    if (tables == 1) {
                        row();
                    }
                }
                case "table" -> {
                    if (tables == 1) {
                        endTable();
                    } else {
                        tables--;
                    }
                }
                default -> {}
            }
            return;
        }
        switch (tag) {
            case "ul", "ol", "dl" -> {
                if (numbers.size() == 1) {
                    list();
                }
                numbers.poll();
            }
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                flush();
                heading = 0;
            }
            default -> {
                if (numbers.isEmpty() && !INLINE.contains(tag) && !tag.equals("br")) {
                    flush();
                } else if (!numbers.isEmpty() && tag.equals("p")) {
                    text.append(' ');
                }
            }
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) throws Refused {
        check();
        if (hidden > 0) {
            return;
        }
        characters += length;
        if (characters > bounds.characters()) {
            throw refuse(tooLong(bounds), SPLIT);
        }
        for (int i = start; i < start + length; i++) {
            text.append(chars[i] == '\n' && !numbers.isEmpty() ? ' ' : chars[i]);
        }
        if (text.length() > LONGEST) {
            if (tables > 0) {
                row();
            } else {
                flush();
            }
        }
    }

    @Override
    public void ignorableWhitespace(char[] chars, int start, int length) throws Refused {
        characters(chars, start, length);
    }

    private void check() throws Refused {
        if (refused != null) {
            throw refused;
        }
    }

    private void cell() throws Refused {
        cells.add(text.toString());
        text.setLength(0);
        if (cells.size() >= MOST_CELLS
                || (cells.size() > 1 && cells.stream().mapToInt(String::length).sum() > LONGEST)) {
            row();
        }
    }

    private void row() throws Refused {
        if (!text.isEmpty()) {
            cells.add(text.toString());
            text.setLength(0);
        }
        if (cells.stream().anyMatch(cell -> !cell.isBlank())) {
            beforeText();
            say(new Frame(Frame.Kind.ROW, 0, cells));
        }
        cells.clear();
    }

    private void endTable() throws Refused {
        if (tables > 0) {
            row();
            say(Frame.of(Frame.Kind.TABLE_END));
            tables = 0;
        }
    }

    private void list() throws Refused {
        String items = text.toString();
        text.setLength(0);
        if (!items.isBlank()) {
            beforeText();
            say(Frame.of(Frame.Kind.ITEMS, items));
        }
    }

    /** Hands over what has gathered: a heading, or paragraphs as blank lines part them. */
    private void flush() throws Refused {
        if (tables > 0) {
            return;
        }
        String gathered = text.toString();
        text.setLength(0);
        if (gathered.isBlank()) {
            return;
        }
        int level = heading;
        heading = 0;
        tellOpenings();
        if (level > 0 && gathered.length() <= LONGEST_HEADING) {
            endItems();
            say(Frame.of(Frame.Kind.HEADING, level, gathered));
            return;
        }
        for (String paragraph : BLANK_LINE.split(gathered, -1)) {
            if (MARKED.matcher(paragraph).matches()) {
                marked.append(marked.isEmpty() ? "" : "\n").append(paragraph.strip());
                if (marked.length() > LONGEST) {
                    endItems();
                }
            } else if (!paragraph.isBlank()) {
                endItems();
                say(Frame.of(Frame.Kind.PARAGRAPH, paragraph));
            }
        }
    }

    private void beforeText() throws Refused {
        endItems();
        tellOpenings();
    }

    /** Paragraphs in a row that begin with a bullet or a number are a list: office formats know no other. */
    private void endItems() throws Refused {
        if (!marked.isEmpty()) {
            String items = marked.toString();
            marked.setLength(0);
            say(Frame.of(Frame.Kind.ITEMS, items));
        }
    }

    /** Tells of the files that the text stands in, outermost first, where that was not done yet. */
    private void tellOpenings() throws Refused {
        while (!openings.isEmpty()) {
            Opening opening = openings.removeLast();
            if (!opening.name().isBlank()) {
                say(Frame.of(Frame.Kind.PART, opening.level(), opening.name()));
            }
            String lines = opening.head().get();
            if (!lines.isBlank()) {
                say(Frame.of(Frame.Kind.PARAGRAPH, cut(lines, LONGEST)));
            }
        }
    }

    private void say(Frame frame) throws Refused {
        if (frame.kind() != Frame.Kind.PAGE && ++blocks > MOST_BLOCKS) {
            throw refuse(
                    "It falls into more than " + MOST_BLOCKS + " paragraphs and rows.",
                    "Split it into smaller files, then ingest those.");
        }
        try {
            frame.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
