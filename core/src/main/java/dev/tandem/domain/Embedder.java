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

    List<float[]> embed(List<String> texts, Role role);

    /** Tokens of the text, special tokens included, before any cut to {@link Encoder#maxTokens()}. */
    int countTokens(String text);
}
