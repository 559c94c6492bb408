package dev.tandem.llm;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where an address is: on this machine, or on another. */
final class Distance {

    /** What no name server has a say in, and {@code localhost}, which by RFC 6761 none should. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[(?:::|(?:0{1,4}:){7})0{0,3}1]");

    private Distance() {}

    /** The machines that what is sent to the address reaches, and this one is not: empty for loopback without a proxy. */
    static List<String> endpoints(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        if (!LOOPBACK.matcher(host).matches()) {
            return List.of(shown(address));
        }
        ProxySelector proxies = ProxySelector.getDefault();
        List<Proxy> ways = proxies == null ? List.of() : proxies.select(address);
        return ways.stream()
                .filter(way -> way.type() != Proxy.Type.DIRECT)
                .map(way -> "the proxy " + (way.address() instanceof InetSocketAddress at ? at.getHostString() : way))
                .distinct()
                .toList();
    }

    private static String shown(URI address) {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }
}
