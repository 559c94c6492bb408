package dev.tandem.knowledge.extract;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/** Rows with their header, as RFC 4180 has them; what separates cells is what parts most of the first lines. */
final class Csv implements Extractor {

    private static final char[] SEPARATORS = {',', ';', '\t', '|'};
    private static final int SAMPLE = 20;

    /** Of one line; spreadsheets have fewer columns. */
    private static final int MOST_CELLS = 20_000;

    @Override
    public Extracted extract(String path, byte[] bytes) {
        String text = Decoding.text(bytes);
        var out = new BlockWriter();
        String whole = out.hidden().without(text);
        char separator = separator(whole);
        if (hasEndlessRow(whole, separator)) {
            return new PlainText().extract(path, bytes);
        }
        var rows = new Rows(out::table);
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(separator)
                .setIgnoreEmptyLines(true)
                .get();
        try (CSVParser records = CSVParser.parse(new StringReader(whole), format)) {
            records.forEach(each -> rows.add(each.toList()));
            rows.end();
        } catch (IOException | UncheckedIOException | IllegalStateException badlyQuoted) {
            // Not rows after all: it is read as the text that it is.
            return new PlainText().extract(path, bytes);
        }
        return out.finish(null, path, new TreeMap<>(), null);
    }

    /** Each cell of a row is held at once, and takes many times its letters. */
    private static boolean hasEndlessRow(String text, char separator) {
        int cells = 0;
        for (int i = 0; i < text.length() && cells <= MOST_CELLS; i++) {
            char at = text.charAt(i);
            if (at == separator) {
                cells++;
            } else if (at == '\n' || at == '\r') {
                cells = 0;
            }
        }
        return cells > MOST_CELLS;
    }

    private static char separator(String text) {
        char best = SEPARATORS[0];
        long most = 0;
        for (char separator : SEPARATORS) {
            long parted = text.lines()
                    .limit(SAMPLE)
                    .filter(line -> line.indexOf(separator) >= 0)
                    .count();
            if (parted > most) {
                most = parted;
                best = separator;
            }
        }
        return best;
    }
}
