package dev.tandem.domain;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Writes text after a prompt, handing over each piece as it comes; returns the whole. Failures are UPSTREAM. */
public interface Generator {

    /**
     * What is asked.
     *
     * @param collection that the text is of, or asks of, which decides whether it may leave this machine; empty where it is
     *     of none
     */
    record Prompt(String system, String user, int maxTokens, String collection) {}

    /**
     * What came back.
     *
     * @param truncated the text ended before the model was done: a cut stream or the token limit
     * @param promptTokens as the server counted them; 0 where it did not say
     * @param by the name of the model that wrote it, which may be a fallback's
     */
    record Completion(String text, boolean truncated, int promptTokens, int completionTokens, String by) {}

    /** For people and the answer's {@code by}. */
    String name();

    /** Where what it is given goes outside this machine, such as {@code https://api.openai.com}; empty where it stays. */
    default List<String> endpoints() {
        return List.of(name()); // who does not say is taken to be far away
    }

    Completion generate(Prompt prompt, Consumer<String> onText);

    /** The same model, with that much time for a prompt where its own would be more. */
    default Generator within(Duration time) {
        return this;
    }
}
