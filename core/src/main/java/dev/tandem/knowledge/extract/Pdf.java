package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import dev.tandem.domain.HiddenText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text layer of a PDF, with pages. Where nobody else reads it, it is read on a thread of its own, so that a file made to
 * be slow costs its caller no more than the time limit; the thread itself gives up at the next drawing operation.
 */
final class Pdf implements Extractor {

    private static final Pattern POOR_TITLE = Pattern.compile(
            "(?i)untitled.*|microsoft (?:word|powerpoint|excel) - .*|.*\\.(?:docx?|pdf|indd|xlsx?|pptx?|rtf|txt|qxd|fm)|[\\d\\W_]*|\\S{0,3}|(?:slide|document|page) ?\\d*");
    private static final int STACK = 16 << 20;

    private final Duration limit;
    private final OtherFormats others;

    /** @param others may read pages elsewhere, and have a last look at what shows no text: they may know of more */
    Pdf(Duration limit, OtherFormats others) {
        this.limit = limit;
        this.others = others;
    }

    @Override
    public Extracted extract(String path, byte[] bytes) {
        var pages = new Pages();
        try {
            OtherFormats.Told told =
                    others.readsPages() ? others.readPages(path, bytes, pages::write) : read(bytes, pages::write);
            return pages.finish(path, told);
        } catch (NoTextLayer none) {
            return withoutText(path, bytes, none);
        }
    }

    private OtherFormats.Told read(byte[] bytes, Consumer<Piece> out) {
        long deadline = System.nanoTime() + limit.toNanos();
        var task = new FutureTask<>(() -> PdfText.read(bytes, deadline, out));
        Thread worker = new Thread(null, task, "pdf", STACK);
        worker.setDaemon(true);
        worker.start();
        try {
            return task.get(limit.toMillis() + 100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillRunning) {
            throw tooSlow(stillRunning);
        } catch (ExecutionException failed) {
            throw reason(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Unreadable.because("Reading it was interrupted.", stopped);
        }
    }

    private RuntimeException reason(@Nullable Throwable cause) {
        return switch (cause) {
            case Failure failure -> failure;
            case NoTextLayer none -> none;
            case PdfText.TooSlow slow -> tooSlow(slow);
            case OutOfMemoryError large -> Unreadable.because("Reading it takes more memory than there is.", large);
            case null, default -> Unreadable.because("It is broken: no PDF reader could make sense of it.", cause);
        };
    }

    private Failure tooSlow(Throwable cause) {
        String time = limit.toSeconds() > 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
        return Unreadable.because("Reading it takes longer than " + time + ".", cause);
    }

    /** Others may know of more than the pages say; else somebody may recognise what the pages show. */
    private Extracted withoutText(String path, byte[] bytes, NoTextLayer none) {
        if (none.why() != NoTextLayer.Why.HIDDEN) {
            try {
                return new Foreign(others).extract(path, bytes);
            } catch (Failure norThere) {
                // What is wrong with it is said below.
            }
        }
        if (others.recognises() && none.why() != NoTextLayer.Why.BROKEN) {
            return Foreign.recognised(others).extract(path, bytes);
        }
        throw switch (none.why()) {
            case HIDDEN ->
                Unreadable.because(
                        "Its pages show no text: all that is in it is hidden.",
                        "Print it to a new PDF, then ingest that.",
                        none);
            case BROKEN -> Unreadable.because("It is broken: none of its pages can be read.", none);
            case PICTURES ->
                Unreadable.because(
                        "It has no text layer: its pages are pictures or empty.",
                        "Install tesseract, which recognises their text (Debian: tesseract-ocr), then ingest it again.",
                        none);
        };
    }

    /** Writes the pieces of one file. */
    private static final class Pages {

        private final BlockWriter out = new BlockWriter();
        private final List<List<String>> rows = new ArrayList<>();

        void write(Piece piece) {
            switch (piece) {
                case Piece.Heading(int level, String line) -> out.heading(level, line);
                case Piece.Paragraph(String lines) -> out.paragraph(lines);
                case Piece.Continued(String line) -> out.continued(line);
                case Piece.Items(String lines) -> out.list(lines);
                case Piece.Row(List<String> cells) -> rows.add(cells);
                case Piece.TableEnd _ -> {
                    out.table(rows);
                    rows.clear();
                }
                case Piece.Page(int number) -> out.page(number);
                case Piece.Part(int level, String name) -> out.heading(level, name);
            }
        }

        Extracted finish(String path, OtherFormats.Told told) {
            out.hidden().add(HiddenText.Kind.PDF, told.hidden());
            String line = told.title() == null ? "" : Tidy.title(told.title());
            return out.finish(
                    line.isEmpty() || POOR_TITLE.matcher(line).matches() ? out.titleOnFirstPage() : line,
                    path,
                    told.metadata(),
                    told.modified());
        }
    }
}
