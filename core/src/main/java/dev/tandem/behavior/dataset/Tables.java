package dev.tandem.behavior.dataset;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Rows of CSV (RFC 4180) and its kin with tabs or semicolons; the first row names the columns. */
final class Tables {

    /** A quote that is never closed would otherwise swallow the rest of the file. */
    private static final int MOST_LINES = 1000;

    private final String file;
    private final Lines lines;
    private final CSVFormat format;
    private final List<Row> rows = new ArrayList<>();
    private List<String> header = List.of();
    private Columns.@Nullable Found columns;

    private Tables(String file, Lines lines, char delimiter) {
        this.file = file;
        this.lines = lines;
        this.format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .get();
    }

    /** A tab or semicolon where the first line has more of them than commas. */
    static char delimiter(Lines lines) {
        String first = lines.texts().stream()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
        char best = ',';
        for (char candidate : new char[] {'\t', ';'}) {
            if (count(first, candidate) > count(first, best)) {
                best = candidate;
            }
        }
        return best;
    }

    /** Throws {@link Failure} where a column is not there. */
    static List<Row> read(String file, Lines lines, char delimiter, Columns wanted) {
        var table = new Tables(file, lines, delimiter);
        for (int next = 0; next < lines.texts().size(); ) {
            next += lines.texts().get(next).isBlank() ? 1 : table.take(next, wanted);
        }
        return table.rows;
    }

    /** Reads the row that begins on that line, counted from 0, and says how many lines it has. */
    private int take(int line, Columns wanted) {
        String wrong = lines.wrong().get(line);
        if (!wrong.isEmpty()) {
            rows.add(new Row.Bad(line + 1, wrong));
            return 1;
        }
        String chunk = chunk(line);
        List<CSVRecord> records;
        try (CSVParser parser = CSVParser.parse(chunk, format)) {
            records = parser.getRecords();
        } catch (IOException | UncheckedIOException _) {
            rows.add(new Row.Bad(line + 1, "a quote that is not closed, or text behind a closed one"));
            return 1;
        }
        CSVRecord record = records.getFirst();
        int taken =
                1 + (int) record.stream().mapToLong(value -> count(value, '\n')).sum();
        if (records.size() > 1 && chunk.indexOf('\n') < 0) {
            rows.add(new Row.Bad(line + 1, "a line break that is not quoted"));
            return taken;
        }
        Columns.Found found = columns;
        if (found == null) {
            header = record.toList();
            columns = wanted.among(file, header);
        } else if (record.size() != header.size()) {
            rows.add(new Row.Bad(
                    line + 1,
                    record.size() + " columns where the header has " + header.size()
                            + (record.size() > header.size() ? "; quote a text that holds the delimiter" : "")));
        } else {
            rows.add(Structured.row(
                    line + 1,
                    record.get(header.indexOf(found.input())),
                    List.of(record.get(header.indexOf(found.output()))),
                    found.negative().stream()
                            .map(name -> record.get(header.indexOf(name)))
                            .toList(),
                    found.context().map(name -> record.get(header.indexOf(name))),
                    found.family().map(name -> record.get(header.indexOf(name))).orElse(""),
                    found.part().map(name -> record.get(header.indexOf(name))).orElse("")));
        }
        return taken;
    }

    /** The line, with those behind it as long as a quote is open. */
    private String chunk(int line) {
        var chunk = new StringBuilder(lines.texts().get(line));
        boolean open = count(chunk, '"') % 2 == 1;
        int end = Math.min(line + MOST_LINES, lines.texts().size());
        for (int i = line + 1;
                open && i < end && lines.wrong().get(i).isEmpty() && chunk.length() < Lines.LONGEST;
                i++) {
            String next = lines.texts().get(i);
            chunk.append('\n').append(next);
            open ^= count(next, '"') % 2 == 1;
        }
        return chunk.toString();
    }

    private static long count(CharSequence text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }
}
