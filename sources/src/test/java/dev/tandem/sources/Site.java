package dev.tandem.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A web site on loopback: pages with entity tags, and what each was asked for. */
final class Site implements AutoCloseable {

    /** What a path is answered with. */
    static final class Page {
        private final int status;
        private final String type;
        private final byte[] body;
        private final Map<String, String> headers;

        Page(int status, String type, byte[] body, Map<String, String> headers) {
            this.status = status;
            this.type = type;
            this.body = body;
            this.headers = headers;
        }

        byte[] body() {
            return body;
        }

        static Page html(String text) {
            return of("text/html; charset=utf-8", "<!doctype html><title>" + text + "</title><p>" + text + "</p>");
        }

        static Page of(String type, String text) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            return new Page(200, type, body, Map.of("ETag", "\"" + Integer.toHexString(text.hashCode()) + "\""));
        }

        /** Known by its date alone. */
        static Page dated(String text, String date) {
            Page page = html(text);
            return new Page(page.status, page.type, page.body, Map.of("Last-Modified", date));
        }

        static Page status(int status) {
            return new Page(status, "text/plain", "no".getBytes(StandardCharsets.UTF_8), Map.of());
        }

        static Page redirect(String to) {
            return new Page(302, "text/plain", new byte[0], Map.of("Location", to));
        }
    }

    private final HttpServer server;
    final Map<String, Page> pages = new ConcurrentHashMap<>();
    /** {@code 200 /path}, in order. */
    final List<String> answered = new CopyOnWriteArrayList<>();

    Site() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    void sitemap(String... paths) {
        var xml = new StringBuilder("<?xml version=\"1.0\"?><urlset>");
        for (String path : paths) {
            xml.append("<url><loc>").append(url(path)).append("</loc></url>");
        }
        pages.put("/sitemap.xml", Page.of("application/xml", xml + "</urlset>"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        Page page = pages.getOrDefault(path, Page.status(404));
        String tag = page.headers.getOrDefault("ETag", "");
        String date = page.headers.getOrDefault("Last-Modified", "");
        boolean same = (!tag.isEmpty()
                        && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match")))
                || (!date.isEmpty() && date.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since")));
        int status = same ? 304 : page.status;
        answered.add(status + " " + path);
        page.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", page.type);
        try (exchange) {
            exchange.sendResponseHeaders(status, same ? -1 : page.body.length == 0 ? -1 : page.body.length);
            if (!same) {
                exchange.getResponseBody().write(page.body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
