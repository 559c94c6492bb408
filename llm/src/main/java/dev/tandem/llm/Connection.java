package dev.tandem.llm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One prompt on its way to a server, as the client libraries want it. Unlike their own client it keeps what the server
 * says about when to come back, reads no endless error page, and can be closed at any moment: then the thread that reads
 * ends, and the server sees the connection end.
 */
final class Connection implements HttpClient, HttpClientBuilder, AutoCloseable {

    private static final int MOST_ERROR_BYTES = 64 << 10;

    /** An answer that is none: its status, its words, and when to ask again. */
    static final class Declined extends HttpException {
        private static final long serialVersionUID = 1L;

        private final @Nullable Duration retryAfter;

        Declined(int status, String body, @Nullable Duration retryAfter) {
            super(status, body);
            this.retryAfter = retryAfter;
        }

        @Nullable
        Duration retryAfter() {
            return retryAfter;
        }
    }

    private final java.net.http.HttpClient client;
    private final Duration limit;
    private final Runnable ended;

    @GuardedBy("this")
    private @Nullable Thread reader;

    @GuardedBy("this")
    private boolean closed;

    /**
     * @param limit for the response's head
     * @param ended runs when the server has no more to say; not every client library tells of a stream that just stops
     */
    Connection(java.net.http.HttpClient client, Duration limit, Runnable ended) {
        this.client = client;
        this.limit = limit;
        this.ended = ended;
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("this connection is closed");
            }
            reader = Thread.ofVirtual().name("language model").start(() -> read(request, parser, listener));
        }
    }

    private void read(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try {
            HttpResponse<InputStream> response = client.send(wire(request), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() < 200 || response.statusCode() > 299) {
                    listener.onError(declined(response, body));
                    return;
                }
                listener.onOpen(SuccessfulHttpResponse.builder()
                        .statusCode(response.statusCode())
                        .headers(response.headers().map())
                        .build());
                parser.parse(body, listener);
                listener.onClose();
                ended.run();
            }
        } catch (IOException | RuntimeException e) {
            listener.onError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody listens any more
        }
    }

    private java.net.http.HttpRequest wire(HttpRequest request) {
        var wire = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .timeout(limit.isPositive() ? limit : Duration.ofMillis(1))
                .method(
                        request.method().name(),
                        request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
        request.headers().forEach((name, values) -> values.forEach(value -> wire.header(name, value)));
        return wire.build();
    }

    static Declined declined(HttpResponse<?> response, InputStream body) {
        String words = "";
        try {
            words = new String(body.readNBytes(MOST_ERROR_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // the status says enough
        }
        return new Declined(
                response.statusCode(),
                words,
                response.headers()
                        .firstValue("Retry-After")
                        .map(Connection::delay)
                        .orElse(null));
    }

    /** Seconds or a date, as RFC 9110 has it; null for anything else. */
    static @Nullable Duration delay(String value) {
        String said = value.strip();
        if (said.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(said));
        }
        if (said.matches("\\d{1,9}\\.\\d{1,9}")) {
            return Duration.ofMillis((long) Math.ceil(Double.parseDouble(said) * 1000));
        }
        try {
            Instant then = ZonedDateTime.parse(said, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), then);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (reader != null) {
            reader.interrupt();
        }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("every prompt is streamed");
    }

    @Override
    public HttpClient build() {
        return this;
    }

    // How long is waited is this class's matter; what the libraries set is not.

    @Override
    public Duration connectTimeout() {
        return limit;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration ignored) {
        return this;
    }

    @Override
    public Duration readTimeout() {
        return limit;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration ignored) {
        return this;
    }
}
