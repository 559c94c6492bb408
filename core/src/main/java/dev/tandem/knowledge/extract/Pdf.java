package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import dev.tandem.domain.HiddenText;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Calendar;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.jspecify.annotations.Nullable;

/**
 * The text layer of a PDF, with pages. Reading runs on a thread of its own, so that a file made to be slow costs its
 * caller no more than the time limit; the thread itself gives up at the next drawing operation.
 */
final class Pdf implements Extractor {

    /** Its pages show no text that is in it. */
    private static final class NoText extends IOException {
        private static final long serialVersionUID = 1L;
        private final boolean allBroken;
        private final boolean hidden;

        NoText(boolean allBroken, boolean hidden) {
            this.allBroken = allBroken;
            this.hidden = hidden;
        }
    }

    /** The time limit has passed. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final Pattern POOR_TITLE = Pattern.compile(
            "(?i)untitled.*|microsoft (?:word|powerpoint|excel) - .*|.*\\.(?:docx?|pdf|indd|xlsx?|pptx?|rtf|txt|qxd|fm)|[\\d\\W_]*|\\S{0,3}|(?:slide|document|page) ?\\d*");
    private static final int STACK = 16 << 20;

    /** Kept: a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.apache.pdfbox"), Logger.getLogger("org.apache.fontbox"));

    static {
        // What PDFBox would tell of flaws in a file is for its developers; what matters to us are its exceptions.
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
        PdfFonts.install();
    }

    private final Duration limit;
    private final OtherFormats others;

    /** @param others have a last look at what shows no text: they may know of more than the pages say */
    Pdf(Duration limit, OtherFormats others) {
        this.limit = limit;
        this.others = others;
    }

    @Override
    public Extracted extract(String path, byte[] bytes) {
        long deadline = System.nanoTime() + limit.toNanos();
        var task = new FutureTask<>(() -> read(path, bytes, deadline));
        Thread worker = new Thread(null, task, "pdf", STACK);
        worker.setDaemon(true);
        worker.start();
        try {
            return task.get(limit.toMillis() + 100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillRunning) {
            throw tooSlow(stillRunning);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof NoText none) {
                return withoutText(path, bytes, none);
            }
            throw reason(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Unreadable.because("Reading it was interrupted.", stopped);
        }
    }

    private Failure reason(@Nullable Throwable cause) {
        return switch (cause) {
            case Failure failure -> failure;
            case TooSlow slow -> tooSlow(slow);
            case InvalidPasswordException locked ->
                Unreadable.because(
                        "It is encrypted and opens only with a password.",
                        "Save a copy without a password, then ingest that.",
                        locked);
            case OutOfMemoryError large -> Unreadable.because("Reading it takes more memory than there is.", large);
            case StackOverflowError deep -> Unreadable.because("It is nested too deeply to be read.", deep);
            case null, default -> Unreadable.because("It is broken: no PDF reader could make sense of it.", cause);
        };
    }

    private Failure tooSlow(Throwable cause) {
        String time = limit.toSeconds() > 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
        return Unreadable.because("Reading it takes longer than " + time + ".", cause);
    }

    private Extracted read(String path, byte[] bytes, long deadline) throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            if (!document.getCurrentAccessPermission().canExtractContent()) {
                throw Unreadable.because(
                        "Its author does not permit text to be taken out of it.",
                        "Ask for a copy that permits copying, then ingest that.",
                        null);
            }
            var reader = new PdfLines(deadline);
            List<PdfLine> lines = reader.read(document);
            var out = new BlockWriter();
            PdfLayout.write(lines, out);
            if (out.isEmpty()) {
                throw new NoText(reader.brokenPages().size() == document.getNumberOfPages(), reader.hidden() > 0);
            }
            out.hidden().add(HiddenText.Kind.PDF, reader.hidden());
            SortedMap<String, String> metadata = metadata(document);
            if (!reader.brokenPages().isEmpty()) {
                metadata.put("unreadable pages", list(reader.brokenPages()));
            }
            if (!reader.scannedPages().isEmpty()) {
                metadata.put("scanned pages", list(reader.scannedPages()));
            }
            return out.finish(title(document, out), path, metadata, modified(document));
        }
    }

    private static String list(List<Integer> pages) {
        return pages.toString().replaceAll("[\\[\\]]", "");
    }

    /** Others may know of more than the pages say; else somebody may recognise what the pages show. */
    private Extracted withoutText(String path, byte[] bytes, NoText none) {
        if (!none.hidden) {
            try {
                return new Foreign(others).extract(path, bytes);
            } catch (Failure norThere) {
                // What is wrong with it is said below.
            }
        }
        if (others.recognises() && !none.allBroken) {
            return Foreign.recognised(others).extract(path, bytes);
        }
        throw noText(none);
    }

    private static Failure noText(NoText none) {
        if (none.hidden) {
            return Unreadable.because(
                    "Its pages show no text: all that is in it is hidden.",
                    "Print it to a new PDF, then ingest that.",
                    none);
        }
        return none.allBroken
                ? Unreadable.because("It is broken: none of its pages can be read.")
                : Unreadable.because(
                        "It has no text layer: its pages are pictures or empty.",
                        "Install tesseract, which recognises their text (Debian: tesseract-ocr), then ingest it again.",
                        none);
    }

    private static @Nullable String title(PDDocument document, BlockWriter out) {
        String told = document.getDocumentInformation().getTitle();
        String line = told == null ? "" : Tidy.title(told);
        return line.isEmpty() || POOR_TITLE.matcher(line).matches() ? out.titleOnFirstPage() : line;
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
