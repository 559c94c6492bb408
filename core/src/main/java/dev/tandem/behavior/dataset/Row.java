package dev.tandem.behavior.dataset;

import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A row that was read: an example, or the reason why it is none. */
sealed interface Row {

    record Good(Example example, boolean placed) implements Row {}

    record Bad(int line, String reason) implements Row {}

    /** Takes a row; {@code part} as the file says it, empty where it says nothing. */
    static Row of(int line, String input, String output, Beside beside, String family, String part) {
        if (input.isBlank()) {
            return new Bad(line, "the input is blank");
        }
        if (output.isBlank() && !(beside instanceof Beside.Context)) {
            return new Bad(line, "the label or output is blank");
        }
        if (!isUnicode(input) || !isUnicode(output) || !isUnicode(family) || !isUnicode(beside.toString())) {
            return new Bad(line, "half of a surrogate pair, which is no character");
        }
        if (part.isBlank()) {
            return new Good(new Example(input, output, beside, family, Part.TRAIN, line), false);
        }
        Optional<Part> known = Part.of(part);
        return known.isPresent()
                ? new Good(new Example(input, output, beside, family, known.get(), line), true)
                : new Bad(line, "'" + Printable.of(part) + "' is not train, validation or test");
    }

    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
