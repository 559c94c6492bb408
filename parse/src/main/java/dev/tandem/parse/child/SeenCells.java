package dev.tandem.parse.child;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/**
 * What a sheet shows: not its hidden rows and columns. What is folded into a group or filtered away stays, for the sheet
 * shows that it is there.
 */
final class SeenCells extends Sieve.Judge {

    /** Of the strings that cells point at, how long each is. */
    static final class Strings extends Sieve.Judge {

        private final List<Integer> lengths = new ArrayList<>();
        private int length;

        static Strings read(InputStream in) throws XMLStreamException {
            var strings = new Strings();
            Sieve.run(in, null, strings);
            return strings;
        }

        @Override
        boolean hides(StartElement element, Sieve at) {
            // Left out, it is counted; nothing is written.
            return Sieve.name(element).equals("si");
        }

        @Override
        int textOf(XMLEvent event, String in) {
            if (event.isStartElement() && Sieve.name(event.asStartElement()).equals("si")) {
                length = 0;
            } else if (event.isCharacters() && isText(in)) {
                length += Sieve.length(event.asCharacters().getData());
            } else if (event.isEndElement()
                    && event.asEndElement().getName().getLocalPart().equals("si")) {
                lengths.add(length);
            }
            return 0;
        }

        @Override
        boolean isText(String element) {
            return element.equals("t");
        }

        int length(String index) {
            try {
                return lengths.get(Integer.parseInt(index.strip()));
            } catch (NumberFormatException | IndexOutOfBoundsException none) {
                return 0;
            }
        }
    }

    /** Rows that a filter may have hidden, in a sheet or in a table on it. */
    static final class Filters extends Sieve.Judge {

        private final List<Span> rows = new ArrayList<>();
        private String range = "";

        @Override
        boolean hides(StartElement element, Sieve at) {
            return false;
        }

        @Override
        void opened(StartElement element, Sieve at) {
            if (Sieve.name(element).equals("autoFilter")) {
                range = Sieve.value(element, "ref");
            } else if (Sieve.name(element).equals("filterColumn") && !range.isEmpty()) {
                String[] corners = range.split(":", -1);
                rows.add(new Span(number(corners[0]) + 1, number(corners[corners.length - 1])));
                range = "";
            }
        }

        @Override
        boolean isText(String element) {
            return false;
        }

        void addAll(Filters others) {
            rows.addAll(others.rows);
        }
    }

    private record Span(int first, int last) {
        boolean holds(int number) {
            return number >= first && number <= last;
        }
    }

    private static final Set<String> TEXT = Set.of("t", "v");

    private final Strings strings;
    private final Filters filters;
    private final boolean whole;
    private final List<Span> hiddenColumns = new ArrayList<>();
    private int row;
    private int column;
    private boolean shared;
    private final StringBuilder index = new StringBuilder();

    /** @param whole whether the sheet itself is hidden, and all in it is counted */
    SeenCells(Strings strings, Filters filters, boolean whole) {
        this.strings = strings;
        this.filters = filters;
        this.whole = whole;
    }

    @Override
    boolean hides(StartElement element, Sieve at) {
        return switch (Sieve.name(element)) {
            case "sheetData" -> whole;
            case "col" -> {
                if (isHidden(element)) {
                    hiddenColumns.add(
                            new Span(number(Sieve.value(element, "min")), number(Sieve.value(element, "max"))));
                }
                yield false;
            }
            case "row" -> {
                int given = number(Sieve.value(element, "r"));
                row = given > 0 ? given : row + 1;
                column = 0;
                yield isHidden(element) && filters.rows.stream().noneMatch(span -> span.holds(row));
            }
            case "c" -> {
                int given = letters(Sieve.value(element, "r"));
                column = given > 0 ? given : column + 1;
                yield hiddenColumns.stream().anyMatch(span -> span.holds(column));
            }
            default -> false;
        };
    }

    private static boolean isHidden(StartElement element) {
        return Sieve.isOn(Sieve.value(element, "hidden")) && number(Sieve.value(element, "outlineLevel")) == 0;
    }

    @Override
    int textOf(XMLEvent event, String in) {
        if (event.isStartElement() && Sieve.name(event.asStartElement()).equals("c")) {
            shared = Sieve.value(event.asStartElement(), "t").equals("s");
            index.setLength(0);
        } else if (event.isCharacters() && shared && in.equals("v")) {
            index.append(event.asCharacters().getData());
        } else if (event.isEndElement()
                && shared
                && event.asEndElement().getName().getLocalPart().equals("v")) {
            return strings.length(index.toString());
        } else if (!shared) {
            return super.textOf(event, in);
        }
        return 0;
    }

    @Override
    boolean isText(String element) {
        return TEXT.contains(element);
    }

    /** The digits of {@code B12}; 0 where there are none. */
    private static int number(String cell) {
        String digits = cell.replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }

    /** 2 for {@code B12}; 0 where there are none. */
    private static int letters(String cell) {
        int number = 0;
        for (int i = 0; i < Math.min(cell.length(), 4) && Character.isLetter(cell.charAt(i)); i++) {
            number = number * 26 + Character.toUpperCase(cell.charAt(i)) - 'A' + 1;
        }
        return number;
    }

    /** The sheets of a workbook that are shown. */
    static final class Sheets extends Sieve.Judge {

        private final List<String> hidden = new ArrayList<>();

        /** Relations that lead to the others. */
        List<String> hidden() {
            return hidden;
        }

        @Override
        boolean hides(StartElement element, Sieve at) {
            boolean hides = Sieve.name(element).equals("sheet")
                    && Sieve.value(element, "state").toLowerCase(Locale.ROOT).endsWith("hidden");
            if (hides) {
                hidden.add(Sieve.value(element, "id"));
            }
            return hides;
        }

        @Override
        boolean isText(String element) {
            return false;
        }
    }
}
