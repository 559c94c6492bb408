package dev.tandem.domain;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Unit vectors, [texts, dimensions], in the order of the texts. */
public interface Embedder {

    /** Some encoders want queries prefixed and passages not, or both. */
    enum Role {
        QUERY,
        PASSAGE
    }

    /** Takes the vectors of some of the texts, [count, dimensions], those from that place on. */
    @FunctionalInterface
    interface Sink {
        void vectors(int from, List<float[]> vectors);
    }

    Encoder encoder();

    /** Where texts go outside this machine; empty where they stay. Who does not say is taken to be far away. */
    default List<String> endpoints() {
        return List.of(encoder().name());
    }

    List<float[]> embed(List<String> texts, Role role);

    /**
     * The same, handed over as they come, in any order and on the calling thread: where a part fails, what was made before
     * was handed over.
     */
    default void embed(List<String> texts, Role role, Sink sink) {
        sink.vectors(0, embed(texts, role));
    }

    /** Tokens of the text, special tokens included, before any cut to {@link Encoder#maxTokens()}; an estimate where the
     * tokenizer is somebody else's. */
    int countTokens(String text);

    /** The server that embeds, on this machine or another; empty where it is done in this process. */
    default Optional<URI> server() {
        return Optional.empty();
    }
}
