package dev.tandem.app.sample;

import java.util.List;

/**
 * A question to the sample company.
 *
 * @param id stable
 * @param kind what should come of it
 * @param asker the principal who asks, as {@code --as} takes it
 * @param insider for {@link Kind#RESTRICTED}: a principal who may read the answer; else empty
 * @param document path of the document that answers ({@code file.jsonl#record} for records); empty where none does
 * @param quote words of that document which hold the answer; empty where none does
 * @param answers any one of them is right; empty where there is no answer
 */
public record SampleCase(
        String id,
        Kind kind,
        String question,
        String asker,
        String insider,
        String document,
        String quote,
        List<String> answers) {

    /** Where the answer stands. */
    public enum Kind {
        /** In a sentence. */
        PROSE,
        /** In a cell of a table. */
        TABLE,
        /** Nowhere. */
        UNANSWERABLE,
        /** In a document that the asker may not read. */
        RESTRICTED
    }

    public SampleCase {
        answers = List.copyOf(answers);
    }
}
