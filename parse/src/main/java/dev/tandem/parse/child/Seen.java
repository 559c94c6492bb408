package dev.tandem.parse.child;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.StartElement;
import org.jspecify.annotations.Nullable;

/**
 * Office documents without what they do not show. Tika reads all there is; so what nobody sees is taken out of the file
 * before. Only a file in which something is hidden is written again.
 *
 * @param file the same file where nothing was hidden
 * @param characters code points that were taken out
 */
record Seen(Path file, long characters) {

    /** Of a part's beginning, to tell what it is. */
    private static final int HEAD = 4_096;

    /** Names that have to be in a part's XML where it hides anything. */
    private static final List<String> SIGNS =
            List.of("vanish", "hidden", "show=", "state=", "display", "visibility", "Hidden");

    private static final Pattern ELEMENT = Pattern.compile("<(?:[\\w.-]+:)?([\\w.-]+)[\\s/>]");
    private static final String NAMES = "opendocument:xmlns";

    /** What a part is, told by the element that it begins with. */
    private enum Kind {
        WORDS,
        WORD_STYLES,
        SLIDE,
        WORKBOOK,
        SHEET,
        STRINGS,
        SHEET_TABLE,
        OPEN_DOCUMENT,
        OTHER
    }

    static Seen of(Path file, Bounds bounds) throws Refused, IOException {
        byte[] head = head(file);
        if (!isMeant(head)) {
            return new Seen(file, 0);
        }
        try {
            if (SeenRtf.isMeant(head)) {
                return SeenRtf.of(file);
            }
            if (head[0] != 'P') {
                return flat(file);
            }
            try (var zip = new ZipFile(file.toFile())) {
                return new Zipped(zip, file, bounds).seen();
            }
        } catch (Sieve.HasDoctype e) {
            throw new Refused(
                    "Its XML defines entities, which are not expanded.",
                    "Mend or convert the file, then ingest it again.");
        } catch (XMLStreamException | IllegalArgumentException | ZipException broken) {
            // Who reads it next finds out what is wrong with it, and says so.
            return new Seen(file, 0);
        }
    }

    /** Whether a file that begins so may be one that hides something. */
    static boolean isMeant(byte[] head) {
        return (head.length > 3 && head[0] == 'P' && head[1] == 'K')
                || SeenRtf.isMeant(head)
                || new String(head, StandardCharsets.ISO_8859_1).contains(NAMES);
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        }
    }

    /** A document in one piece of XML. */
    private static Seen flat(Path file) throws IOException, XMLStreamException {
        Path seen = Files.createTempFile(file.getParent(), "seen", "");
        try (var in = Files.newInputStream(file);
                var out = Files.newOutputStream(seen)) {
            Sieve sieve = Sieve.run(in, out, new SeenOpenDocument());
            return sieve.elements() == 0 ? new Seen(file, 0) : new Seen(seen, sieve.characters());
        }
    }

    /** A document in many parts. */
    private static final class Zipped {

        private final ZipFile zip;
        private final Path file;
        private final Bounds bounds;
        private final Map<String, Kind> kinds = new LinkedHashMap<>();
        private final Map<String, byte[]> written = new LinkedHashMap<>();
        private boolean signs;
        private long bytes;
        private long characters;
        private SeenCells.@Nullable Strings strings;

        Zipped(ZipFile zip, Path file, Bounds bounds) {
            this.zip = zip;
            this.file = file;
            this.bounds = bounds;
        }

        Seen seen() throws IOException, XMLStreamException, Refused {
            if (zip.getEntry("[Content_Types].xml") == null && zip.getEntry("content.xml") == null) {
                return new Seen(file, 0);
            }
            look();
            if (!signs) {
                return new Seen(file, 0);
            }
            words();
            slides();
            sheets();
            openDocument();
            return written.isEmpty() ? new Seen(file, 0) : new Seen(write(), characters);
        }

        private void look() throws IOException, XMLStreamException, Refused {
            for (ZipEntry entry : entries()) {
                try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
                    byte[] head = in.readNBytes(HEAD);
                    String text = new String(head, StandardCharsets.ISO_8859_1);
                    boolean wide = text.startsWith("\u00FE\u00FF") || text.startsWith("\u00FF\u00FE");
                    if (!wide && text.indexOf('<') < 0 && !text.isBlank()) {
                        continue;
                    }
                    Kind kind = kindOf(entry.getName(), wide ? "" : text);
                    kinds.put(entry.getName(), kind);
                    if (kind != Kind.OTHER && kind != Kind.STRINGS) {
                        signs |= wide || hasSigns(head, in);
                    }
                }
            }
        }

        private List<ZipEntry> entries() {
            var entries = new ArrayList<ZipEntry>();
            Set<String> names = new HashSet<>();
            zip.stream()
                    .filter(entry -> !entry.isDirectory() && names.add(entry.getName()))
                    .forEach(entries::add);
            return entries;
        }

        private Kind kindOf(String part, String head) throws IOException, XMLStreamException {
            String name = head.indexOf("<!--") < 0 && head.indexOf("<?", 2) < 0 ? firstElement(head) : "";
            if (name.isEmpty()) {
                // Whatever stands before may look like an element.
                try (InputStream in = open(part)) {
                    name = Sieve.root(in);
                }
            }
            return switch (name) {
                case "document", "hdr", "ftr", "footnotes", "endnotes", "comments", "glossaryDocument" -> Kind.WORDS;
                case "styles" -> Kind.WORD_STYLES;
                case "sld" -> Kind.SLIDE;
                case "workbook" -> Kind.WORKBOOK;
                case "worksheet" -> Kind.SHEET;
                case "sst" -> Kind.STRINGS;
                case "table" -> Kind.SHEET_TABLE;
                case "document-content", "document-styles" -> Kind.OPEN_DOCUMENT;
                default -> Kind.OTHER;
            };
        }

        private static String firstElement(String head) {
            Matcher first = ELEMENT.matcher(head);
            return first.find() ? first.group(1) : "";
        }

        /** Reads on to the end: each block with the last letters of the one before. */
        private boolean hasSigns(byte[] head, InputStream in) throws IOException, Refused {
            String before = "";
            byte[] block = head;
            while (block.length > 0) {
                bytes += block.length;
                if (bytes > bounds.unpackedBytes()) {
                    throw new Refused(
                            "It unpacks to more than " + bounds.unpackedBytes() / 1_000_000 + " MB.",
                            "Split or convert the file, or raise parse-unpacked-mb, then ingest it again.");
                }
                String text = before + new String(block, StandardCharsets.ISO_8859_1);
                if (SIGNS.stream().anyMatch(text::contains)) {
                    return true;
                }
                before = text.substring(Math.max(0, text.length() - 12));
                block = in.readNBytes(1 << 16);
            }
            return false;
        }

        private List<String> parts(Kind kind) {
            return kinds.entrySet().stream()
                    .filter(each -> each.getValue() == kind)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        private InputStream open(String part) throws IOException {
            InputStream in = zip.getInputStream(new ZipEntry(part));
            return new Bounded(in == null ? InputStream.nullInputStream() : in, bounds.unpackedBytes());
        }

        /** Keeps what is left of a part where something was taken out of it. */
        private void sieve(String part, Sieve.Judge judge) throws IOException, XMLStreamException {
            var out = new ByteArrayOutputStream();
            byte[] before = written.get(part);
            try (InputStream in = before == null ? open(part) : new ByteArrayInputStream(before)) {
                Sieve sieve = Sieve.run(in, out, judge);
                if (sieve.elements() > 0) {
                    written.put(part, out.toByteArray());
                    characters += sieve.characters();
                }
            }
        }

        private Sieve count(String part, Sieve.Judge judge) throws IOException, XMLStreamException {
            try (InputStream in = open(part)) {
                Sieve sieve = Sieve.run(in, null, judge);
                characters += sieve.characters();
                return sieve;
            }
        }

        private void words() throws IOException, XMLStreamException {
            var styles = new SeenWords.Styles();
            for (String part : parts(Kind.WORD_STYLES)) {
                count(part, styles);
            }
            for (String part : parts(Kind.WORDS)) {
                sieve(part, new SeenWords(styles));
            }
        }

        private void slides() throws IOException, XMLStreamException {
            for (String part : parts(Kind.SLIDE)) {
                var slide = new SeenSlides();
                sieve(part, slide);
                String relations = relations(part);
                if (slide.isHiddenSlide() && kinds.containsKey(relations)) {
                    for (String other : targets(part, "/notesSlide").values()) {
                        count(other, new SeenSlides.Nothing());
                    }
                    sieve(relations, new SeenSlides.LayoutOnly());
                }
            }
        }

        private void sheets() throws IOException, XMLStreamException {
            Set<String> hidden = new HashSet<>();
            for (String part : parts(Kind.WORKBOOK)) {
                var sheets = new SeenCells.Sheets();
                sieve(part, sheets);
                Map<String, String> targets = targets(part, "");
                sheets.hidden().forEach(id -> hidden.add(targets.getOrDefault(id, "")));
            }
            for (String part : parts(Kind.SHEET)) {
                var filters = new SeenCells.Filters();
                count(part, filters);
                for (String table : targets(part, "/table").values()) {
                    count(table, filters);
                }
                if (hidden.contains(part)) {
                    count(part, new SeenCells(strings(), filters, true));
                } else {
                    sieve(part, new SeenCells(strings(), filters, false));
                }
            }
        }

        private SeenCells.Strings strings() throws IOException, XMLStreamException {
            SeenCells.Strings known = strings;
            if (known == null) {
                List<String> parts = parts(Kind.STRINGS);
                try (InputStream in = parts.isEmpty() ? InputStream.nullInputStream() : open(parts.getFirst())) {
                    known = parts.isEmpty() ? new SeenCells.Strings() : SeenCells.Strings.read(in);
                }
                strings = known;
            }
            return known;
        }

        private void openDocument() throws IOException, XMLStreamException {
            var judge = new SeenOpenDocument();
            for (String name : List.of("styles.xml", "content.xml")) {
                if (kinds.get(name) == Kind.OPEN_DOCUMENT) {
                    sieve(name, judge);
                }
            }
        }

        private static String relations(String part) {
            int slash = part.lastIndexOf('/') + 1;
            return part.substring(0, slash) + "_rels/" + part.substring(slash) + ".rels";
        }

        /** Parts that a part refers to, by relation, where the kind of relation ends so. */
        private Map<String, String> targets(String part, String type) throws IOException, XMLStreamException {
            Map<String, String> targets = new LinkedHashMap<>();
            if (!kinds.containsKey(relations(part))) {
                return targets;
            }
            count(relations(part), new Sieve.Judge() {
                @Override
                boolean hides(StartElement element, Sieve at) {
                    if (Sieve.name(element).equals("Relationship")
                            && Sieve.value(element, "Type").endsWith(type)) {
                        targets.put(Sieve.value(element, "Id"), absolute(part, Sieve.value(element, "Target")));
                    }
                    return false;
                }

                @Override
                boolean isText(String element) {
                    return false;
                }
            });
            targets.values().retainAll(kinds.keySet());
            return targets;
        }

        private static String absolute(String part, String target) {
            String from = "/" + part.substring(0, part.lastIndexOf('/') + 1);
            String path = URI.create("file:" + from)
                    .resolve(target.replace(" ", "%20"))
                    .getPath();
            return path == null ? "" : path.replaceFirst("^/", "");
        }

        private Path write() throws IOException {
            Path seen = Files.createTempFile(file.getParent(), "seen", "");
            try (var to = new ZipOutputStream(Files.newOutputStream(seen))) {
                for (ZipEntry entry : entries()) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    byte[] part = written.get(entry.getName());
                    if (part != null) {
                        to.write(part);
                    } else {
                        try (InputStream in = zip.getInputStream(entry)) {
                            in.transferTo(to);
                        }
                    }
                }
            }
            return seen;
        }
    }

    /** Ends where it gets too much: no part is believed to be as small as it says. */
    private static final class Bounded extends FilterInputStream {

        private long left;

        Bounded(InputStream in, long most) {
            super(in);
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? super.read() : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = left <= 0 ? -1 : super.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
