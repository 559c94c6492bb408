package dev.tandem.parse.child;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.jspecify.annotations.Nullable;

/** What a Word document shows: not its hidden runs, rows and drawings. */
final class SeenWords extends Sieve.Judge {

    /** The styles of a document, as far as they hide: a style may stand on another. */
    static final class Styles extends Sieve.Judge {

        private record Style(@Nullable Boolean hidden, String basedOn) {}

        private final Map<String, Style> styles = new HashMap<>();
        private String standard = "";
        private String id = "";
        private String basedOn = "";
        private @Nullable Boolean hidden;

        static Styles read(InputStream in) throws XMLStreamException {
            var styles = new Styles();
            Sieve.run(in, null, styles);
            return styles;
        }

        @Override
        boolean hides(StartElement element, Sieve at) {
            return false;
        }

        @Override
        boolean isText(String element) {
            return false;
        }

        @Override
        void opened(StartElement element, Sieve at) {
            switch (Sieve.name(element)) {
                case "style" -> {
                    id = Sieve.value(element, "styleId");
                    basedOn = "";
                    hidden = null;
                    if (Sieve.value(element, "type").equals("paragraph")
                            && Sieve.isOn(Sieve.value(element, "default"))) {
                        standard = id;
                    }
                }
                case "basedOn" -> basedOn = Sieve.value(element, "val");
                case "vanish" -> {
                    if (at.parent().equals("rPr") && at.isIn("style")) {
                        hidden = isOn(element);
                    }
                }
                default -> {}
            }
        }

        @Override
        void closed(String name) {
            if (name.equals("style")) {
                styles.put(id, new Style(hidden, basedOn));
            }
        }

        boolean hide(String style) {
            String at = style.isEmpty() ? standard : style;
            for (int steps = 0; steps < 20; steps++) {
                Style found = styles.get(at);
                if (found == null) {
                    return false;
                }
                if (found.hidden() != null) {
                    return found.hidden();
                }
                at = found.basedOn();
            }
            return false;
        }
    }

    private static final Set<String> SHAPES =
            Set.of("shape", "rect", "roundrect", "oval", "group", "line", "polyline", "textbox");
    private static final int FAR = 400;

    private final Styles styles;

    /** Styles of the paragraphs that are open: one may stand in a text box in another. */
    private final Deque<String> paragraphs = new ArrayDeque<>();

    SeenWords(Styles styles) {
        this.styles = styles;
    }

    private static boolean isOn(StartElement element) {
        String value = Sieve.value(element, "val");
        return value.isEmpty() || Sieve.isOn(value);
    }

    @Override
    void opened(StartElement element, Sieve at) {
        switch (Sieve.name(element)) {
            case "p" -> paragraphs.push("");
            case "pStyle" -> {
                paragraphs.poll();
                paragraphs.push(Sieve.value(element, "val"));
            }
            default -> {}
        }
    }

    @Override
    void closed(String name) {
        if (name.equals("p")) {
            paragraphs.poll();
        }
    }

    @Override
    boolean hides(StartElement element, Sieve at) {
        String name = Sieve.name(element);
        return switch (name) {
            case "r" -> hidesRun(at);
            case "tr" -> {
                StartElement hidden = find(at, "hidden", "tc");
                yield hidden != null && isOn(hidden);
            }
            case "drawing" -> {
                StartElement properties = find(at, "docPr", "graphic");
                yield properties != null && Sieve.isOn(Sieve.value(properties, "hidden"));
            }
            default ->
                SHAPES.contains(name)
                        && Sieve.value(element, "style").replace(" ", "").contains("visibility:hidden");
        };
    }

    /** Said by the run itself; else by either its own style or its paragraph's, for two of them undo each other. */
    private boolean hidesRun(Sieve at) {
        String style = "";
        XMLEvent event = at.ahead(0);
        boolean has = event != null
                && event.isStartElement()
                && Sieve.name(event.asStartElement()).equals("rPr");
        for (int i = 1; has && i < FAR; i++) {
            event = at.ahead(i);
            if (event == null
                    || (event.isEndElement()
                            && event.asEndElement().getName().getLocalPart().equals("rPr"))) {
                break;
            }
            if (event.isStartElement()) {
                StartElement element = event.asStartElement();
                switch (Sieve.name(element)) {
                    case "rStyle" -> style = Sieve.value(element, "val");
                    case "vanish" -> {
                        return isOn(element);
                    }
                    // What was there before a change that is tracked.
                    case "rPrChange" -> i = FAR;
                    default -> {}
                }
            }
        }
        return styles.hide(paragraphs.isEmpty() ? "" : paragraphs.element())
                != (!style.isEmpty() && styles.hide(style));
    }

    /** The first element of that name before one of another, or before this element ends. */
    private static @Nullable StartElement find(Sieve at, String name, String before) {
        int depth = 0;
        for (int i = 0; i < FAR && depth >= 0; i++) {
            XMLEvent event = at.ahead(i);
            if (event == null) {
                return null;
            }
            if (event.isStartElement()) {
                depth++;
                String found = Sieve.name(event.asStartElement());
                if (found.equals(name)) {
                    return event.asStartElement();
                }
                if (found.equals(before)) {
                    return null;
                }
            } else if (event.isEndElement()) {
                depth--;
            }
        }
        return null;
    }

    @Override
    boolean isText(String element) {
        return element.equals("t");
    }
}
