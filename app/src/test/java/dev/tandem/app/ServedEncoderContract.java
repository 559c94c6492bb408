package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Embedder;
import dev.tandem.llm.Bill;
import dev.tandem.llm.EmbeddingModels;
import dev.tandem.llm.LanguageModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server on loopback that speaks one protocol: a text's vector is made of its hash. */
abstract class ServedEncoderContract extends EmbedderContract {

    static final ObjectMapper JSON = new ObjectMapper();

    final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer server;
    private Embedder embedder;

    /** Such as {@code ollama:http://127.0.0.1:1#m}. */
    abstract String reference(String address);

    abstract String path();

    abstract ObjectNode answer(JsonNode request);

    @BeforeEach
    void served() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(path(), exchange -> {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            requests.add(request);
            byte[] bytes = JSON.writeValueAsBytes(answer(request));
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        embedder = EmbeddingModels.open(
                reference("http://127.0.0.1:" + server.getAddress().getPort()),
                "key",
                LanguageModels.Patience.DEFAULT,
                EmbeddingModels.Drive.STANDARD,
                new Bill(Usage.of(Home.at(folder), "default"), "1", ""),
                null);
    }

    @AfterEach
    void stopped() {
        server.stop(0);
    }

    @Override
    Embedder embedder() {
        return embedder;
    }

    static float[] vector(String text) {
        return new float[] {text.hashCode() % 97 / 97f, text.length() % 31 / 31f, .5f};
    }

    @Test
    void itSaysWhereTextsGo() {
        assertThat(embedder.server())
                .hasValueSatisfying(at -> assertThat(at.getHost()).isEqualTo("127.0.0.1"));
    }

    @Test
    void tokensAreBookedAsTheServerCountsThem() {
        embedder.embed(List.of("a", "b"), Embedder.Role.PASSAGE);
        // seven for the question of the size, seven for the texts
        assertThat(Usage.of(Home.at(folder), "default").month().promptTokens()).isEqualTo(14);
    }
}
