package dev.tandem.llm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A real HTTP server on loopback that answers its connections with scripts, one each and the last one again and again:
 * every byte of the protocol, and every way to break it, is in a test's hands.
 */
final class ScriptedServer implements AutoCloseable {

    /** Writes a response, or half of one. */
    interface Script {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final List<Script> scripts;
    private final List<Instant> times = Collections.synchronizedList(new ArrayList<>());
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    ScriptedServer(Script... scripts) throws IOException {
        this.scripts = Arrays.asList(scripts);
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    String reference() {
        return "openai-compatible:http://127.0.0.1:" + socket.getLocalPort() + "/v1#test-model";
    }

    /** Head and body of every request, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** When each request was read, in order. */
    List<Instant> times() {
        return List.copyOf(times);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A whole response with a length. */
    static Script status(int status, String type, String body) {
        return out -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            write(
                    out,
                    "HTTP/1.1 " + status + " Said\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length
                            + "\r\nConnection: close\r\n\r\n");
            out.write(bytes);
        };
    }

    /** The head of a stream of events that ends where the connection does. */
    static void openStream(OutputStream out) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    }

    /** One event with a piece of text, as the protocol has it. */
    static void piece(OutputStream out, String text) throws IOException {
        event(
                out,
                "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                        + text + "\"},\"finish_reason\":null}]}");
    }

    static void finish(OutputStream out, String reason) throws IOException {
        event(
                out,
                "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},"
                        + "\"finish_reason\":\"" + reason + "\"}]}");
        event(
                out,
                "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[],"
                        + "\"usage\":{\"prompt_tokens\":21,\"completion_tokens\":5,\"total_tokens\":26}}");
        event(out, "[DONE]");
    }

    static void event(OutputStream out, String data) throws IOException {
        write(out, "data: " + data + "\n\n");
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void serve() {
        for (int connection = 0; !socket.isClosed(); connection++) {
            Script script = scripts.get(Math.min(connection, scripts.size() - 1));
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException e) {
                return; // closed
            }
            Thread.ofVirtual().start(() -> converse(client, script));
        }
    }

    private void converse(Socket client, Script script) {
        try (client) {
            requests.add(readRequest(new BufferedInputStream(client.getInputStream())));
            times.add(Instant.now());
            script.answer(client.getOutputStream());
            client.getOutputStream().flush();
        } catch (IOException e) {
            if (!socket.isClosed() && !client.isClosed()) {
                throw new UncheckedIOException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String readRequest(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
