package dev.tandem.knowledge.extract;

import java.util.List;

/** One block of a document as {@link OtherFormats} hands it over; its text is tidied by who takes it. */
public sealed interface Piece {

    /**
     * What the text below is about.
     *
     * @param level 1 for the outermost
     */
    record Heading(int level, String line) implements Piece {}

    /** Running text: line ends in it are kept. */
    record Paragraph(String lines) implements Piece {}

    /** More of the paragraph before, on a later page: a space stands between and not a blank line. */
    record Continued(String line) implements Piece {}

    /** Items with their markers, one a line. */
    record Items(String lines) implements Piece {}

    /** The next row of a table; the first is the header where there is one. */
    record Row(List<String> cells) implements Piece {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /** The rows before were all of their table. */
    record TableEnd() implements Piece {}

    /**
     * What follows, to the end or the next of these, is the text of a file inside the file.
     *
     * @param level of its name as a heading
     */
    record Part(int level, String name) implements Piece {}

    /** What follows stands on this page, from 1. */
    record Page(int number) implements Piece {
        public Page {
            if (number < 1) {
                throw new IllegalArgumentException("pages count from 1: " + number);
            }
        }
    }
}
