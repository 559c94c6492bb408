package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Calendar;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.common.PDNameTreeNode;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.jspecify.annotations.Nullable;

/** The text layer of a PDF, in pieces as a reader would read them. */
public final class PdfText {

    private static final int DEEPEST_NAMES = 8;

    /** The time limit has passed. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final long FOREVER = Long.MAX_VALUE / 2;

    /** Kept: a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.apache.pdfbox"), Logger.getLogger("org.apache.fontbox"));

    static {
        // What PDFBox would tell of flaws in a file is for its developers; what matters to us are its exceptions.
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
        PdfFonts.install();
    }

    private PdfText() {}

    /**
     * Hands over the text of a file's pages; what is large in it waits in temporary files.
     *
     * @throws NoTextLayer where its pages show none
     * @throws Failure INVALID, with the reason, for what cannot be read
     */
    public static OtherFormats.Told read(Path file, Consumer<Piece> out) {
        try {
            return guarded(() -> {
                try (PDDocument document =
                        Loader.loadPDF(file.toFile(), "", null, null, IOUtils.createTempFileOnlyStreamCache())) {
                    return read(document, System.nanoTime() + FOREVER, out);
                }
            });
        } catch (TooSlow never) {
            throw new IllegalStateException(never);
        }
    }

    /** @param deadline of {@link System#nanoTime()} */
    static OtherFormats.Told read(byte[] bytes, long deadline, Consumer<Piece> out) throws TooSlow {
        return guarded(() -> {
            try (PDDocument document = Loader.loadPDF(bytes)) {
                return read(document, deadline, out);
            }
        });
    }

    private interface Work {
        OtherFormats.Told read() throws IOException;
    }

    private static OtherFormats.Told guarded(Work work) throws TooSlow {
        try {
            return work.read();
        } catch (Failure | NoTextLayer told) {
            throw told;
        } catch (TooSlow slow) {
            throw slow;
        } catch (InvalidPasswordException locked) {
            throw Unreadable.because(
                    "It is encrypted and opens only with a password.",
                    "Save a copy without a password, then ingest that.",
                    locked);
        } catch (StackOverflowError deep) {
            throw Unreadable.because("It is nested too deeply to be read.", deep);
        } catch (IOException | RuntimeException broken) {
            throw Unreadable.because("It is broken: no PDF reader could make sense of it.", broken);
        }
    }

    private static OtherFormats.Told read(PDDocument document, long deadline, Consumer<Piece> out) throws IOException {
        if (!document.getCurrentAccessPermission().canExtractContent()) {
            throw Unreadable.because(
                    "Its author does not permit text to be taken out of it.",
                    "Ask for a copy that permits copying, then ingest that.",
                    null);
        }
        var reader = new PdfLines(deadline);
        List<PdfLine> lines = reader.read(document);
        if (!PdfLayout.write(lines, out)) {
            throw new NoTextLayer(why(reader, document));
        }
        SortedMap<String, String> metadata = metadata(document);
        if (!reader.brokenPages().isEmpty()) {
            metadata.put("unreadable pages", list(reader.brokenPages()));
        }
        if (!reader.scannedPages().isEmpty()) {
            metadata.put("scanned pages", list(reader.scannedPages()));
        }
        int attached = attached(document);
        if (attached > 0) {
            metadata.put(OtherFormats.UNREADABLE_PARTS, Integer.toString(attached));
        }
        return new OtherFormats.Told(
                document.getDocumentInformation().getTitle(), metadata, modified(document), reader.hidden());
    }

    /** Files that travel inside of it: they are not read, and that is said. */
    private static int attached(PDDocument document) throws IOException {
        var names = document.getDocumentCatalog().getNames();
        var files = names == null ? null : names.getEmbeddedFiles();
        return files == null ? 0 : attached(files, 0);
    }

    private static int attached(PDNameTreeNode<?> files, int depth) throws IOException {
        var own = files.getNames();
        int count = own == null ? 0 : own.size();
        var kids = files.getKids();
        if (kids != null && depth < DEEPEST_NAMES) {
            for (PDNameTreeNode<?> kid : kids) {
                count += attached(kid, depth + 1);
            }
        }
        return count;
    }

    private static NoTextLayer.Why why(PdfLines reader, PDDocument document) {
        if (reader.hidden() > 0) {
            return NoTextLayer.Why.HIDDEN;
        }
        return reader.brokenPages().size() == document.getNumberOfPages()
                ? NoTextLayer.Why.BROKEN
                : NoTextLayer.Why.PICTURES;
    }

    private static String list(List<Integer> pages) {
        return pages.toString().replaceAll("[\\[\\]]", "");
    }

    private static SortedMap<String, String> metadata(PDDocument document) {
        var found = new TreeMap<String, String>();
        PDDocumentInformation information = document.getDocumentInformation();
        put(found, "author", information.getAuthor());
        put(found, "subject", information.getSubject());
        put(found, "keywords", information.getKeywords());
        found.put("pages", Integer.toString(document.getNumberOfPages()));
        return found;
    }

    private static void put(SortedMap<String, String> found, String key, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            found.put(key, value);
        }
    }

    private static @Nullable Instant modified(PDDocument document) {
        PDDocumentInformation information = document.getDocumentInformation();
        try {
            Calendar changed = information.getModificationDate();
            Calendar date = changed == null ? information.getCreationDate() : changed;
            return date == null ? null : date.toInstant();
        } catch (DateTimeException | IllegalArgumentException nonsense) {
            return null;
        }
    }
}
