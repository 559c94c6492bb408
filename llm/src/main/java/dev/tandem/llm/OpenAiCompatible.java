package dev.tandem.llm;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.tandem.domain.Generator;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams from a server that speaks OpenAI's chat completions. What the client library calls back with is put in a queue
 * and handed on by the calling thread, which is also the one that loses patience: the library's own time limit covers
 * the response's head, not a stream that stalls.
 */
final class OpenAiCompatible implements Generator {

    private static final int TRIES = 3;

    private final String name;
    private final OpenAiStreamingChatModel model;
    private final boolean openAi;
    private final LanguageModels.Patience patience;
    private final Upstream upstream;

    OpenAiCompatible(String base, String name, @Nullable String key, LanguageModels.Patience patience) {
        this.name = name;
        this.patience = patience;
        this.openAi = base.startsWith("https://api.openai.com/");
        this.upstream = new Upstream(name, base, key);
        // redirects are not followed: the key is meant for this address only
        HttpClient.Builder http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        this.model = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(new JdkHttpClientBuilder()
                        .httpClientBuilder(http)
                        .connectTimeout(patience.connect())
                        .readTimeout(patience.firstText()))
                .baseUrl(base)
                .apiKey(key)
                .modelName(name)
                .build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Completion generate(Prompt prompt, Consumer<String> onText) {
        for (int attempt = 1; ; attempt++) {
            try {
                return stream(prompt, onText);
            } catch (Refused refused) {
                if (attempt == TRIES || !Upstream.worthAnotherTry(refused.reason)) {
                    throw upstream.failure(refused.reason);
                }
                sleep(patience.retryAfter().multipliedBy(attempt));
            }
        }
    }

    private sealed interface Event {
        record Text(String piece, @Nullable StreamingHandle handle) implements Event {}

        record Done(ChatResponse response) implements Event {}

        record Broken(Throwable reason) implements Event {}
    }

    /** Broken before the first piece of text: nothing was handed on yet, so the prompt may be sent again. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final Throwable reason;

        Refused(Throwable reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private Completion stream(Prompt prompt, Consumer<String> onText) throws Refused {
        var events = new LinkedBlockingQueue<Event>();
        try {
            model.chat(request(prompt), new Listener(events));
        } catch (RuntimeException e) {
            throw new Refused(e);
        }
        var text = new StringBuilder();
        StreamingHandle handle = null;
        try {
            while (true) {
                switch (next(events, text.isEmpty() ? patience.firstText() : patience.nextText())) {
                    case null -> {
                        if (text.isEmpty()) {
                            throw upstream.silent(patience.firstText());
                        }
                        return new Completion(text.toString(), true, 0, 0);
                    }
                    case Event.Text(String piece, StreamingHandle cancel) -> {
                        handle = cancel;
                        text.append(piece);
                        onText.accept(piece);
                    }
                    case Event.Broken(Throwable reason) -> {
                        if (text.isEmpty()) {
                            throw new Refused(reason);
                        }
                        return new Completion(text.toString(), true, 0, 0);
                    }
                    case Event.Done(ChatResponse response) -> {
                        return completion(text.toString(), response);
                    }
                }
            }
        } finally {
            if (handle != null) {
                handle.cancel();
            }
        }
    }

    private Completion completion(String text, ChatResponse response) {
        FinishReason reason = response.finishReason();
        if (text.isBlank()) {
            throw upstream.empty(reason);
        }
        TokenUsage usage = response.tokenUsage();
        return new Completion(
                text,
                reason != FinishReason.STOP,
                usage == null || usage.inputTokenCount() == null ? 0 : usage.inputTokenCount(),
                usage == null || usage.outputTokenCount() == null ? 0 : usage.outputTokenCount());
    }

    private ChatRequest request(Prompt prompt) {
        var parameters = OpenAiChatRequestParameters.builder();
        if (openAi) {
            parameters.maxCompletionTokens(prompt.maxTokens()); // its newer models refuse the older name
        } else {
            parameters.maxOutputTokens(prompt.maxTokens());
            parameters.temperature(0.0);
        }
        return ChatRequest.builder()
                .messages(SystemMessage.from(prompt.system()), UserMessage.from(prompt.user()))
                .parameters(parameters.build())
                .build();
    }

    private @Nullable Event next(BlockingQueue<Event> events, Duration limit) {
        try {
            return events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw upstream.interrupted();
        }
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw upstream.interrupted();
        }
    }

    private record Listener(BlockingQueue<Event> events) implements StreamingChatResponseHandler {

        @Override
        public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
            events.add(new Event.Text(response.text(), context.streamingHandle()));
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
