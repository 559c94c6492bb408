package dev.tandem.domain;

/**
 * What goes in, and what should come out.
 *
 * @param input the text as it stands in the file
 * @param output the label or the text that is wanted, as it stands in the file
 * @param family examples of one family never stand in two parts; empty for one that has no relatives
 * @param part what it is there for
 * @param line where it begins in its file, from 1; 0 where it came from none
 */
public record Example(String input, String output, String family, Part part, int line) {

    public Example {
        if (input.isBlank() || output.isBlank()) {
            throw new IllegalArgumentException("an example needs an input and an output");
        }
        if (line < 0) {
            throw new IllegalArgumentException("line " + line);
        }
    }

    /** The same for another use. */
    public Example in(Part other) {
        return new Example(input, output, family, other, line);
    }
}
