package dev.tandem.assistant;

import dev.tandem.domain.Hit;
import java.util.List;
import java.util.Set;

/**
 * A question with what retrieval found for it and what is right: what the built-in reader learns from.
 *
 * @param hits best first
 * @param answers any of which is right; none where nothing answers
 * @param documents ids of the documents that answer
 */
public record ReaderExample(String question, List<Hit> hits, List<String> answers, Set<String> documents) {

    public ReaderExample {
        hits = List.copyOf(hits);
        answers = List.copyOf(answers);
        documents = Set.copyOf(documents);
    }
}
