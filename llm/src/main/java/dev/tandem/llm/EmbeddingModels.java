package dev.tandem.llm;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens encoders that are served, by reference. Nothing is sent before the first text, or the first question for its size. */
public final class EmbeddingModels {

    private static final String EXAMPLE =
            "Write openai:NAME, cohere:NAME, ollama:NAME, or openai-compatible:URL#NAME, for"
                    + " example openai-compatible:http://127.0.0.1:8080/v1#bge-m3; or the folder of an encoder in ONNX.";

    /** Who serves encoders, at which address, and how they are spoken with. */
    private enum Provider {
        OPENAI("openai", "https://api.openai.com/v1", EmbeddingProtocol.OPENAI, true),
        COHERE("cohere", "https://api.cohere.com", EmbeddingProtocol.COHERE, true),
        OLLAMA("ollama", "http://127.0.0.1:11434", EmbeddingProtocol.OLLAMA, false),
        OPENAI_COMPATIBLE("openai-compatible", "", EmbeddingProtocol.OPENAI_COMPATIBLE, false);

        private final String prefix;
        private final String base;
        private final EmbeddingProtocol protocol;
        private final boolean needsKey;

        Provider(String prefix, String base, EmbeddingProtocol protocol, boolean needsKey) {
            this.prefix = prefix;
            this.base = base;
            this.protocol = protocol;
            this.needsKey = needsKey;
        }
    }

    /**
     * How hard a server may be driven.
     *
     * @param perMinute most requests in a minute; 0 for no limit of one's own
     * @param parallel most requests at a time
     */
    public record Drive(int perMinute, int parallel) {
        public static final Drive STANDARD = new Drive(0, 4);
    }

    private EmbeddingModels() {}

    /** Whether that names an encoder that is served, and no folder. */
    public static boolean isRemote(String reference) {
        return provider(reference).isPresent();
    }

    /** Whether what is sent to the server stays on this machine. */
    public static boolean isHere(URI server) {
        return Distance.endpoints(server).isEmpty();
    }

    private static Optional<Provider> provider(String reference) {
        return Arrays.stream(Provider.values())
                .filter(each -> reference.startsWith(each.prefix + ":"))
                .findFirst();
    }

    /**
     * Asks no server and needs no key.
     *
     * @throws Failure INVALID for a reference that names no server, or cannot be read
     */
    public static void requireReadable(String reference) {
        read(reference, known(reference));
    }

    private static Provider known(String reference) {
        return provider(reference)
                .orElseThrow(() -> unreadable(reference, "names no server of encoders that is known"));
    }

    private static Served read(String reference, Provider provider) {
        String rest = reference.substring(provider.prefix.length() + 1).strip();
        return Served.read(rest, provider.base, why -> unreadable(reference, why));
    }

    /**
     * An encoder that is served.
     *
     * @param reference {@code PROVIDER:NAME}, or {@code PROVIDER:URL#NAME} for the same at another base address
     * @param key sent the way the provider wants it and nowhere else, never shown; null or blank where there is none
     * @param bill what its tokens are booked on
     * @param as what it was when it was asked before; null where its size is to be found out by a first call
     * @throws Failure INVALID for a reference that cannot be read, or a provider that wants a key where there is none
     */
    public static RemoteEmbedder open(
            String reference,
            @Nullable String key,
            LanguageModels.Patience patience,
            Drive drive,
            Bill bill,
            @Nullable Encoder as) {
        Provider provider = known(reference);
        Served served = read(reference, provider);
        String given = Served.key(key);
        if (provider.needsKey && given == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The encoder '" + Served.shown(reference) + "' needs a key.",
                    "Say where it is found: tandem config set encoder-key env:NAME.");
        }
        return new RemoteEmbedder(provider.protocol, served.base(), served.name(), given, patience, drive, bill, as);
    }

    private static Failure unreadable(String reference, String why) {
        return new Failure(Failure.Kind.INVALID, "The encoder '" + Served.shown(reference) + "' " + why + ".", EXAMPLE);
    }
}
