package dev.tandem.llm;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.tandem.domain.Generator;
import org.jspecify.annotations.Nullable;

/** A way of speaking with a model's server. */
enum Protocol {
    /** Chat completions as OpenAI's own newer models want them. */
    OPENAI("OpenAI's chat completions"),
    /** Chat completions as everybody else has them. */
    OPENAI_COMPATIBLE("OpenAI's chat completions"),
    ANTHROPIC("Anthropic's messages"),
    GOOGLE("Google's generateContent");

    private final String words;

    Protocol(String words) {
        this.words = words;
    }

    /** What the server has to speak, in words. */
    String words() {
        return words;
    }

    StreamingChatModel over(Connection connection, String base, String name, @Nullable String key) {
        return switch (this) {
            case OPENAI, OPENAI_COMPATIBLE ->
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(connection)
                        .baseUrl(base)
                        .apiKey(key)
                        .modelName(name)
                        .build();
            case ANTHROPIC ->
                AnthropicStreamingChatModel.builder()
                        .httpClientBuilder(connection)
                        .baseUrl(base)
                        .apiKey(key)
                        .modelName(name)
                        .build();
            case GOOGLE ->
                GoogleAiGeminiStreamingChatModel.builder()
                        .httpClientBuilder(connection)
                        .baseUrl(base)
                        .apiKey(key)
                        .modelName(name)
                        .build();
        };
    }

    ChatRequest request(Generator.Prompt prompt) {
        ChatRequestParameters parameters = switch (this) {
            // its newer models refuse the older name of the limit, and a temperature
            case OPENAI ->
                OpenAiChatRequestParameters.builder()
                        .maxCompletionTokens(prompt.maxTokens())
                        .build();
            // its newer models refuse a temperature
            case ANTHROPIC ->
                ChatRequestParameters.builder()
                        .maxOutputTokens(prompt.maxTokens())
                        .build();
            case OPENAI_COMPATIBLE, GOOGLE ->
                ChatRequestParameters.builder()
                        .maxOutputTokens(prompt.maxTokens())
                        .temperature(0.0)
                        .build();
        };
        return ChatRequest.builder()
                .messages(SystemMessage.from(prompt.system()), UserMessage.from(prompt.user()))
                .parameters(parameters)
                .build();
    }
}
