package dev.tandem.llm;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opens language models by reference. Nothing is sent before the first prompt. */
public final class LanguageModels {

    private static final String OPENAI_COMPATIBLE = "openai-compatible:";
    private static final String EXAMPLE =
            "Write openai-compatible:URL#NAME, for example openai-compatible:http://127.0.0.1:11434/v1#llama3.2.";

    /**
     * How long a language model is waited for.
     *
     * @param connect for a connection
     * @param firstText from the prompt to the first piece of text; local models may have to load first
     * @param nextText between two pieces; a stream that stalls for longer counts as cut
     * @param retryAfter before a refused prompt (too many requests, server error) is sent once more; twice as long before
     *     the third and last time
     */
    public record Patience(Duration connect, Duration firstText, Duration nextText, Duration retryAfter) {
        public static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    private LanguageModels() {}

    /** As {@link #open(String, String, Patience)}, with {@link Patience#DEFAULT}. */
    public static Generator open(String reference, @Nullable String key) {
        return open(reference, key, Patience.DEFAULT);
    }

    /**
     * A generator that streams from the model.
     *
     * @param reference {@code openai-compatible:URL#NAME}: the base address of a server that speaks OpenAI's chat
     *     completions (usually ending in {@code /v1}) and the model's name there
     * @param key sent as bearer token and nowhere else, never shown; null or blank where the server wants none
     * @throws Failure INVALID for a reference that cannot be read
     */
    public static Generator open(String reference, @Nullable String key, Patience patience) {
        if (!reference.startsWith(OPENAI_COMPATIBLE)) {
            throw unreadable(reference, "names no kind of model that is known");
        }
        URI address;
        try {
            address = new URI(reference.substring(OPENAI_COMPATIBLE.length()).strip());
        } catch (URISyntaxException e) {
            throw unreadable(reference, "holds no readable URL");
        }
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if ((!scheme.equals("http") && !scheme.equals("https")) || address.getHost() == null) {
            throw unreadable(reference, "holds no http or https URL");
        }
        if (address.getUserInfo() != null || address.getQuery() != null) {
            throw unreadable(reference, "holds a password or a query, which an address of a model may not");
        }
        String name = address.getFragment();
        if (name == null || name.isBlank()) {
            throw unreadable(reference, "names no model after #");
        }
        String base =
                scheme + "://" + address.getRawAuthority() + (address.getRawPath() == null ? "" : address.getRawPath());
        return new OpenAiCompatible(base, name, key == null || key.isBlank() ? null : key.strip(), patience);
    }

    private static Failure unreadable(String reference, String why) {
        // what follows an @ is the address; what stands before it may be a password
        String shown = reference.replaceAll("//[^/@#]*@", "//…@");
        return new Failure(Failure.Kind.INVALID, "The model '" + Printable.of(shown) + "' " + why + ".", EXAMPLE);
    }
}
