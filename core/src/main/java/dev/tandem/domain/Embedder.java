package dev.tandem.domain;

import java.util.List;

/** Unit vectors, [texts, dimensions], in the order of the texts. */
public interface Embedder {

    /** Some encoders want queries prefixed and passages not, or both. */
    enum Role {
        QUERY,
        PASSAGE
    }

    Encoder encoder();

    /** Where texts go outside this machine; empty where they stay. Who does not say is taken to be far away. */
    default List<String> endpoints() {
        return List.of(encoder().name());
    }

    List<float[]> embed(List<String> texts, Role role);

    /** Tokens of the text, special tokens included, before any cut to {@link Encoder#maxTokens()}. */
    int countTokens(String text);
}
