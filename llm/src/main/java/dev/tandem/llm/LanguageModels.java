package dev.tandem.llm;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Printable;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Opens language models by reference. Nothing is sent before the first prompt. */
public final class LanguageModels {

    private static final String EXAMPLE =
            "Write openai:NAME, anthropic:NAME, google:NAME, mistral:NAME, cohere:NAME, ollama:NAME, or"
                    + " openai-compatible:URL#NAME, for example openai-compatible:http://127.0.0.1:8080/v1#llama3.2.";

    /** Who serves models, at which address, and how they are spoken with. */
    private enum Provider {
        OPENAI("openai", "https://api.openai.com/v1", Protocol.OPENAI, true),
        ANTHROPIC("anthropic", "https://api.anthropic.com/v1", Protocol.ANTHROPIC, true),
        GOOGLE("google", "https://generativelanguage.googleapis.com/v1beta", Protocol.GOOGLE, true),
        MISTRAL("mistral", "https://api.mistral.ai/v1", Protocol.OPENAI_COMPATIBLE, true),
        COHERE("cohere", "https://api.cohere.ai/compatibility/v1", Protocol.OPENAI_COMPATIBLE, true),
        OLLAMA("ollama", "http://127.0.0.1:11434/v1", Protocol.OPENAI_COMPATIBLE, false),
        OPENAI_COMPATIBLE("openai-compatible", "", Protocol.OPENAI_COMPATIBLE, false);

        private final String prefix;
        private final String base;
        private final Protocol protocol;
        private final boolean needsKey;

        Provider(String prefix, String base, Protocol protocol, boolean needsKey) {
            this.prefix = prefix;
            this.base = base;
            this.protocol = protocol;
            this.needsKey = needsKey;
        }
    }

    /**
     * How long a language model is waited for.
     *
     * @param connect for a connection
     * @param firstText from the prompt to the first piece of text; local models may have to load first
     * @param nextText between two pieces; a stream that stalls for longer counts as cut
     * @param retryAfter before a refused prompt (too many requests, server error) is sent once more; twice as long before
     *     the third and last time; a server that says itself when to come back is obeyed
     * @param deadline for everything together, tries and waits and a fallback; what is written by then is kept, as cut
     * @param rest how long a server that failed {@value Breaker#FAILURES} times in a row is left alone
     */
    public record Patience(
            Duration connect,
            Duration firstText,
            Duration nextText,
            Duration retryAfter,
            Duration deadline,
            Duration rest) {
        public static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30));

        public Patience withDeadline(Duration whole) {
            return new Patience(connect, firstText, nextText, retryAfter, whole, rest);
        }
    }

    private LanguageModels() {}

    /** As {@link #open(String, String, Patience)}, with {@link Patience#DEFAULT}. */
    public static Generator open(String reference, @Nullable String key) {
        return open(reference, key, Patience.DEFAULT);
    }

    /**
     * A generator that streams from the model.
     *
     * @param reference {@code PROVIDER:NAME}, or {@code PROVIDER:URL#NAME} for the same at another base address;
     *     {@code openai-compatible} always has one
     * @param key sent the way the provider wants it and nowhere else, never shown; null or blank where there is none
     * @throws Failure INVALID for a reference that cannot be read, or a provider that wants a key where there is none
     */
    public static Generator open(String reference, @Nullable String key, Patience patience) {
        return remote(reference, key, patience);
    }

    /** The first model, and where it fails before it wrote anything, the second. */
    public static Generator open(
            String reference, @Nullable String key, String fallback, @Nullable String fallbackKey, Patience patience) {
        return new Fallback(
                remote(reference, key, patience), remote(fallback, fallbackKey, patience), patience.deadline());
    }

    /**
     * Asks no server and needs no key.
     *
     * @throws Failure INVALID for a reference that cannot be read
     */
    public static void requireReadable(String reference) {
        read(reference, provider(reference));
    }

    private static Provider provider(String reference) {
        String prefix = reference.substring(0, Math.max(0, reference.indexOf(':')));
        return Arrays.stream(Provider.values())
                .filter(known -> known.prefix.equals(prefix))
                .findFirst()
                .orElseThrow(() -> unreadable(reference, "names no kind of model that is known"));
    }

    private static Served read(String reference, Provider provider) {
        String rest = reference.substring(reference.indexOf(':') + 1).strip();
        return Served.read(rest, provider.base, why -> unreadable(reference, why));
    }

    private static RemoteModel remote(String reference, @Nullable String key, Patience patience) {
        Provider provider = provider(reference);
        Served served = read(reference, provider);
        String given = Served.key(key);
        if (provider.needsKey && given == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The model '" + Printable.of(reference) + "' needs a key.",
                    "Say where it is found: tandem config set model-key env:NAME (model-fallback-key for a fallback).");
        }
        return new RemoteModel(provider.protocol, served.base(), served.name(), given, patience);
    }

    private static Failure unreadable(String reference, String why) {
        return new Failure(Failure.Kind.INVALID, "The model '" + Served.shown(reference) + "' " + why + ".", EXAMPLE);
    }
}
