package dev.tandem.parse.child;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/**
 * What an OpenDocument text, sheet or presentation shows. Styles come before what they are used for, in the same file or in
 * one that is read before by the same judge. What is folded into a group or filtered away stays.
 */
final class SeenOpenDocument extends Sieve.Judge {

    private static final Set<String> PARAGRAPHS = Set.of("p", "h");
    private static final int FAR = 2_000;

    /** What a style says of being seen; empty where it says nothing. */
    private record Style(String display, String parent) {}

    private static final class Table {
        int column;
        int cell;
        int groups;
        final List<int[]> hiddenColumns = new ArrayList<>();
    }

    /** By family and name. */
    private final Map<String, Style> styles = new HashMap<>();

    private final Set<String> hiddenLayers = new HashSet<>();
    private final Deque<Table> tables = new ArrayDeque<>();
    private String style = "";
    private String display = "";
    private String parent = "";
    private boolean hiddenSlide;

    @Override
    void opened(StartElement element, Sieve at) {
        String name = Sieve.name(element);
        switch (name) {
            case "style" -> {
                style = Sieve.value(element, "family") + " " + Sieve.value(element, "name");
                parent = Sieve.value(element, "parent-style-name");
                display = "";
            }
            case "text-properties" -> told(Sieve.value(element, "display"));
            case "table-properties" -> told(Sieve.value(element, "display").equals("false") ? "none" : "");
            case "drawing-page-properties" ->
                told(Sieve.value(element, "visibility").equals("hidden") ? "none" : "");
            case "layer" -> {
                if (Sieve.value(element, "display").matches("none|printer")) {
                    hiddenLayers.add(Sieve.value(element, "name"));
                }
            }
            case "page" -> hiddenSlide = isHidden("drawing-page", Sieve.value(element, "style-name"));
            case "table" -> tables.push(new Table());
            default -> inTable(name, element);
        }
    }

    private void told(String said) {
        if (!style.isEmpty()) {
            // A condition that hides is kept with the words that it had when the file was written.
            display = said.equals("condition") ? "" : said;
        }
    }

    private void inTable(String name, StartElement element) {
        Table table = tables.peek();
        if (table == null) {
            return;
        }
        switch (name) {
            case "table-column" -> {
                int columns = repeated(element);
                if (Sieve.value(element, "visibility").equals("collapse") && table.groups == 0) {
                    table.hiddenColumns.add(new int[] {table.column, table.column + columns});
                }
                table.column += columns;
            }
            case "table-row" -> table.cell = 0;
            case "table-cell", "covered-table-cell" -> table.cell += repeated(element);
            case "table-row-group", "table-column-group" -> table.groups++;
            default -> {}
        }
    }

    private static int repeated(StartElement element) {
        String count = Sieve.value(element, "number-columns-repeated");
        return count.matches("\\d{1,6}") ? Integer.parseInt(count) : 1;
    }

    @Override
    void closed(String name) {
        switch (name) {
            case "style" -> {
                styles.put(style, new Style(display, parent));
                style = "";
            }
            case "table" -> tables.poll();
            case "table-row-group", "table-column-group" -> {
                if (!tables.isEmpty()) {
                    tables.element().groups--;
                }
            }
            case "page" -> hiddenSlide = false;
            default -> {}
        }
    }

    private boolean isHidden(String family, String name) {
        String at = name;
        for (int steps = 0; steps < 20 && !at.isEmpty(); steps++) {
            Style found = styles.get(family + " " + at);
            if (found == null) {
                return false;
            }
            if (!found.display().isEmpty()) {
                return found.display().equals("none");
            }
            at = found.parent();
        }
        return false;
    }

    @Override
    boolean hides(StartElement element, Sieve at) {
        String name = Sieve.name(element);
        String styled = Sieve.value(element, "style-name");
        if (hiddenSlide && at.parent().equals("page")) {
            return !name.equals("forms");
        }
        return switch (name) {
            case "span" -> isHidden("text", styled);
            case "p", "h" -> isHidden("paragraph", styled) || hidesItself(at);
            case "section" -> {
                String said = Sieve.value(element, "display");
                yield said.equals("none")
                        || (said.equals("condition") && Sieve.isOn(Sieve.value(element, "is-hidden")));
            }
            case "hidden-text" -> !Sieve.value(element, "is-hidden").equals("false");
            case "table" -> isHidden("table", styled);
            case "table-row" ->
                Sieve.value(element, "visibility").equals("collapse")
                        && tables.stream().allMatch(t -> t.groups == 0);
            case "table-cell", "covered-table-cell" -> inHiddenColumn(element);
            default ->
                element.getName().getNamespaceURI().endsWith(":drawing:1.0")
                        && (Sieve.value(element, "display").equals("none")
                                || (!name.equals("layer") && hiddenLayers.contains(Sieve.value(element, "layer"))))
                        && !name.equals("layer");
        };
    }

    private boolean inHiddenColumn(StartElement element) {
        Table table = tables.peek();
        if (table == null) {
            return false;
        }
        int last = table.cell + repeated(element);
        boolean hidden = table.hiddenColumns.stream().anyMatch(span -> table.cell >= span[0] && last <= span[1]);
        table.cell = hidden ? last : table.cell;
        return hidden;
    }

    /** A paragraph holds a field that hides it. */
    private static boolean hidesItself(Sieve at) {
        int depth = 0;
        for (int i = 0; i < FAR && depth >= 0; i++) {
            XMLEvent event = at.ahead(i);
            if (event == null) {
                return false;
            }
            if (event.isStartElement()) {
                depth++;
                StartElement element = event.asStartElement();
                if (Sieve.name(element).equals("hidden-paragraph")) {
                    return Sieve.isOn(Sieve.value(element, "is-hidden"));
                }
                if (PARAGRAPHS.contains(Sieve.name(element))) {
                    return false;
                }
            } else if (event.isEndElement()) {
                depth--;
            }
        }
        return false;
    }

    @Override
    boolean isText(String element) {
        return true;
    }
}
