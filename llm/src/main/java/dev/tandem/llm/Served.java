package dev.tandem.llm;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model at a server, as a reference names it: {@code NAME}, or {@code URL#NAME} for the same at another base address.
 *
 * @param base of the server's addresses, without the slash at the end
 */
record Served(String base, String name) {

    /**
     * @param rest of the reference, behind the provider and its colon
     * @param usual the provider's own base address; empty where the reference has to name one
     * @param unreadable says why a reference cannot be read
     */
    static Served read(String rest, String usual, Function<String, Failure> unreadable) {
        boolean elsewhere = usual.isEmpty() || rest.contains("://");
        URI address = elsewhere ? address(rest, unreadable) : null;
        String name = address == null ? rest : address.getFragment();
        if (name == null || name.isBlank()) {
            throw unreadable.apply(elsewhere ? "names no model after #" : "names no model");
        }
        if (name.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw unreadable.apply("holds a space in the model's name");
        }
        return new Served(address == null ? usual : base(address), name);
    }

    private static String base(URI address) {
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        return address.getScheme().toLowerCase(Locale.ROOT) + "://" + address.getRawAuthority() + path;
    }

    private static URI address(String text, Function<String, Failure> unreadable) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            throw unreadable.apply("holds no readable URL");
        }
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if ((!scheme.equals("http") && !scheme.equals("https")) || address.getHost() == null) {
            throw unreadable.apply("holds no http or https URL");
        }
        if (address.getUserInfo() != null || address.getQuery() != null) {
            throw unreadable.apply("holds a password or a query, which an address of a model may not");
        }
        return address;
    }

    /** Null where there is none. */
    static @Nullable String key(@Nullable String given) {
        return given == null || given.isBlank() ? null : given.strip();
    }

    /** What follows an @ is the address; what stands before it may be a password. */
    static String shown(String reference) {
        return Printable.of(reference.replaceAll("//[^/@#]*@", "//…@"));
    }
}
