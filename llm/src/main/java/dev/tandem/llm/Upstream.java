package dev.tandem.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.output.FinishReason;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What went wrong at a model's server, in words for a person and with what to do about it; the key never shows. */
final class Upstream {

    private final String model;
    private final String server;
    private final @Nullable String key;
    private final String words;
    private final Settings settings;

    /** What the person can set, by the names of the settings, and where to read what else may help. */
    private record Settings(String model, String alone, String time, String tooLong) {}

    private static final Settings OF_MODELS = new Settings(
            "model",
            "; to have another model asked meanwhile: tandem config set model-fallback MODEL.",
            ", or give questions more time: tandem config set model-deadline-s SECONDS.",
            "; its context may be too small for the sources.");

    private static final Settings OF_ENCODERS = new Settings(
            "encoder",
            "; what was embedded is kept.",
            "; what was embedded is kept, and the same command goes on.",
            "; it may take shorter texts only.");

    private Upstream(String model, String server, @Nullable String key, String words, Settings settings) {
        this.model = model + " at " + Printable.of(server);
        this.server = server;
        this.key = key;
        this.words = words;
        this.settings = settings;
    }

    static Upstream ofModel(String name, String server, @Nullable String key, Protocol protocol) {
        return new Upstream("The language model " + Printable.of(name), server, key, protocol.words(), OF_MODELS);
    }

    /** @param words what the server has to speak */
    static Upstream ofEncoder(String name, String server, @Nullable String key, String words) {
        return new Upstream("The encoder " + Printable.of(name), server, key, words, OF_ENCODERS);
    }

    /** Whether the same prompt may well pass a moment later: not what takes long, and not what the server refuses for good. */
    static boolean worthAnotherTry(Throwable reason) {
        int status = status(reason);
        return status == 0 ? garbled(reason) : busy(status);
    }

    /** Whether the failure is the server's, and not this prompt's, this key's or this name's. */
    static boolean saysTheServerIsIll(Throwable reason) {
        int status = status(reason);
        return status == 0 ? !(reason instanceof IllegalStateException) : busy(status);
    }

    private static boolean busy(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /** A connection that broke, or a response that nobody can read. */
    private static boolean garbled(Throwable reason) {
        return !(reason instanceof Tries.Silence)
                && !(reason instanceof IllegalStateException)
                && !caused(reason, HttpTimeoutException.class)
                && !caused(reason, ConnectException.class)
                && !caused(reason, UnknownHostException.class)
                && !caused(reason, UnresolvedAddressException.class);
    }

    /** What the server asked to be waited for; null where it asked for nothing. */
    static @Nullable Duration retryAfter(Throwable reason) {
        Connection.Declined declined = find(reason, Connection.Declined.class);
        return declined == null ? null : declined.retryAfter();
    }

    Failure tooLate(Failure failure, Duration pause) {
        return new Failure(
                Failure.Kind.UPSTREAM,
                failure.getMessage() + " It asks to be left alone for " + seconds(pause)
                        + ", longer than there is time for this question.",
                "Try again after that" + settings.time(),
                failure);
    }

    Failure leftAlone(Duration left) {
        return of(
                " has failed " + Breaker.FAILURES + " times in a row and is left alone for another " + seconds(left),
                "Try again after that" + settings.alone(),
                null);
    }

    private static String seconds(Duration time) {
        return Math.ceilDiv(time.toMillis(), 1000L) + " s";
    }

    Failure failure(Throwable reason) {
        int status = status(reason);
        if (status == 401 || status == 403) {
            return of(
                    " does not accept the key (HTTP " + status + ")" + said(reason),
                    "Check the key that the setting " + settings.model() + "-key refers to.",
                    reason);
        }
        if (status == 404) {
            return of(
                    " was not found (HTTP 404)" + said(reason),
                    "Check the address and the name in the setting " + settings.model() + ".",
                    reason);
        }
        if (status == 429) {
            return of(
                    " takes no more requests for now (HTTP 429)" + said(reason),
                    "Wait a while, or check the account's limits.",
                    reason);
        }
        if (status >= 500) {
            return of(
                    " failed (HTTP " + status + ")" + said(reason),
                    "Ask again later, or look at the server's log.",
                    reason);
        }
        if (status > 0) {
            return of(
                    " refused the prompt (HTTP " + status + ")" + said(reason),
                    "Check the setting " + settings.model() + settings.tooLong(),
                    reason);
        }
        if (caused(reason, HttpTimeoutException.class) && !caused(reason, ConnectException.class)) {
            return of(" did not answer in time", "Ask again; a local model may still have been loading.", reason);
        }
        if (caused(reason, ConnectException.class)
                || caused(reason, UnknownHostException.class)
                || caused(reason, UnresolvedAddressException.class)) {
            return of(
                    " cannot be reached",
                    "Start the server at " + Printable.of(server) + ", or correct the setting " + settings.model()
                            + ".",
                    reason);
        }
        if (caused(reason, EOFException.class)) {
            return of(" broke off before it wrote anything", "Ask again, or look at the server's log.", reason);
        }
        return of(" sent what cannot be read", "Check that the address speaks " + words + ".", reason);
    }

    Failure silent(Duration waited) {
        return of(
                " wrote nothing for " + seconds(waited), "Ask again; a local model may still have been loading.", null);
    }

    Failure empty(@Nullable FinishReason reason) {
        if (reason == FinishReason.CONTENT_FILTER) {
            return of(" withheld its answer (content filter)", "Ask differently, or choose another model.", null);
        }
        if (reason == FinishReason.LENGTH) {
            return of(
                    " used up its tokens before it wrote anything",
                    "Ask again, or choose another model in the setting model.",
                    null);
        }
        return of(" ended without writing anything", "Ask again; check that the address speaks " + words + ".", null);
    }

    /** An answer in the right form that says what cannot be. */
    Failure nonsense(String what, String nextStep) {
        return of(" " + what, nextStep, null);
    }

    Failure interrupted() {
        return of(" was not waited for", "Ask again.", null);
    }

    private Failure of(String what, String nextStep, @Nullable Throwable cause) {
        return new Failure(Failure.Kind.UPSTREAM, model + what + ".", nextStep, cause);
    }

    /** The server's own words, bounded and printable, without the key. */
    private String said(Throwable reason) {
        HttpException http = find(reason, HttpException.class);
        if (http == null || http.getMessage() == null) {
            return "";
        }
        String words = http.getMessage();
        try {
            JsonNode error = new ObjectMapper().readTree(words).path("error");
            words = error.isTextual() ? error.asText() : error.path("message").asText("");
        } catch (JsonProcessingException e) {
            words = words.startsWith("<") ? "" : words;
        }
        String shown = key == null ? words : words.replace(key, "…");
        return shown.isBlank() ? "" : ": " + Printable.of(shown.strip().replaceAll("[.\\s]+$", ""));
    }

    private static int status(Throwable reason) {
        HttpException http = find(reason, HttpException.class);
        return http == null ? 0 : http.statusCode();
    }

    private static boolean caused(Throwable reason, Class<? extends Throwable> type) {
        return find(reason, type) != null;
    }

    private static <T extends Throwable> @Nullable T find(Throwable reason, Class<T> type) {
        Throwable at = reason;
        for (int depth = 0; at != null && depth < 10; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
