package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;

/** Where an extractor's blocks go: into the document, or into an item of a list in it. */
interface BlockOut {

    void heading(int level, CharSequence line);

    /** Running text: line ends in it are kept, so pass one line unless they mean something. */
    void paragraph(CharSequence lines);

    /** Items with their markers, one a line; lines of nested items are indented by two spaces a level. */
    void list(CharSequence lines);

    /** Rows of cells; a cell is put on one line. */
    void table(List<List<String>> rows);

    void code(CharSequence lines);

    /** The lines of one list item: whatever stands in it, without blank lines. */
    final class Item implements BlockOut {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void heading(int level, CharSequence line) {
            add(Tidy.line(line));
        }

        @Override
        public void paragraph(CharSequence lines) {
            add(lines);
        }

        @Override
        public void list(CharSequence lines) {
            add(lines);
        }

        @Override
        public void table(List<List<String>> rows) {
            add(BlockWriter.rows(rows));
        }

        @Override
        public void code(CharSequence lines) {
            add(lines);
        }

        private void add(CharSequence text) {
            Tidy.lines(text).lines().filter(line -> !line.isBlank()).forEach(lines::add);
        }

        List<String> lines() {
            return lines;
        }

        /** Adds this item to a list: its first line behind the marker, the others indented below. */
        void write(String marker, StringBuilder list) {
            if (lines.isEmpty()) {
                return;
            }
            for (int i = 0; i < lines.size(); i++) {
                list.append(list.isEmpty() ? "" : "\n")
                        .append(i == 0 ? marker : "  ")
                        .append(lines.get(i));
            }
        }
    }
}
