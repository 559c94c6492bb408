package dev.tandem.domain;

/**
 * What goes in, and what should come out.
 *
 * @param input the text as it stands in the file
 * @param output the label or the text that is wanted, as it stands in the file; blank only where a passage is beside it that does not answer
 * @param beside what else there is
 * @param family examples of one family never stand in two parts; empty for one that has no relatives
 * @param part what it is there for
 * @param line where it begins in its file, from 1; 0 where it came from none
 */
public record Example(String input, String output, Beside beside, String family, Part part, int line) {

    public Example {
        boolean unanswered =
                beside instanceof Beside.Context context && context.answers().isEmpty();
        if (input.isBlank() || (output.isBlank() && !unanswered)) {
            throw new IllegalArgumentException("an example needs an input and an output");
        }
        if (line < 0) {
            throw new IllegalArgumentException("line " + line);
        }
    }

    /** An input and an output, and nothing else. */
    public Example(String input, String output, String family, Part part, int line) {
        this(input, output, Beside.NOTHING, family, part, line);
    }

    /** The same for another use. */
    public Example in(Part other) {
        return new Example(input, output, beside, family, other, line);
    }
}
