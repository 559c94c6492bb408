package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a long table into tables of a chunk's size, each with the header on top, so that a row is never read without the
 * names of its columns. Takes rows one by one and keeps no more than one cut of them.
 */
final class Rows {

    /** Characters of about a chunk. */
    private static final int ENOUGH = 800;

    private static final int LONGEST_NAME = 100;

    private final Consumer<List<List<String>>> out;
    private final List<List<String>> rows = new ArrayList<>();
    private List<String> header = List.of();
    private boolean first = true;
    private int characters;

    /** @param out takes each cut */
    Rows(Consumer<List<List<String>>> out) {
        this.out = out;
    }

    /** Rows without a word in them are passed over. */
    void add(List<String> row) {
        if (row.stream().allMatch(String::isBlank)) {
            return;
        }
        if (first && rows.size() == 1) {
            first = false;
            header = isHeader(rows.getFirst(), row) ? rows.getFirst() : List.of();
        }
        if (characters > ENOUGH) {
            flush();
        }
        rows.add(row);
        for (String cell : row) {
            characters += cell.length() + 3;
        }
    }

    /** The next row is the first of another table. */
    void end() {
        flush();
        header = List.of();
        first = true;
    }

    private void flush() {
        if (!rows.isEmpty()) {
            var cut = new ArrayList<List<String>>();
            if (!header.isEmpty() && !rows.getFirst().equals(header)) {
                cut.add(header);
            }
            cut.addAll(rows);
            out.accept(cut);
        }
        rows.clear();
        characters = 0;
    }

    /** Names of columns: several short cells, none a figure, no fewer than the row below has. */
    private static boolean isHeader(List<String> row, List<String> below) {
        long named = row.stream().filter(cell -> !cell.isBlank()).count();
        return named > 1
                && named >= below.stream().filter(cell -> !cell.isBlank()).count()
                && row.stream().noneMatch(cell -> isFigure(cell) || cell.length() > LONGEST_NAME);
    }

    private static boolean isFigure(String cell) {
        return cell.chars().noneMatch(Character::isLetter) && cell.chars().anyMatch(Character::isDigit);
    }
}
