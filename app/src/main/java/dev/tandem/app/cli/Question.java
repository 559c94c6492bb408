package dev.tandem.app.cli;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Query;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The question as it is typed, in quotes or as bare words, or {@code -} for standard input. */
final class Question {

    /** Enough to count what a long question has too much, little enough for any memory. */
    private static final int MOST_BYTES = 4 << 20;

    @Parameters(
            arity = "1..*",
            paramLabel = "QUESTION",
            description = "in quotes or as bare words; - reads it from standard input")
    List<String> words = List.of();

    String text(InputStream in) {
        if (!words.equals(List.of("-"))) {
            return String.join(" ", words);
        }
        try {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The question has more than " + Text.number(MOST_BYTES) + " bytes; at most "
                                + Text.number(Query.LONGEST) + " characters are read.",
                        "Ask a shorter question, and ingest long text as a document.");
            }
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Standard input could not be read.",
                    "Give the question in quotes: tandem ask \"…\".",
                    e);
        }
    }
}
