package dev.tandem.parse.child;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;
import org.jspecify.annotations.Nullable;

/** Copies XML as it comes, without the elements that a {@link Judge} says nobody sees. Names are compared without namespaces. */
final class Sieve {

    /** Says what is seen; one for each part of a document. */
    abstract static class Judge {

        /** Whether nobody sees the element that begins here. */
        abstract boolean hides(StartElement element, Sieve at);

        /** An element begins that stays. */
        void opened(StartElement element, Sieve at) {}

        /** An element ends that stayed. */
        void closed(String name) {}

        /** Code points of text in an event of what goes, standing in the element of that name. */
        int textOf(XMLEvent event, String in) {
            return event.isCharacters() && isText(in)
                    ? length(event.asCharacters().getData())
                    : 0;
        }

        abstract boolean isText(String element);
    }

    /** There is nobody to judge: a document type could name things that are put in later. */
    static final class HasDoctype extends XMLStreamException {
        private static final long serialVersionUID = 1L;
    }

    private static final XMLInputFactory IN = XMLInputFactory.newDefaultFactory();
    private static final XMLOutputFactory OUT = XMLOutputFactory.newDefaultFactory();

    static {
        IN.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        IN.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    private final XMLEventReader reader;
    private final @Nullable XMLEventWriter writer;
    private final Judge judge;
    private final List<XMLEvent> ahead = new ArrayList<>();
    private final Deque<String> open = new ArrayDeque<>();
    private int elements;
    private long characters;

    private Sieve(InputStream in, @Nullable OutputStream out, Judge judge) throws XMLStreamException {
        this.reader = IN.createXMLEventReader(in);
        this.writer = out == null ? null : OUT.createXMLEventWriter(out, "UTF-8");
        this.judge = judge;
    }

    /**
     * Reads all of it.
     *
     * @param out null where only counting is asked for
     */
    static Sieve run(InputStream in, @Nullable OutputStream out, Judge judge) throws XMLStreamException {
        var sieve = new Sieve(in, out, judge);
        sieve.run();
        return sieve;
    }

    /** The name of the outermost element; empty for what is no XML. */
    static String root(InputStream in) {
        try {
            XMLEventReader reader = IN.createXMLEventReader(in);
            while (reader.hasNext()) {
                XMLEvent event = reader.nextEvent();
                if (event.isStartElement()) {
                    return name(event.asStartElement());
                }
            }
            return "";
        } catch (XMLStreamException none) {
            return "";
        }
    }

    /** Elements that were left out, without those inside them. */
    int elements() {
        return elements;
    }

    /** Code points in them. */
    long characters() {
        return characters;
    }

    /** The name of the element around; empty at the root. */
    String parent() {
        return open.isEmpty() ? "" : open.element();
    }

    boolean isIn(String element) {
        return open.contains(element);
    }

    /** The event that comes so many after this one, from 0; null behind the end. */
    @Nullable
    XMLEvent ahead(int index) {
        try {
            while (ahead.size() <= index && reader.hasNext()) {
                ahead.add(reader.nextEvent());
            }
        } catch (XMLStreamException broken) {
            return null;
        }
        return index < ahead.size() ? ahead.get(index) : null;
    }

    /** An attribute's value, whatever its namespace; empty where it is not given. */
    static String value(StartElement element, String name) {
        for (var each = element.getAttributes(); each.hasNext(); ) {
            Attribute attribute = each.next();
            if (attribute.getName().getLocalPart().equals(name)) {
                return attribute.getValue();
            }
        }
        return "";
    }

    static String name(StartElement element) {
        return element.getName().getLocalPart();
    }

    static boolean isOn(String value) {
        return value.equals("1") || value.equals("true") || value.equals("on");
    }

    /** Of what is more than white space. */
    static int length(String text) {
        return text.isBlank() ? 0 : text.codePointCount(0, text.length());
    }

    private @Nullable XMLEvent next() throws XMLStreamException {
        XMLEvent event = ahead.isEmpty() ? (reader.hasNext() ? reader.nextEvent() : null) : ahead.removeFirst();
        if (event != null && event.getEventType() == XMLStreamConstants.DTD) {
            throw new HasDoctype();
        }
        return event;
    }

    private void run() throws XMLStreamException {
        for (XMLEvent event = next(); event != null; event = next()) {
            if (event.isStartElement()) {
                StartElement element = event.asStartElement();
                if (judge.hides(element, this)) {
                    elements++;
                    skip(element);
                    continue;
                }
                judge.opened(element, this);
                open.push(name(element));
            } else if (event.isEndElement()) {
                QName name = event.asEndElement().getName();
                open.poll();
                judge.closed(name.getLocalPart());
            }
            if (writer != null) {
                writer.add(event);
            }
        }
        if (writer != null) {
            writer.flush();
        }
    }

    private void skip(StartElement first) throws XMLStreamException {
        var inside = new ArrayDeque<String>();
        inside.push(name(first));
        characters += judge.textOf(first, "");
        while (!inside.isEmpty()) {
            XMLEvent event = next();
            if (event == null) {
                return;
            }
            characters += judge.textOf(event, inside.element());
            if (event.isStartElement()) {
                inside.push(name(event.asStartElement()));
            } else if (event.isEndElement()) {
                inside.pop();
            }
        }
    }
}
