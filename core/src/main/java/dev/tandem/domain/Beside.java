package dev.tandem.domain;

import java.util.List;

/** What an example has besides its input and its output. */
public sealed interface Beside {

    /** Nothing. */
    Beside NOTHING = new Nothing();

    /** Nothing; see {@link #NOTHING}. */
    record Nothing() implements Beside {}

    /**
     * Of a question with a passage that answers it: passages that do not.
     *
     * @param passages at least one
     */
    record Negatives(List<String> passages) implements Beside {
        public Negatives {
            passages = List.copyOf(passages);
            if (passages.isEmpty()) {
                throw new IllegalArgumentException("no passages");
            }
        }
    }

    /**
     * Of a question with its answer: the passage in which that stands.
     *
     * @param answers all that are right, word for word as they stand there, one as often as it was given; none where the
     *     passage does not answer
     */
    record Context(String passage, List<String> answers) implements Beside {
        public Context {
            answers = List.copyOf(answers);
            for (String answer : answers) {
                if (answer.isBlank() || !passage.contains(answer)) {
                    throw new IllegalArgumentException("an answer does not stand in its passage");
                }
            }
        }
    }
}
