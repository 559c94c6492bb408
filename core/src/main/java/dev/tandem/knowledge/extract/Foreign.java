package dev.tandem.knowledge.extract;

import dev.tandem.domain.HiddenText;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes what {@link OtherFormats} hands over. */
final class Foreign implements Extractor {

    private static final Pattern POOR_TITLE =
            Pattern.compile("(?i)untitled.*|(?:powerpoint|microsoft) .*|.*\\.(?:docx?|xlsx?|pptx?|od[tsp]|rtf|txt)"
                    + "|[\\d\\W_]*|(?:slide|document|page|sheet|title|book) ?\\d*");

    private final Reader reader;

    private interface Reader {
        OtherFormats.Told read(String path, byte[] bytes, Consumer<Piece> out);
    }

    private Foreign(Reader reader) {
        this.reader = reader;
    }

    Foreign(OtherFormats formats) {
        this(formats::read);
    }

    /** Writes the text that is recognised in a picture. */
    static Foreign recognised(OtherFormats formats) {
        return new Foreign(formats::recognise);
    }

    @Override
    public Extracted extract(String path, byte[] bytes) {
        return new Reading().extract(path, bytes);
    }

    private final class Reading {

        private final BlockWriter out = new BlockWriter();
        private final Rows rows = new Rows(cut -> table(cut, out));
        private @Nullable String heading;
        private boolean inParts;

        Extracted extract(String path, byte[] bytes) {
            OtherFormats.Told told = reader.read(path, bytes, this::write);
            rows.end();
            ownEnds();
            out.hidden().add(HiddenText.Kind.OFFICE, told.hidden());
            return out.finish(title(told.title(), heading), path, told.metadata(), told.modified());
        }

        /** The names of files inside it are no title of a document. */
        private void ownEnds() {
            if (!inParts) {
                inParts = true;
                heading = out.titleOnFirstPage();
            }
        }

        private void write(Piece piece) {
            switch (piece) {
                case Piece.Part(int level, String name) -> {
                    ownEnds();
                    out.heading(level, seen(name));
                }
                case Piece.Heading(int level, String line) -> out.heading(level, seen(line));
                case Piece.Paragraph(String lines) -> out.paragraph(seen(lines));
                case Piece.Continued(String line) -> out.continued(seen(line));
                case Piece.Items(String lines) -> out.list(seen(lines));
                case Piece.Row row ->
                    rows.add(row.cells().stream().map(this::seen).toList());
                case Piece.TableEnd _ -> rows.end();
                case Piece.Page(int number) -> out.page(number);
            }
        }

        private String seen(String text) {
            return out.hidden().without(text);
        }
    }

    /** Rows of one cell are no table but a frame around text. */
    private static void table(List<List<String>> rows, BlockWriter out) {
        if (rows.stream().allMatch(row -> row.size() < 2)) {
            rows.forEach(row -> out.paragraph(String.join(" ", row)));
        } else {
            out.table(rows);
        }
    }

    private static @Nullable String title(@Nullable String given, @Nullable String heading) {
        String line = given == null ? "" : Tidy.title(given);
        if (!line.isEmpty() && !POOR_TITLE.matcher(line).matches()) {
            return line;
        }
        return heading == null || POOR_TITLE.matcher(heading).matches() ? null : heading;
    }
}
