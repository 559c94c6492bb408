package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** An encoder on a port of this machine that tells apart texts about shops and texts about leave. */
final class LoopbackEncoder implements AutoCloseable {

    private final AtomicInteger texts = new AtomicInteger();
    private final HttpServer server;

    LoopbackEncoder() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/embeddings", exchange -> {
            JsonNode input =
                    new ObjectMapper().readTree(exchange.getRequestBody()).get("input");
            texts.addAndGet(input.size());
            var body = new StringBuilder("{\"data\":[");
            for (int i = 0; i < input.size(); i++) {
                String text = input.get(i).asText().toLowerCase(Locale.ROOT);
                body.append(i == 0 ? "" : ",")
                        .append("{\"index\":" + i + ",\"embedding\":[")
                        .append(text.contains("shop") ? 1 : 0)
                        .append(',')
                        .append(text.contains("leave") ? 1 : 0)
                        .append(",0.5]}");
            }
            body.append("],\"usage\":{\"prompt_tokens\":" + 10 * input.size() + "}}");
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    /** As the setting names it. */
    String reference() {
        return "openai-compatible:http://127.0.0.1:" + server.getAddress().getPort() + "/v1#small";
    }

    /** How many it was asked for so far. */
    int texts() {
        return texts.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
