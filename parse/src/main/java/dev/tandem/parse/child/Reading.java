package dev.tandem.parse.child;

import dev.tandem.knowledge.extract.OtherFormats;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/** One file after the other through Tika, told as {@link Frame}s. */
final class Reading {

    private static final String MEND = "Mend or convert the file, then ingest it again.";
    static final int LONGEST_VALUE = 1_000;

    private static final Map<String, String> TOLD = Map.of(
            "dc:creator", "author",
            "dc:subject", "keywords",
            "dc:description", "description",
            "dc:language", "language",
            "dc:publisher", "publisher",
            "Message-From", "from",
            "Message-To", "to",
            "xmpTPg:NPages", "pages");

    private final AutoDetectParser parser = new AutoDetectParser();
    private final Bounds bounds;

    Reading(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Tells text and metadata, then that this was all; or the reason why not. */
    void read(String name, Path file, DataOutputStream out) throws IOException {
        var blocks = new Blocks(out, bounds);
        var metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        try {
            var context = context();
            var parts = new Parts(parser, context, blocks, bounds);
            context.set(EmbeddedDocumentExtractor.class, parts);
            Seen seen = Seen.of(file, bounds);
            parts.hid(seen.characters());
            try (InputStream in = TikaInputStream.get(seen.file(), metadata)) {
                requireKnown(in, metadata);
                blocks.head(Parts.head(metadata));
                parser.parse(in, blocks, metadata, context);
                blocks.end();
            }
            Refused refused = blocks.refused();
            if (refused != null) {
                throw refused;
            }
            if (blocks.isEmpty()) {
                throw empty(parts);
            }
            tell(metadata, parts, out);
            Frame.of(Frame.Kind.DONE).write(out);
        } catch (SAXException
                | TikaException
                | IOException
                | RuntimeException
                | StackOverflowError
                | LinkageError
                | AssertionError e) {
            if (blocks.isEmpty() && !file.getFileName().toString().startsWith("usual") && Strict.isMeant(e)) {
                Path usual = Strict.usual(file);
                if (usual != null) {
                    read(name, usual, out);
                    return;
                }
            }
            Refused why = Objects.requireNonNullElseGet(blocks.refused(), () -> why(e, metadata));
            Frame.of(Frame.Kind.FAILED, why.reason(), why.nextStep()).write(out);
        }
    }

    private ParseContext context() {
        var context = new ParseContext();
        context.set(Parser.class, parser);
        var office = new OfficeParserConfig();
        office.setIncludeDeletedContent(false);
        office.setIncludeMoveFromContent(false);
        office.setIncludeSlideMasterContent(false);
        office.setExtractMacros(false);
        context.set(OfficeParserConfig.class, office);
        var pdf = new PDFParserConfig();
        pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        pdf.setExtractInlineImages(false);
        context.set(PDFParserConfig.class, pdf);
        return context;
    }

    private void requireKnown(InputStream in, Metadata metadata) throws IOException, Refused {
        MediaType type = parser.getDetector().detect(in, metadata);
        var read = parser.getSupportedTypes(new ParseContext());
        var registry = parser.getMediaTypeRegistry();
        for (MediaType each = type; each != null; each = registry.getSupertype(each)) {
            if (read.contains(each)) {
                return;
            }
        }
        throw new Refused(
                type.equals(MediaType.OCTET_STREAM)
                        ? "It is not text, and of no format that is known."
                        : "It is " + format(type) + ", a format that is not read.",
                "Convert it to a format that is read, then ingest that.");
    }

    private static String format(MediaType type) {
        String main = type.getBaseType().toString();
        return Blocks.cut(main, 100);
    }

    private static Refused empty(Parts parts) {
        if (parts.locked() > 0) {
            return locked();
        }
        if (parts.hidden() > 0) {
            return new Refused("It shows no text: all that is in it is hidden.", "Print it to PDF, then ingest that.");
        }
        return parts.broken() > 0
                ? new Refused("Nothing in it could be read: it is broken.", MEND)
                : new Refused("It holds no text.", MEND);
    }

    private static Refused locked() {
        return new Refused(
                "It is encrypted and opens only with a password.", "Save a copy without a password, then ingest that.");
    }

    static Refused why(Throwable thrown, Metadata metadata) {
        int steps = 0;
        for (Throwable each = thrown; each != null && steps < 20; each = each.getCause(), steps++) {
            String message = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
            if (each instanceof Refused refused) {
                return refused;
            }
            if (each instanceof EncryptedDocumentException
                    || each instanceof org.apache.poi.EncryptedDocumentException
                    || each.getClass().getSimpleName().contains("InvalidPassword")) {
                return locked();
            }
            if (each instanceof ZeroByteFileException) {
                return new Refused("It is empty.", MEND);
            }
            if (each instanceof StackOverflowError) {
                return new Refused("It is nested too deeply to be read.", MEND);
            }
            if (message.contains("zip bomb")) {
                return new Refused(
                        "It unpacks to far more than its size, or is nested without end: it looks like a zip bomb.",
                        "If it is in order, unpack or convert it, then ingest what is in it.");
            }
            if (message.contains("entity expansions") || message.contains("doctype is disallowed")) {
                return new Refused("Its XML defines entities, which are not expanded.", MEND);
            }
        }
        String type = metadata.get(Metadata.CONTENT_TYPE);
        MediaType known = type == null ? null : MediaType.parse(type);
        return new Refused(
                "It is broken: it could not be read" + (known == null ? "." : " as " + format(known) + "."), MEND);
    }

    private static void tell(Metadata metadata, Parts parts, DataOutputStream out) throws IOException {
        String title = metadata.get(TikaCoreProperties.TITLE);
        if (title != null) {
            Frame.of(Frame.Kind.TITLE, Blocks.cut(title, LONGEST_VALUE)).write(out);
        }
        for (Map.Entry<String, String> each : TOLD.entrySet()) {
            String value = String.join(", ", metadata.getValues(each.getKey()));
            if (!value.isBlank() && !value.equals(title)) {
                Frame.of(Frame.Kind.METADATA, each.getValue(), Blocks.cut(value, LONGEST_VALUE))
                        .write(out);
            }
        }
        int unread = parts.locked() + parts.broken();
        if (unread > 0) {
            Frame.of(Frame.Kind.METADATA, OtherFormats.UNREADABLE_PARTS, Integer.toString(unread))
                    .write(out);
        }
        if (parts.hidden() > 0) {
            Frame.of(Frame.Kind.HIDDEN, parts.hidden()).write(out);
        }
        Instant modified = modified(metadata);
        if (modified != null) {
            Frame.of(Frame.Kind.MODIFIED, modified.toEpochMilli()).write(out);
        }
    }

    private static @Nullable Instant modified(Metadata metadata) {
        Date date = metadata.getDate(TikaCoreProperties.MODIFIED);
        Date told = date == null ? metadata.getDate(TikaCoreProperties.CREATED) : date;
        return told == null ? null : told.toInstant();
    }
}
