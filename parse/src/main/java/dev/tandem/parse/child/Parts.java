package dev.tandem.parse.child;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TemporaryResources;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.EmbeddedContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Files inside the file: attachments, entries of archives, what is embedded in slides. Bounded in depth, number and size. */
final class Parts implements EmbeddedDocumentExtractor {

    /** Outlook's own messages say it in their text. */
    private static final Set<String> MAIL = Set.of("message/rfc822", "application/x-tika-pst-mail-item");

    private static final int HEAD = 4_096;
    private static final String SPLIT = "Unpack it, then ingest what is in it.";

    private final AutoDetectParser parser;
    private final ParseContext context;
    private final Blocks blocks;
    private final Bounds bounds;
    private int depth;
    private int count;
    private long unpacked;
    private int locked;
    private int broken;
    private long hidden;

    Parts(AutoDetectParser parser, ParseContext context, Blocks blocks, Bounds bounds) {
        this.parser = parser;
        this.context = context;
        this.blocks = blocks;
        this.bounds = bounds;
    }

    /** Parts that open only with a password. */
    int locked() {
        return locked;
    }

    /** Parts that could not be read. */
    int broken() {
        return broken;
    }

    /** So many characters were taken out of the file because it does not show them. */
    void hid(long characters) {
        hidden += characters;
    }

    /** Characters that were taken out, of the file and of those in it. */
    long hidden() {
        return hidden;
    }

    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
        return true;
    }

    @Override
    public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean html)
            throws SAXException, IOException {
        if (blocks.refused() != null) {
            throw blocks.refused();
        }
        if (++count > bounds.parts()) {
            throw blocks.refuse("It holds more than " + bounds.parts() + " files.", SPLIT);
        }
        if (depth >= bounds.depth()) {
            throw blocks.refuse(
                    "It holds files in files, more than " + bounds.depth() + " deep: it may hold itself.", SPLIT);
        }
        depth++;
        try (var temporary = new TemporaryResources()) {
            read(stream, handler, metadata, temporary);
        } finally {
            depth--;
        }
    }

    private void read(InputStream stream, ContentHandler handler, Metadata metadata, TemporaryResources temporary)
            throws SAXException, IOException {
        TikaInputStream part = TikaInputStream.get(new Counted(stream), temporary, metadata);
        Object container = stream instanceof TikaInputStream known ? known.getOpenContainer() : null;
        if (container != null) {
            part.setOpenContainer(container);
        }
        String name = Objects.requireNonNullElse(metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY), "");
        blocks.partBegins(name, head(metadata));
        try {
            if (container == null) {
                part = seen(part, metadata, temporary);
            }
            parser.parse(part, new EmbeddedContentHandler(handler), metadata, context);
        } catch (EncryptedDocumentException e) {
            locked++;
        } catch (TikaException | RuntimeException | IOException e) {
            if (blocks.refused() != null) {
                throw blocks.refused();
            }
            broken++;
        }
        blocks.partEnds();
    }

    private TikaInputStream seen(TikaInputStream part, Metadata metadata, TemporaryResources temporary)
            throws IOException, SAXException {
        part.mark(HEAD);
        byte[] head = part.readNBytes(HEAD);
        part.reset();
        if (!Seen.isMeant(head)) {
            return part;
        }
        Path file = part.getPath();
        Seen seen = Seen.of(file, bounds);
        if (seen.file().equals(file)) {
            return part;
        }
        hid(seen.characters());
        TikaInputStream again = TikaInputStream.get(seen.file(), metadata);
        temporary.addResource(() -> {
            again.close();
            Files.delete(seen.file());
        });
        return again;
    }

    /** Who wrote to whom, of a message; nothing of anything else. What it needs is known when the text begins. */
    static Supplier<String> head(Metadata metadata) {
        return () -> {
            String type = Objects.requireNonNullElse(metadata.get(Metadata.CONTENT_TYPE), "");
            if (!MAIL.contains(type.replaceFirst(";.*", "").strip())) {
                return "";
            }
            var lines = new StringBuilder();
            line(lines, "From", metadata.getValues("Message-From"));
            line(lines, "To", metadata.getValues("Message-To"));
            line(lines, "Cc", metadata.getValues("Message-Cc"));
            line(lines, "Date", metadata.getValues(TikaCoreProperties.CREATED.getName()));
            line(lines, "Subject", metadata.getValues(TikaCoreProperties.TITLE.getName()));
            return lines.toString();
        };
    }

    private static void line(StringBuilder lines, String name, String[] values) {
        String told =
                Stream.of(values).filter(value -> !value.isBlank()).distinct().collect(Collectors.joining(", "));
        if (!told.isEmpty()) {
            lines.append(lines.isEmpty() ? "" : "\n")
                    .append(name)
                    .append(": ")
                    .append(Blocks.cut(told.replaceAll("\\s+", " "), 2_000));
        }
    }

    /** Counts what comes out of all parts, and ends the file where that is too much. */
    private final class Counted extends FilterInputStream {

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(read);
            return read;
        }

        private void count(int read) throws IOException {
            unpacked += Math.max(0, read);
            if (unpacked > bounds.unpackedBytes()) {
                throw new IOException(
                        blocks.refuse("It unpacks to more than " + bounds.unpackedBytes() / 1_000_000 + " MB.", SPLIT));
            }
        }

        @Override
        public void close() {
            // the parent document's parser closes what it opened
        }
    }
}
