package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads examples from files: JSON Lines with {@code text} and {@code label} (or {@code input} and {@code output},
 * {@code question} and {@code answer}, {@code prompt} and {@code completion}), conversations in JSON Lines, and CSV or TSV
 * with a header; each plain or gzipped. Every row that is no example is named with its line and the reason.
 */
public final class Importer {

    private static final int SHOWN = 3;

    private Importer() {}

    public static Imported read(Path file) {
        return read(List.of(file), Columns.USUAL);
    }

    public static Imported read(List<Path> files) {
        return read(files, Columns.USUAL);
    }

    /**
     * All files, in order.
     *
     * @throws Failure MISSING where there is no such file, INVALID where one cannot be read or has nothing that is an example
     */
    public static Imported read(List<Path> files, Columns columns) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no files");
        }
        return files.stream()
                .map(file -> one(file, columns))
                .reduce(Imported::and)
                .orElseThrow();
    }

    private static Imported one(Path path, Columns columns) {
        Lines lines = Lines.of(path);
        String file = path.getFileName() == null
                ? path.toString()
                : path.getFileName().toString();
        if (lines.isBlank()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The file " + path + " is empty.",
                    "Write one example a line, for example {\"text\": \"Where is my card?\", \"label\": \"card_arrival\"}.");
        }
        if (isJson(file, lines)) {
            JsonRows.Result read = JsonRows.read(file, lines, columns);
            return imported(path, file, read.rows(), read.format());
        }
        char delimiter = Tables.delimiter(lines);
        return imported(path, file, Tables.read(file, lines, delimiter, columns), delimiter == '\t' ? "tsv" : "csv");
    }

    /** By its name, else by how it begins. */
    private static boolean isJson(String file, Lines lines) {
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
            return true;
        }
        return !name.endsWith(".csv")
                && !name.endsWith(".tsv")
                && lines.texts().stream()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .orElse("")
                        .stripLeading()
                        .startsWith("{");
    }

    private static Imported imported(Path path, String file, List<Row> rows, String format) {
        var examples = new ArrayList<Example>();
        Set<Integer> placed = new HashSet<>();
        var rejected = new ArrayList<Rejected>();
        for (Row row : rows) {
            switch (row) {
                case Row.Good good -> {
                    if (good.placed()) {
                        placed.add(examples.size());
                    }
                    examples.add(good.example());
                }
                case Row.Bad bad -> rejected.add(new Rejected(file, bad.line(), bad.reason()));
            }
        }
        if (examples.isEmpty()) {
            throw nothing(path, rejected);
        }
        return new Imported(examples, placed, rejected, format, List.of(file));
    }

    private static Failure nothing(Path path, List<Rejected> rejected) {
        String reasons = rejected.isEmpty()
                ? "there is nothing below its header"
                : rejected.stream()
                        .limit(SHOWN)
                        .map(row -> "line " + row.line() + ": " + Printable.of(row.reason()))
                        .collect(Collectors.joining("; "));
        return new Failure(
                Failure.Kind.INVALID,
                "Nothing in " + path + " is an example: " + reasons + ".",
                "Write JSON Lines with text and label, or CSV whose first line names the columns text and label.");
    }
}
