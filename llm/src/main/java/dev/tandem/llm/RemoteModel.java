package dev.tandem.llm;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.tandem.domain.Generator;
import dev.tandem.llm.Tries.Refused;
import dev.tandem.llm.Tries.Result;
import java.io.EOFException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams from a model's server. What the client library calls back with is put in a queue and handed on by the calling
 * thread, which is also the one that loses patience: it alone sees a stream that stalls, or one that drips on for ever.
 */
final class RemoteModel implements Generator {

    private final String name;
    private final String base;
    private final @Nullable String key;
    private final Protocol protocol;
    private final HttpClient http;
    private final LanguageModels.Patience patience;
    private final Upstream upstream;
    private final Tries tries;

    RemoteModel(Protocol protocol, String base, String name, @Nullable String key, LanguageModels.Patience patience) {
        this.name = name;
        this.base = base;
        this.key = key;
        this.protocol = protocol;
        this.patience = patience;
        this.upstream = Upstream.ofModel(name, base, key, protocol);
        this.tries = new Tries(upstream, null, patience);
        // redirects are not followed: the key is meant for this address only
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> endpoints() {
        return Distance.endpoints(URI.create(base));
    }

    @Override
    public Completion generate(Prompt prompt, Consumer<String> onText) {
        return generate(prompt, onText, Deadline.in(patience.deadline()));
    }

    @Override
    public Generator within(Duration time) {
        return new Hurried(
                name,
                endpoints(),
                (prompt, onText) -> generate(
                        prompt, onText, Deadline.in(patience.deadline()).orIn(time)));
    }

    Completion generate(Prompt prompt, Consumer<String> onText, Deadline deadline) {
        return tries.make(deadline, _ -> stream(prompt, onText, deadline));
    }

    private sealed interface Event {
        record Text(String piece) implements Event {}

        record Done(ChatResponse response) implements Event {}

        record Broken(Throwable reason) implements Event {}
    }

    /** Before the first piece of text: nothing was handed on yet, so the prompt may be sent again. */
    private Refused refused(Throwable reason) {
        return new Refused(reason, upstream.failure(reason));
    }

    private Result<Completion> stream(Prompt prompt, Consumer<String> onText, Deadline deadline) throws Refused {
        var events = new LinkedBlockingQueue<Event>();
        var text = new StringBuilder();
        Duration first = deadline.atMost(patience.firstText());
        Deadline firstText = Deadline.in(first);
        try (var connection = new Connection(http, first, () -> events.add(new Event.Broken(new EOFException())))) {
            try {
                StreamingChatModel model = protocol.over(connection, base, name, key);
                model.chat(protocol.request(prompt), new Listener(events));
            } catch (RuntimeException e) {
                throw refused(e);
            }
            while (true) {
                // pieces that trickle in before there is any text do not buy more time
                Duration wait = text.isEmpty() ? firstText.left() : deadline.atMost(patience.nextText());
                switch (next(events, wait)) {
                    case null -> {
                        if (text.isEmpty()) {
                            throw new Refused(new Tries.Silence(), upstream.silent(first));
                        }
                        return cut(text);
                    }
                    case Event.Text(String piece) -> {
                        text.append(piece);
                        onText.accept(piece);
                    }
                    case Event.Broken(Throwable reason) -> {
                        if (text.isEmpty()) {
                            throw refused(reason);
                        }
                        return cut(text);
                    }
                    case Event.Done(ChatResponse response) -> {
                        return new Result<>(completion(text.toString(), response), false);
                    }
                }
            }
        }
    }

    /** It broke off, stalled or ran into the deadline. */
    private Result<Completion> cut(StringBuilder text) {
        return new Result<>(new Completion(text.toString(), true, 0, 0, name), true);
    }

    private Completion completion(String text, ChatResponse response) throws Refused {
        FinishReason reason = response.finishReason();
        if (text.isBlank()) {
            throw new Refused(new IllegalStateException("no text"), upstream.empty(reason));
        }
        TokenUsage usage = response.tokenUsage();
        return new Completion(
                text,
                reason != FinishReason.STOP,
                usage == null || usage.inputTokenCount() == null ? 0 : usage.inputTokenCount(),
                usage == null || usage.outputTokenCount() == null ? 0 : usage.outputTokenCount(),
                name);
    }

    private @Nullable Event next(BlockingQueue<Event> events, Duration limit) {
        try {
            return events.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw upstream.interrupted();
        }
    }

    private record Listener(BlockingQueue<Event> events) implements StreamingChatResponseHandler {

        @Override
        public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
            events.add(new Event.Text(response.text()));
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            events.add(new Event.Done(response));
        }

        @Override
        public void onError(Throwable reason) {
            events.add(new Event.Broken(reason));
        }
    }
}
