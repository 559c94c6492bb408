package dev.tandem.parse.child;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Takes an archive apart, one level deep: the files in it are told as {@link Frame.Kind#MEMBER}s, byte by byte, and read by
 * whoever asked. What systems put into archives for themselves is passed over, as hidden files in a folder are.
 */
final class Unpacking implements EmbeddedDocumentExtractor {

    private static final Pattern COMPRESSED = Pattern.compile("(?i).*\\.(?:t(?:gz|bz2|xz)|tar\\.(?:gz|bz2|xz))");
    private static final Pattern PASSED_OVER =
            Pattern.compile("(?:.*/)?(?:\\.|__MACOSX/|Thumbs\\.db$|desktop\\.ini$).*");
    private static final String SPLIT = "Unpack it, then ingest what is in it.";
    private static final int LONGEST_NAME = 1_000;

    private final AutoDetectParser parser = new AutoDetectParser();
    private final ParseContext context = new ParseContext();
    private final Bounds bounds;
    private final DataOutputStream out;
    private @Nullable Path folder;
    private boolean packedTwice;
    private int count;
    private long unpacked;
    private @Nullable Refused refused;

    Unpacking(Bounds bounds, DataOutputStream out) {
        this.bounds = bounds;
        this.out = out;
    }

    /** Tells all files in it, then that these were all; or the reason why the rest is not told. */
    void read(String name, Path file) throws IOException {
        folder = file.getParent();
        packedTwice = COMPRESSED.matcher(name).matches();
        var metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        context.set(EmbeddedDocumentExtractor.class, this);
        try {
            try (InputStream in = TikaInputStream.get(file, metadata)) {
                parser.parse(in, new DefaultHandler(), metadata, context);
            }
            if (refused != null) {
                throw refused;
            }
            int unread = metadata.getValues(TikaCoreProperties.TIKA_META_EXCEPTION_EMBEDDED_STREAM).length;
            if (unread > 0) {
                throw new Refused(
                        unread == 1
                                ? "One of its files cannot be unpacked: it is encrypted or broken."
                                : unread + " of its files cannot be unpacked: they are encrypted or broken.",
                        SPLIT);
            }
            if (count == 0) {
                throw new Refused("It holds no files.", "Mend or convert the file, then ingest it again.");
            }
            Frame.of(Frame.Kind.DONE).write(out);
        } catch (SAXException
                | TikaException
                | IOException
                | RuntimeException
                | StackOverflowError
                | LinkageError
                | AssertionError e) {
            Refused why = Objects.requireNonNullElseGet(refused, () -> Reading.why(e, metadata));
            Frame.of(Frame.Kind.FAILED, why.reason(), why.nextStep()).write(out);
        }
    }

    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
        return true;
    }

    @Override
    public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean html)
            throws SAXException, IOException {
        if (refused != null) {
            throw refused;
        }
        if (packedTwice) {
            // The archive that was compressed as a whole.
            packedTwice = false;
            try {
                parser.parse(TikaInputStream.get(stream), handler, metadata, context);
            } catch (TikaException e) {
                throw new SAXException(e);
            }
            return;
        }
        String name = Objects.requireNonNullElse(metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY), "");
        name = name.replace('\\', '/').replaceFirst("^(?:\\.?/)+", "");
        if (name.isEmpty() || name.endsWith("/") || PASSED_OVER.matcher(name).matches()) {
            return;
        }
        if (++count > bounds.parts()) {
            throw refuse("It holds more than " + bounds.parts() + " files.");
        }
        Path file = Files.createTempFile(Objects.requireNonNull(folder), "member", "");
        try {
            long length = copy(stream, file);
            Frame.of(Frame.Kind.MEMBER, length, Blocks.cut(name, LONGEST_NAME)).write(out);
            Files.copy(file, out);
        } finally {
            Files.delete(file);
        }
    }

    private long copy(InputStream in, Path file) throws IOException, SAXException {
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        try (OutputStream to = Files.newOutputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                unpacked += read;
                if (unpacked > bounds.unpackedBytes()) {
                    throw refuse("It unpacks to more than " + bounds.unpackedBytes() / 1_000_000 + " MB.");
                }
                to.write(buffer, 0, read);
            }
        }
        return length;
    }

    private Refused refuse(String reason) {
        refused = new Refused(reason, SPLIT);
        return refused;
    }
}
