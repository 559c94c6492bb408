package dev.tandem.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.llm.Tries.Refused;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Vectors from a server. Texts go in batches, several requests at a time, and what a request brought is handed over before
 * anything else can go wrong with it: it may have been paid for. A vector that is not what the encoder's vectors are (of
 * another size, not of numbers, of no length) is refused, for it would poison the index.
 */
public final class RemoteEmbedder implements Embedder {

    /** Of thousands of vectors as text; more is no answer. */
    private static final int MOST_BYTES = 256 << 20;

    private static final int CHARACTERS_PER_TOKEN = 4;

    /** Tokens that a server may add to a text. */
    private static final int AROUND = 8;

    private static final int MOST_TOKENS = 8192;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddingProtocol protocol;
    private final String base;
    private final String name;
    private final @Nullable String key;
    private final LanguageModels.Patience patience;
    private final int parallel;
    private final Bill bill;
    private final Upstream upstream;
    private final Tries tries;
    private final HttpClient http;

    @GuardedBy("this")
    private @Nullable Encoder encoder;

    RemoteEmbedder(
            EmbeddingProtocol protocol,
            String base,
            String name,
            @Nullable String key,
            LanguageModels.Patience patience,
            EmbeddingModels.Drive drive,
            Bill bill,
            @Nullable Encoder as) {
        this.protocol = protocol;
        this.base = base;
        this.name = name;
        this.key = key;
        this.patience = patience;
        this.parallel = drive.parallel();
        this.bill = bill;
        this.encoder = as;
        this.upstream = Upstream.ofEncoder(name, base, key, protocol.words());
        this.tries = new Tries(upstream, new Tempo(drive.perMinute()), patience);
        // redirects are not followed: key and texts are meant for this address only
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /** Asks the server once where nobody has said what its vectors are. */
    @Override
    public synchronized Encoder encoder() {
        Encoder known = encoder;
        if (known == null) {
            known = of(call(List.of("size"), Role.PASSAGE, 0).getFirst().length);
            encoder = known;
        }
        return known;
    }

    private Encoder of(int dimensions) {
        String identity = String.join("\0", "served", protocol.name(), base, name, String.valueOf(dimensions));
        return new Encoder(name, Sha256.hex(identity), dimensions, MOST_TOKENS);
    }

    @Override
    public Optional<URI> server() {
        return Optional.of(URI.create(base));
    }

    @Override
    public List<String> endpoints() {
        return Distance.endpoints(URI.create(base));
    }

    /** English prose, nearly: the tokenizer is the server's. */
    @Override
    public int countTokens(String text) {
        return text.length() / CHARACTERS_PER_TOKEN + 2;
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        float[][] all = new float[texts.size()][];
        embed(texts, role, (from, vectors) -> {
            for (int i = 0; i < vectors.size(); i++) {
                all[from + i] = vectors.get(i);
            }
        });
        return Arrays.asList(all);
    }

    private record Batch(int from, List<String> texts) {}

    private record Came(
            Batch batch,
            @Nullable List<float[]> vectors,
            @Nullable RuntimeException failed) {}

    @Override
    public void embed(List<String> texts, Role role, Sink sink) {
        List<Batch> batches = batches(texts);
        if (batches.isEmpty()) {
            return;
        }
        int dimensions = encoder().dimensions();
        var came = new LinkedBlockingQueue<Came>();
        RuntimeException failed = null;
        int sent = 0;
        int open = 0;
        while (open > 0 || (sent < batches.size() && failed == null)) {
            while (open < parallel && sent < batches.size() && failed == null) {
                Batch batch = batches.get(sent++);
                open++;
                Thread.startVirtualThread(() -> came.add(ask(batch, role, dimensions)));
            }
            Came next = take(came);
            open--;
            if (next.vectors() != null) {
                sink.vectors(next.batch().from(), next.vectors());
            } else if (failed == null) {
                failed = next.failed();
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private Came ask(Batch batch, Role role, int dimensions) {
        try {
            return new Came(batch, call(batch.texts(), role, dimensions), null);
        } catch (RuntimeException e) {
            return new Came(batch, null, e);
        }
    }

    /** Waits however often it is interrupted: what is under way is bounded by its deadline, and may be paid for. */
    private static Came take(LinkedBlockingQueue<Came> came) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return came.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Batch> batches(List<String> texts) {
        var batches = new ArrayList<Batch>();
        int from = 0;
        while (from < texts.size()) {
            int to = from;
            long tokens = 0;
            while (to < texts.size()
                    && to - from < protocol.texts()
                    && (to == from || tokens + countTokens(texts.get(to)) <= protocol.tokens())) {
                tokens += countTokens(texts.get(to++));
            }
            batches.add(new Batch(from, texts.subList(from, to)));
            from = to;
        }
        return batches;
    }

    /** @param dimensions of the vectors; 0 where any will do */
    private List<float[]> call(List<String> texts, Role role, int dimensions) {
        long most = texts.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length + AROUND)
                .sum();
        long booked = bill.reserve(name, most);
        try {
            EmbeddingProtocol.Vectors answer =
                    tries.make(Deadline.in(patience.deadline()), deadline -> once(texts, role, deadline));
            long tokens = answer.tokens() > 0 ? answer.tokens() : Math.min(most, estimate(texts));
            bill.settle(booked, name, tokens);
            booked = -1;
            return checked(answer.vectors(), texts.size(), dimensions);
        } finally {
            if (booked >= 0) {
                bill.release(booked);
            }
        }
    }

    private long estimate(List<String> texts) {
        return texts.stream().mapToLong(this::countTokens).sum();
    }

    private List<float[]> checked(List<float[]> vectors, int count, int dimensions) {
        String next =
                "Check the setting encoder. If another model is served under this name by now, give it a name of its"
                        + " own and run tandem reembed.";
        if (vectors.size() != count) {
            throw upstream.nonsense("sent " + vectors.size() + " vectors for " + count + " texts", next);
        }
        int size = dimensions == 0 ? vectors.getFirst().length : dimensions;
        for (float[] vector : vectors) {
            if (vector.length != size) {
                throw upstream.nonsense("sent a vector of " + vector.length + " dimensions, not " + size, next);
            }
            double squares = 0;
            for (float each : vector) {
                squares += (double) each * each;
            }
            if (!(squares > 0) || Double.isInfinite(squares)) {
                throw upstream.nonsense("sent a vector that has no direction", next);
            }
            float scale = (float) (1 / Math.sqrt(squares));
            for (int i = 0; i < size; i++) {
                vector[i] *= scale;
            }
        }
        return vectors;
    }

    private Tries.Result<EmbeddingProtocol.Vectors> once(List<String> texts, Role role, Deadline deadline)
            throws Refused {
        Duration limit = deadline.atMost(patience.firstText());
        var asking = new FutureTask<>(() -> {
            HttpResponse<InputStream> response = http.send(request(texts, role, limit), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw Connection.declined(response, body);
                }
                byte[] bytes = body.readNBytes(MOST_BYTES);
                return protocol.read(JSON.readTree(bytes), texts.size());
            }
        });
        Thread reader = Thread.ofVirtual().name("encoder").start(asking);
        try {
            return new Tries.Result<>(asking.get(Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS), false);
        } catch (TimeoutException e) {
            throw new Refused(new Tries.Silence(), upstream.silent(limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw upstream.interrupted();
        } catch (ExecutionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new Refused(reason, upstream.failure(reason));
        } finally {
            reader.interrupt(); // a response that drips on has nobody to read it any more
        }
    }

    private HttpRequest request(List<String> texts, Role role, Duration limit) throws JsonProcessingException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + protocol.path()))
                .timeout(limit.isPositive() ? limit : Duration.ofMillis(1))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(protocol.request(name, texts, role))));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return request.build();
    }
}
