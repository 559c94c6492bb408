package dev.tandem.parse.child;

import java.util.Set;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/** What a slide shows: nothing where it is left out of the show, and not its hidden shapes. It stays as a page, empty. */
final class SeenSlides extends Sieve.Judge {

    private static final Set<String> SHAPES = Set.of("sp", "grpSp", "graphicFrame", "cxnSp", "pic", "contentPart");

    private boolean hiddenSlide;

    /** Whether it was left out of the show. */
    boolean isHiddenSlide() {
        return hiddenSlide;
    }

    @Override
    void opened(StartElement element, Sieve at) {
        String show = Sieve.value(element, "show");
        if (at.parent().isEmpty() && Sieve.name(element).equals("sld")) {
            hiddenSlide = !show.isEmpty() && !Sieve.isOn(show);
        }
    }

    @Override
    boolean hides(StartElement element, Sieve at) {
        return SHAPES.contains(Sieve.name(element))
                && ((hiddenSlide && at.parent().equals("spTree")) || isHidden(at));
    }

    /** The properties are the first child of the first child. */
    private static boolean isHidden(Sieve at) {
        for (int i = 0; i < 6; i++) {
            XMLEvent event = at.ahead(i);
            if (event != null
                    && event.isStartElement()
                    && Sieve.name(event.asStartElement()).equals("cNvPr")) {
                return Sieve.isOn(Sieve.value(event.asStartElement(), "hidden"));
            }
        }
        return false;
    }

    @Override
    boolean isText(String element) {
        return element.equals("t");
    }

    /** All of a part, to be counted: notes to a slide that nobody sees. */
    static final class Nothing extends Sieve.Judge {
        @Override
        boolean hides(StartElement element, Sieve at) {
            return true;
        }

        @Override
        boolean isText(String element) {
            return element.equals("t");
        }
    }

    /** Of what a hidden slide refers to, its layout alone. */
    static final class LayoutOnly extends Sieve.Judge {
        @Override
        boolean hides(StartElement element, Sieve at) {
            return Sieve.name(element).equals("Relationship")
                    && !Sieve.value(element, "Type").endsWith("/slideLayout");
        }

        @Override
        boolean isText(String element) {
            return false;
        }
    }
}
