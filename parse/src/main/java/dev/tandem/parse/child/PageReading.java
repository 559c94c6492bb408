package dev.tandem.parse.child;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.NoTextLayer;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.extract.PdfText;
import dev.tandem.knowledge.extract.Piece;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** PDFs as {@link PdfText} reads them, told as {@link Frame}s: pages, tables and reading order stay what they are. */
final class PageReading {

    private static final String MEND = "Mend or convert the file, then ingest it again.";

    private final Bounds bounds;

    PageReading(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Tells text and metadata, then that this was all; or the reason why not. */
    void read(Path file, DataOutputStream out) throws IOException {
        try {
            var teller = new Teller(out);
            OtherFormats.Told told = PdfText.read(file, teller::tell);
            if (told.title() != null) {
                Frame.of(Frame.Kind.TITLE, Blocks.cut(told.title(), Reading.LONGEST_VALUE))
                        .write(out);
            }
            for (var each : told.metadata().entrySet()) {
                Frame.of(Frame.Kind.METADATA, each.getKey(), Blocks.cut(each.getValue(), Reading.LONGEST_VALUE))
                        .write(out);
            }
            if (told.hidden() > 0) {
                Frame.of(Frame.Kind.HIDDEN, told.hidden()).write(out);
            }
            if (told.modified() != null) {
                Frame.of(Frame.Kind.MODIFIED, told.modified().toEpochMilli()).write(out);
            }
            Frame.of(Frame.Kind.DONE).write(out);
        } catch (NoTextLayer none) {
            Frame.of(Frame.Kind.NO_TEXT_LAYER, none.why().name()).write(out);
        } catch (Failure why) {
            Frame.of(Frame.Kind.FAILED, String.valueOf(why.getMessage()), why.nextStep())
                    .write(out);
        } catch (LinkageError | AssertionError broken) {
            Frame.of(Frame.Kind.FAILED, "It is broken: no PDF reader could make sense of it.", MEND)
                    .write(out);
        }
    }

    private final class Teller {

        private final DataOutputStream out;
        private long characters;

        Teller(DataOutputStream out) {
            this.out = out;
        }

        void tell(Piece piece) {
            Frame frame = frame(piece);
            for (String text : frame.texts()) {
                characters += text.length();
            }
            if (characters > bounds.characters()) {
                throw new Failure(Failure.Kind.INVALID, Blocks.tooLong(bounds), Blocks.SPLIT);
            }
            try {
                frame.write(out);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private Frame frame(Piece piece) {
            return switch (piece) {
                case Piece.Heading(int level, String line) -> Frame.of(Frame.Kind.HEADING, level, line);
                case Piece.Paragraph(String lines) -> Frame.of(Frame.Kind.PARAGRAPH, lines);
                case Piece.Continued(String line) -> Frame.of(Frame.Kind.CONTINUED, line);
                case Piece.Items(String lines) -> Frame.of(Frame.Kind.ITEMS, lines);
                case Piece.Row(var cells) -> new Frame(Frame.Kind.ROW, 0, cells);
                case Piece.TableEnd _ -> Frame.of(Frame.Kind.TABLE_END);
                case Piece.Page(int number) -> Frame.of(Frame.Kind.PAGE, number);
                case Piece.Part(int level, String name) -> Frame.of(Frame.Kind.PART, level, name);
            };
        }
    }
}
