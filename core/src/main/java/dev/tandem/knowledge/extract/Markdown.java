package dev.tandem.knowledge.extract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * CommonMark with tables and front matter. Markup, images and link targets go; wrapped lines become one line; list
 * markers and the text of raw HTML stay.
 */
final class Markdown implements Extractor {

    /** Deeper nesting is read as text: nobody writes it, and recursion over it must stay bounded. */
    private static final int DEEPEST = 48;

    /** The parser's time grows with the square of the brackets left open in a paragraph; no prose has so many. */
    private static final int MOST_OPEN_BRACKETS = 1_000;

    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .maxOpenBlockParsers(DEEPEST)
            .maxInlineNesting(DEEPEST)
            .build();

    @Override
    public Extracted extract(String path, byte[] bytes) {
        return read(path, Decoding.text(bytes));
    }

    static Extracted read(String name, String text) {
        if (openBrackets(text) > MOST_OPEN_BRACKETS) {
            return PlainText.read(name, text, false);
        }
        var out = new BlockWriter();
        String visible = out.hidden().without(text);
        FrontMatter front = FrontMatter.of(visible);
        blocks(PARSER.parse(visible.substring(front.end())), out, out.hidden(), false);
        var metadata = new TreeMap<>(front.entries());
        String title = metadata.remove("title");
        return out.finish(title == null ? out.firstHeading() : title, name, metadata, modified(front.entries()));
    }

    private static int openBrackets(String text) {
        int most = 0;
        int open = 0;
        char last = '\n';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[') {
                most = Math.max(most, ++open);
            } else if (c == ']') {
                open = Math.max(0, open - 1);
            } else if (c == '\n' && last == '\n') {
                open = 0;
            }
            last = c == '\r' ? last : c;
        }
        return most;
    }

    private static @Nullable Instant modified(Map<String, String> entries) {
        for (String key : List.of("modified", "last_modified", "lastmod", "updated", "last_updated", "date")) {
            Instant instant = Dates.parse(entries.get(key));
            if (instant != null) {
                return instant;
            }
        }
        return null;
    }

    private static void blocks(Node parent, BlockOut out, Hidden hidden, boolean quoted) {
        for (Node node : children(parent)) {
            switch (node) {
                case Heading heading when !quoted -> out.heading(heading.getLevel(), inline(heading));
                case ListBlock list -> out.list(items(list, hidden));
                case FencedCodeBlock code -> out.code(code.getLiteral());
                case IndentedCodeBlock code -> out.code(code.getLiteral());
                case TableBlock table -> out.table(rows(table));
                case HtmlBlock html -> DomBlocks.write(Html.fragment(html.getLiteral(), hidden), out);
                case BlockQuote quote -> blocks(quote, out, hidden, true);
                case LinkReferenceDefinition definition -> {}
                default -> out.paragraph(inline(node));
            }
        }
    }

    private static CharSequence items(ListBlock list, Hidden hidden) {
        Integer first = list instanceof OrderedList ordered ? ordered.getMarkerStartNumber() : null;
        int number = first == null ? 1 : first;
        var lines = new StringBuilder();
        for (Node node : children(list)) {
            var item = new BlockOut.Item();
            blocks(node, item, hidden, true);
            item.write(list instanceof OrderedList ? number++ + ". " : "- ", lines);
        }
        return lines;
    }

    private static List<List<String>> rows(TableBlock table) {
        var rows = new ArrayList<List<String>>();
        for (Node part : children(table)) {
            for (Node row : children(part)) {
                if (row instanceof TableRow) {
                    rows.add(children(row).stream()
                            .filter(TableCell.class::isInstance)
                            .map(Markdown::inline)
                            .toList());
                }
            }
        }
        return rows;
    }

    /** The words of a paragraph, heading or cell; a line end only where the author forced one. */
    private static String inline(Node node) {
        var words = new StringBuilder();
        inline(node, words);
        return words.indexOf("\n") < 0
                ? Tidy.line(words)
                : words.toString()
                        .lines()
                        .map(Tidy::line)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining("\n"));
    }

    private static void inline(Node parent, StringBuilder out) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
            switch (node) {
                case Text text -> out.append(text.getLiteral().replace('\n', ' '));
                case Code code -> out.append(code.getLiteral().replace('\n', ' '));
                case SoftLineBreak end -> out.append(' ');
                case HardLineBreak end -> out.append('\n');
                case HtmlInline tag -> out.append(isLineBreak(tag.getLiteral()) ? "\n" : "");
                case Image image -> {}
                default -> inline(node, out);
            }
        }
    }

    private static boolean isLineBreak(String tag) {
        return tag.regionMatches(true, 0, "<br", 0, 3) && tag.length() <= 6;
    }

    private static List<Node> children(Node parent) {
        return Stream.iterate(parent.getFirstChild(), node -> node != null, Node::getNext)
                .toList();
    }
}
