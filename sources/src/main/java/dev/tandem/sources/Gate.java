package dev.tandem.sources;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;

/**
 * What may be asked: schemes, hosts and ports by name before anything is resolved, and addresses afterwards. The client
 * connects to the very addresses that {@link #resolve} gave, so that a name cannot lead elsewhere the second time.
 */
final class Gate implements DnsResolver {

    /** How names become addresses. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /** The name leads to an address that is not asked. */
    static final class Refused extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        Refused(String host) {
            super(host);
        }
    }

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\\.?|\\[[0-9a-f:.]{2,45}]");
    private static final int LONGEST = 4_000;

    private final WebSettings settings;
    private final Names names;
    private final Set<String> hosts;
    private final Set<String> places = new HashSet<>();
    private final Set<String> privateHosts;

    Gate(URI given, WebSettings settings, Names names) {
        this.settings = settings;
        this.names = names;
        this.hosts = new HashSet<>(WebSettings.list(settings.hosts()));
        this.hosts.add(given.getHost());
        this.places.add(given.getHost() + ":" + port(given));
        this.privateHosts = WebSettings.list(settings.privateHosts());
    }

    /**
     * One way of writing each URL: lower-case scheme and host, no default port, no fragment.
     *
     * @throws Failure INVALID where it is none that is ever fetched
     */
    static URI parse(String written) {
        URI uri;
        try {
            uri = new URI(written.strip().replace(" ", "%20")).normalize();
        } catch (URISyntaxException e) {
            throw invalid(written, "it cannot be read");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw invalid(written, "only http and https are fetched");
        }
        if (uri.getRawUserInfo() != null) {
            throw invalid(uri.getScheme() + "://…", "a name or password in a URL would be shown with every citation");
        }
        if (!NAME.matcher(host).matches()
                || written.length() > LONGEST
                || uri.getPort() == 0
                || uri.getPort() > 65_535) {
            throw invalid(written, "its host or port is none");
        }
        int standard = scheme.equals("https") ? 443 : 80;
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return URI.create(scheme + "://" + host
                + (uri.getPort() < 0 || uri.getPort() == standard ? "" : ":" + uri.getPort())
                + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    /** @throws Failure DENIED where that is not to be asked */
    void requireAllowed(URI uri) {
        if (!WebSettings.list(settings.schemes()).contains(uri.getScheme())) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "It is at a URL of the scheme " + uri.getScheme() + ", which is not allowed.",
                    "Allow it with tandem config set web-schemes https,http.");
        }
        if (!hosts.contains(uri.getHost())) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "It is at the host " + Printable.of(uri.getHost()) + ", which is not allowed.",
                    "Allow it with tandem config set web-hosts " + Printable.of(uri.getHost()) + ", or give its URL.");
        }
        boolean standard = uri.getPort() < 0;
        if (!standard && !places.contains(uri.getHost() + ":" + port(uri))) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "It is at the port " + uri.getPort() + ", which is not the given URL's.",
                    "Give a URL with that port.");
        }
    }

    /** Where a redirection leads: allowed as any URL is, and never from https to http. */
    URI redirected(URI from, String location) {
        URI to;
        try {
            to = parse(from.resolve(location.strip().replace(" ", "%20")).toString());
        } catch (IllegalArgumentException e) {
            throw invalid(location, "it cannot be read");
        }
        requireAllowed(to);
        if (from.getScheme().equals("https") && to.getScheme().equals("http")) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "It leads from https to http, where anybody could change it.",
                    "Give the http URL if that is what you want.");
        }
        return to;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = names.of(host);
        String bare = host.toLowerCase(Locale.ROOT);
        if (privateHosts.contains(bare) || privateHosts.contains("[" + bare + "]")) {
            return found;
        }
        for (InetAddress each : found) {
            // One bad address is enough: whoever answers with it means no good with the others.
            if (!Addresses.isPublic(each)) {
                throw new Refused(host);
            }
        }
        return found;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private static Failure invalid(String written, String why) {
        return new Failure(
                Failure.Kind.INVALID,
                "'" + Printable.of(written) + "' is not fetched: " + why + ".",
                "Give a URL such as https://example.org/handbook/.");
    }
}
