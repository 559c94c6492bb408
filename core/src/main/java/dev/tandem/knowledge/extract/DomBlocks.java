package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Writes a tree of HTML elements as blocks. The tree's depth is bounded by the parser, so recursion is safe.
 *
 * <p>Inline text gathers in a line until something that starts a new block ends it; it does not matter whether inline
 * elements hold blocks, as they often do in real pages.
 */
final class DomBlocks {

    /** Deeper elements are moved up by the parser. */
    static final int DEEPEST = 120;

    private static final Set<String> INVISIBLE = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "svg",
            "canvas",
            "iframe",
            "object",
            "embed",
            "audio",
            "video",
            "select",
            "button",
            "input",
            "textarea",
            "img",
            "head",
            "title",
            "meta",
            "link",
            "map",
            "math",
            "datalist");

    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "dialog",
            "div",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "header",
            "hgroup",
            "hr",
            "legend",
            "li",
            "main",
            "nav",
            "option",
            "p",
            "section",
            "summary",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr");

    /** An item as long as this is not an item but a page laid out as a list. */
    private static final int LONGEST_ITEM = 4_000;

    private static final int LONGEST_CELL = 1_000;

    private static final Pattern PERMALINK = Pattern.compile("\\s*[¶#§\uD83D\uDD17]+$");

    private final BlockOut out;
    private final StringBuilder inline = new StringBuilder();

    private DomBlocks(BlockOut out) {
        this.out = out;
    }

    static void write(Element root, BlockOut out) {
        var blocks = new DomBlocks(out);
        blocks.node(root);
        blocks.flush();
    }

    /** What stands inside an element, as it goes into a list item, a heading or a cell. */
    private static BlockOut.Item item(Element element) {
        var item = new BlockOut.Item();
        var blocks = new DomBlocks(item);
        blocks.children(element);
        blocks.flush();
        return item;
    }

    private static String line(Element element) {
        return Tidy.line(String.join(" ", item(element).lines()));
    }

    private void children(Element parent) {
        for (Node child : parent.childNodes()) {
            node(child);
        }
    }

    private void node(Node node) {
        if (node instanceof TextNode text) {
            inline.append(text.getWholeText().replace('\n', ' ').replace('\r', ' '));
        } else if (node instanceof Element element) {
            element(element);
        }
    }

    private void element(Element element) {
        String tag = element.normalName();
        switch (tag) {
            case "br" -> inline.append('\n');
            case "wbr" -> {}
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                flush();
                String text = line(element);
                out.heading(tag.charAt(1) - '0', PERMALINK.matcher(text).replaceFirst(""));
            }
            case "ul", "ol", "menu", "dir" -> {
                flush();
                list(element);
            }
            case "dl" -> {
                flush();
                definitions(element);
            }
            case "table" -> {
                flush();
                table(element);
            }
            case "pre", "listing", "xmp" -> {
                flush();
                out.code(element.wholeText());
            }
            default -> {
                if (INVISIBLE.contains(tag)) {
                    return;
                }
                boolean block = BLOCKS.contains(tag);
                if (block) {
                    flush();
                }
                children(element);
                if (block) {
                    flush();
                }
            }
        }
    }

    private void flush() {
        if (inline.isEmpty()) {
            return;
        }
        var text = new StringBuilder();
        for (String line : inline.toString().split("\n", -1)) {
            String tidy = Tidy.line(line);
            if (!tidy.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n").append(tidy);
            } else if (!text.isEmpty()) {
                // Two line breaks in a row are how old pages part paragraphs.
                out.paragraph(text.toString());
                text.setLength(0);
            }
        }
        inline.setLength(0);
        if (!text.isEmpty()) {
            out.paragraph(text.toString());
        }
    }

    private void list(Element list) {
        if (!isProper(list) || list.children().stream().anyMatch(DomBlocks::isPage)) {
            children(list);
            flush();
            return;
        }
        boolean ordered = list.normalName().equals("ol");
        int number = number(list.attr("start"), 1);
        var lines = new StringBuilder();
        for (Element item : list.children()) {
            boolean nested = !item.normalName().equals("li");
            BlockOut.Item inside = item(nested ? wrapped(item) : item);
            number = number(item.attr("value"), number);
            if (!inside.lines().isEmpty()) {
                inside.write(nested ? "  " : ordered ? number++ + ". " : "- ", lines);
            }
        }
        out.list(lines);
    }

    /** A list that stands directly in a list, without an item around it. */
    private static Element wrapped(Element list) {
        return new Element("li").appendChild(list.clone());
    }

    /** Old pages use list elements to indent, with text straight in them. */
    private static boolean isProper(Element list) {
        return list.childNodes().stream()
                .noneMatch(child -> child instanceof TextNode text
                        ? !text.isBlank()
                        : child instanceof Element element
                                && !Set.of("li", "ul", "ol").contains(element.normalName())
                                && !INVISIBLE.contains(element.normalName()));
    }

    private static boolean isPage(Element item) {
        return item.selectFirst("h1,h2,h3,h4,h5,h6") != null || item.wholeText().length() > LONGEST_ITEM;
    }

    private static int number(String written, int otherwise) {
        return written.matches("-?[0-9]{1,6}") ? Integer.parseInt(written) : otherwise;
    }

    private void definitions(Element list) {
        if (list.wholeText().length() > 4 * LONGEST_ITEM) {
            children(list);
            flush();
            return;
        }
        var lines = new StringBuilder();
        for (Element part : list.select("> dt, > dd, > div > dt, > div > dd")) {
            BlockOut.Item inside = item(part);
            String indent = part.normalName().equals("dd") ? "  " : "";
            for (String line : inside.lines()) {
                lines.append(lines.isEmpty() ? "" : "\n").append(indent).append(line);
            }
        }
        out.list(lines);
    }

    private void table(Element table) {
        if (!isData(table)) {
            children(table);
            flush();
            return;
        }
        Element caption = table.selectFirst("> caption");
        if (caption != null) {
            out.paragraph(line(caption));
        }
        var rows = new ArrayList<List<String>>();
        for (Element row : table.select("> tr, > thead > tr, > tbody > tr, > tfoot > tr")) {
            rows.add(row.children().stream()
                    .filter(cell -> !INVISIBLE.contains(cell.normalName()))
                    .map(DomBlocks::line)
                    .toList());
        }
        out.table(rows);
    }

    /** Tables also lay out whole pages: those hold other tables, headings, long cells, or a single row or column. */
    static boolean isData(Element table) {
        String role = table.attr("role").toLowerCase(Locale.ROOT);
        if (role.equals("presentation") || table.selectFirst("table table, h1, h2, pre") != null) {
            return false;
        }
        var rows = table.select("> tr, > thead > tr, > tbody > tr, > tfoot > tr");
        boolean columns = rows.stream().anyMatch(row -> row.childrenSize() > 1);
        return columns
                && rows.size() > 1
                && rows.stream()
                        .flatMap(row -> row.children().stream())
                        .noneMatch(cell -> cell.wholeText().length() > LONGEST_CELL);
    }
}
