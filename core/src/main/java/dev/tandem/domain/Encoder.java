package dev.tandem.domain;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which sentence encoder made a vector.
 *
 * @param name for people
 * @param hash content hash over weights, tokenizer and settings: 64 hex digits; equal hash, comparable vectors
 * @param dimensions of every vector
 * @param maxTokens longer texts are cut to this many tokens, special tokens included
 * @param languages that it learned; texts in others get no vectors. Empty: all, as far as anybody says
 */
public record Encoder(String name, String hash, int dimensions, int maxTokens, Set<Language> languages) {

    public Encoder {
        languages = languages.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(languages));
    }

    /** One that knows all languages, or of which nobody says otherwise. */
    public Encoder(String name, String hash, int dimensions, int maxTokens) {
        this(name, hash, dimensions, maxTokens, Set.of());
    }

    /** Whether a vector of a text in that language means anything. */
    public boolean knows(Language language) {
        return languages.isEmpty() || languages.contains(language);
    }

    /** The same encoder, said to know these languages. */
    public Encoder knowing(Set<Language> others) {
        return new Encoder(name, hash, dimensions, maxTokens, others);
    }

    /** {@code de,en}; empty for all. */
    public String languageCodes() {
        return languages.stream().map(Language::code).sorted().collect(Collectors.joining(","));
    }

    /**
     * Reads {@link #languageCodes}.
     *
     * @throws Failure INVALID where one of them is none
     */
    public static Set<Language> languages(String codes) {
        return codes.isBlank()
                ? Set.of()
                : Arrays.stream(codes.split(",", -1)).map(Language::named).collect(Collectors.toUnmodifiableSet());
    }
}
