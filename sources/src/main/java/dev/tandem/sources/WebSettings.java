package dev.tandem.sources;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may be fetched, and how politely. Lists are separated by commas.
 *
 * @param hosts asked besides those of the URLs that were given
 * @param schemes {@code https}, {@code http}, or both
 * @param privateHosts that may have private addresses, as in an intranet; each by name
 * @param delayMillis between two requests to one host
 * @param seconds for one page, all of it
 * @param pages most of one source
 */
public record WebSettings(String hosts, String schemes, String privateHosts, int delayMillis, int seconds, int pages) {

    public static WebSettings standard() {
        return new WebSettings("", "https,http", "", 250, 30, 10_000);
    }

    public WebSettings withHosts(String value) {
        return new WebSettings(value, schemes, privateHosts, delayMillis, seconds, pages);
    }

    public WebSettings withSchemes(String value) {
        return new WebSettings(hosts, value, privateHosts, delayMillis, seconds, pages);
    }

    public WebSettings withPrivateHosts(String value) {
        return new WebSettings(hosts, schemes, value, delayMillis, seconds, pages);
    }

    public WebSettings withDelay(int value) {
        return new WebSettings(hosts, schemes, privateHosts, value, seconds, pages);
    }

    public WebSettings withSeconds(int value) {
        return new WebSettings(hosts, schemes, privateHosts, delayMillis, value, pages);
    }

    public WebSettings withPages(int value) {
        return new WebSettings(hosts, schemes, privateHosts, delayMillis, seconds, value);
    }

    static Set<String> list(String written) {
        return Arrays.stream(written.split("[,\\s]+", -1))
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toSet());
    }
}
