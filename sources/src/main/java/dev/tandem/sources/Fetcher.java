package dev.tandem.sources;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.Timeout;

/** Gets one URL at a time through a {@link Gate}, within limits of size and time, with a pause between two of one host. */
final class Fetcher implements AutoCloseable {

    static final String AGENT = "Tandem";

    private static final int MOST_REDIRECTS = 5;
    private static final String NEXT = "It is tried again with the next visit; what was there before stays.";

    /** What came of one request. */
    sealed interface Said permits Fetched, Elsewhere {}

    /** It is to be looked for there. */
    record Elsewhere(String location) implements Said {}

    /** What a server said in the end. */
    sealed interface Fetched extends Said {

        /**
         * A page.
         *
         * @param at where it was in the end
         * @param type content type as the server names it; empty where it does not
         * @param mark of this state of it: entity tag and date, a line each; empty where the server gives neither
         * @param modified date as the server writes it; empty where it does not
         */
        record Page(URI at, Body body, String type, String mark, String modified) implements Fetched {}

        record NotModified() implements Fetched {}

        /** There is no such page, says the server. */
        record Gone(int status) implements Fetched {}
    }

    /** Bytes of a page, unpacked; shared, not to be written to. */
    static final class Body {
        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private final Gate gate;
    private final WebSettings settings;
    private final long maxBytes;
    private final CloseableHttpClient client;
    private final Map<String, Long> nextAt = new HashMap<>();

    Fetcher(Gate gate, WebSettings settings, long maxBytes) {
        this.gate = gate;
        this.settings = settings;
        this.maxBytes = maxBytes;
        Timeout patience = Timeout.ofSeconds(settings.seconds());
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(gate)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(patience)
                                .setSocketTimeout(patience)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(patience)
                        .setConnectionRequestTimeout(patience)
                        .build())
                .setUserAgent(AGENT)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .build();
    }

    /**
     * @param mark of the state that is known; empty for none
     * @param pause at least so many milliseconds after the host was asked the last time
     * @throws Failure UPSTREAM where it may work another time, DENIED where it is not to be asked, INVALID for the rest
     */
    Fetched get(URI from, String mark, long pause) {
        gate.requireAllowed(from);
        URI at = from;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            waitFor(at.getHost(), Math.max(pause, settings.delayMillis()));
            switch (once(at, mark)) {
                case Fetched fetched -> {
                    return fetched;
                }
                case Elsewhere(String location) -> at = gate.redirected(at, location);
            }
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "It leads on more than " + MOST_REDIRECTS + " times.",
                "Give the URL that it ends at.");
    }

    private Said once(URI at, String mark) {
        var request = new HttpGet(at);
        String[] validators = mark.split("\n", -1);
        if (validators.length == 2) {
            header(request, "If-None-Match", validators[0]);
            header(request, "If-Modified-Since", validators[1]);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.seconds());
        // A server that drips keeps every single read in time; this ends all of them together.
        Thread watch = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(settings.seconds() * 1_000L);
                request.cancel();
            } catch (InterruptedException _) {
                // It was in time.
            }
        });
        try {
            return client.execute(request, response -> said(at, response));
        } catch (Gate.Refused e) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "Its host " + Printable.of(at.getHost()) + " has an address that is not of the public internet.",
                    "If it is in your own network, allow it with tandem config set web-private "
                            + Printable.of(at.getHost()) + ".",
                    e);
        } catch (UnknownHostException e) {
            throw new Failure(Failure.Kind.UPSTREAM, "There is no host " + Printable.of(at.getHost()) + ".", NEXT, e);
        } catch (IOException | RuntimeException e) {
            if (e instanceof Failure known) {
                throw known;
            }
            String why = System.nanoTime() >= deadline
                    ? "took longer than " + settings.seconds() + " s"
                    : "broke off: " + Printable.of(String.valueOf(e.getMessage()));
            throw new Failure(Failure.Kind.UPSTREAM, "Fetching it " + why + ".", NEXT, e);
        } finally {
            watch.interrupt();
        }
    }

    private Said said(URI at, ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        String location = value(response, "Location");
        if (((status >= 301 && status <= 303) || status == 307 || status == 308) && !location.isEmpty()) {
            return new Elsewhere(location);
        }
        if (status == 304) {
            return new Fetched.NotModified();
        }
        if (status == 404 || status == 410) {
            return new Fetched.Gone(status);
        }
        if (status >= 500 || status == 429 || status == 408) {
            throw new Failure(Failure.Kind.UPSTREAM, "Its server answered " + status + ".", NEXT);
        }
        if (status != 200) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Its server answered " + status + ".",
                    "Only pages that everybody may read are fetched; look at it in a browser.");
        }
        HttpEntity entity = response.getEntity();
        String etag = value(response, "ETag");
        String modified = value(response, "Last-Modified");
        return new Fetched.Page(
                at,
                new Body(entity == null ? new byte[0] : read(entity)),
                value(response, "Content-Type"),
                etag.isEmpty() && modified.isEmpty() ? "" : etag + "\n" + modified,
                modified);
    }

    /** Unpacked by the client on the way, and never more than the limit of it. */
    private byte[] read(HttpEntity entity) throws IOException {
        var all = new ByteArrayOutputStream();
        try (InputStream in = entity.getContent()) {
            byte[] part = new byte[1 << 14];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                all.write(part, 0, n);
                if (all.size() > maxBytes) {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            "It has more than " + maxBytes / 1_000_000 + " MB.",
                            "Raise max-file-mb if it is meant to be read.");
                }
            }
        }
        return all.toByteArray();
    }

    private static void header(HttpGet request, String name, String value) {
        if (!value.isEmpty()) {
            request.addHeader(name, value);
        }
    }

    private static String value(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null
                ? ""
                : header.getValue().strip();
    }

    private void waitFor(String host, long pause) {
        long now = System.currentTimeMillis();
        long at = nextAt.getOrDefault(host, 0L);
        if (at > now) {
            try {
                Thread.sleep(at - now);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure(Failure.Kind.BUSY, "It was stopped.", "The same command goes on.", e);
            }
        }
        nextAt.put(host, System.currentTimeMillis() + pause);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException nothingLeftToClose) {
            // Connections are gone either way.
        }
    }
}
