package dev.tandem.app.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;

/** A language model that says one thing: a real HTTP server on loopback which streams OpenAI's chat completions. */
final class LoopbackModel implements AutoCloseable {

    static final int PROMPT_TOKENS = 21;
    static final int COMPLETION_TOKENS = 5;

    private final HttpServer server;
    private final String says;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** @param says without quotes and line breaks */
    LoopbackModel(String says) throws IOException {
        this.says = says;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String reference() {
        return "openai-compatible:http://127.0.0.1:" + server.getAddress().getPort() + "/v1#test-model";
    }

    /** Bodies, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            String body = event("{\"index\":0,\"delta\":{\"content\":\"" + says + "\"},\"finish_reason\":null}", "")
                    + event("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}", "")
                    + event(
                            "",
                            ",\"usage\":{\"prompt_tokens\":" + PROMPT_TOKENS + ",\"completion_tokens\":"
                                    + COMPLETION_TOKENS + ",\"total_tokens\":" + (PROMPT_TOKENS + COMPLETION_TOKENS)
                                    + "}")
                    + "data: [DONE]\n\n";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String event(String choice, String more) {
        return "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[" + choice + "]" + more + "}\n\n";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
