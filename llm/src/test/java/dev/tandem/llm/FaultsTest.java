package dev.tandem.llm;

import static dev.tandem.llm.ScriptedServer.event;
import static dev.tandem.llm.ScriptedServer.finish;
import static dev.tandem.llm.ScriptedServer.openStream;
import static dev.tandem.llm.ScriptedServer.piece;
import static dev.tandem.llm.ScriptedServer.status;
import static dev.tandem.llm.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Servers that misbehave, and how long anybody waits for them. */
class FaultsTest {

    private static final Generator.Prompt PROMPT = new Generator.Prompt("Be brief.", "What is the price?", 200, "");
    private static final LanguageModels.Patience PATIENCE = new LanguageModels.Patience(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofMillis(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(500));
    private static final ScriptedServer.Script ANSWER = says("fine");
    private static final ScriptedServer.Script DOWN = status(503, "text/plain", "down");

    private static ScriptedServer.Script says(String text) {
        return out -> {
            openStream(out);
            piece(out, text);
            finish(out, "stop");
        };
    }

    private static ScriptedServer.Script busyFor(String retryAfter) {
        return out -> write(
                out,
                "HTTP/1.1 429 Busy\r\nRetry-After: " + retryAfter
                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private static Failure failureOf(Generator model) {
        return Objects.requireNonNull(catchThrowableOfType(Failure.class, () -> model.generate(PROMPT, piece -> {})));
    }

    @Test
    void aServerThatSaysWhenToComeBackIsObeyed() throws IOException {
        try (var server = new ScriptedServer(busyFor("2"), ANSWER)) {
            LanguageModels.open(server.reference(), null, PATIENCE).generate(PROMPT, piece -> {});
            Duration waited =
                    Duration.between(server.times().getFirst(), server.times().getLast());
            assertThat(waited).isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_200));
        }
    }

    @Test
    void aDateToComeBackAtIsReadAsTheTimeUntilThen() {
        String then = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(60).atZone(ZoneOffset.UTC));
        assertThat(Objects.requireNonNull(Connection.delay(then)))
                .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        assertThat(Connection.delay("Wed, 21 Oct 2015 07:28:00 GMT")).isEqualTo(Duration.ZERO);
        assertThat(Connection.delay("0")).isEqualTo(Duration.ZERO);
        assertThat(Connection.delay("soon")).isNull();
        assertThat(Connection.delay("-5")).isNull();
    }

    @Test
    void aServerThatWantsMoreTimeThanTheQuestionHasIsNotWaitedFor() throws IOException {
        try (var server = new ScriptedServer(busyFor("3600"))) {
            Instant before = Instant.now();
            Failure failure = failureOf(LanguageModels.open(server.reference(), null, PATIENCE));
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(2));
            assertThat(failure).hasMessageContaining("3600 s");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aResponseThatCannotBeReadIsAskedForAtMostThreeTimes() throws IOException {
        ScriptedServer.Script malformed = out -> {
            openStream(out);
            event(out, "{\"choices\": oh no");
        };
        try (var server = new ScriptedServer(malformed, malformed, ANSWER)) {
            assertThat(LanguageModels.open(server.reference(), null, PATIENCE)
                            .generate(PROMPT, piece -> {})
                            .text())
                    .isEqualTo("fine");
        }
        try (var server = new ScriptedServer(malformed)) {
            failureOf(LanguageModels.open(server.reference(), null, PATIENCE));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aStreamThatDripsForEverEndsAtTheDeadlineAndTheServerSeesIt() throws Exception {
        var gone = new CountDownLatch(1);
        ScriptedServer.Script drip = out -> {
            try {
                openStream(out);
                while (true) {
                    piece(out, "a ");
                    Thread.sleep(50);
                }
            } finally {
                gone.countDown();
            }
        };
        try (var server = new ScriptedServer(drip)) {
            Instant before = Instant.now();
            Generator.Completion completion = LanguageModels.open(
                            server.reference(), null, PATIENCE.withDeadline(Duration.ofSeconds(1)))
                    .generate(PROMPT, piece -> {});
            assertThat(completion.truncated()).isTrue();
            assertThat(Duration.between(before, Instant.now()))
                    .isBetween(Duration.ofMillis(900), Duration.ofMillis(1_800));
            assertThat(gone.await(2, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void bytesThatAreNoTextBuyNoTime() throws IOException {
        ScriptedServer.Script comments = out -> {
            openStream(out);
            while (true) {
                write(out, ": still here\n\n");
                Thread.sleep(50);
            }
        };
        ScriptedServer.Script slowHead = out -> {
            for (char c : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n".toCharArray()) {
                write(out, String.valueOf(c));
                Thread.sleep(100);
            }
        };
        for (var script : java.util.List.of(comments, slowHead)) {
            try (var server = new ScriptedServer(script)) {
                Instant before = Instant.now();
                failureOf(LanguageModels.open(server.reference(), null, PATIENCE.withDeadline(Duration.ofSeconds(1))));
                assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(1_800));
            }
        }
    }

    @Test
    void aServerThatFailsAgainAndAgainIsLeftAloneAndThenTriedOnce() throws Exception {
        var scripts = new ArrayList<ScriptedServer.Script>();
        for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
            scripts.add(DOWN);
        }
        scripts.add(ANSWER);
        try (var server = new ScriptedServer(scripts.toArray(ScriptedServer.Script[]::new))) {
            Generator model = LanguageModels.open(server.reference(), null, PATIENCE);
            for (int i = 0; i < Breaker.FAILURES; i++) {
                assertThat(failureOf(model)).hasMessageContaining("503");
            }
            int asked = server.requests().size();
            assertThat(failureOf(model)).hasMessageContaining("left alone");
            assertThat(server.requests()).hasSize(asked);

            Thread.sleep(PATIENCE.rest().plusMillis(50));
            assertThat(model.generate(PROMPT, piece -> {}).text()).isEqualTo("fine");
            assertThat(model.generate(PROMPT, piece -> {}).text()).isEqualTo("fine");
        }
    }

    @Test
    void refusedPromptsDoNotMakeAServerIll() throws IOException {
        try (var server = new ScriptedServer(status(400, "application/json", "{}"))) {
            Generator model = LanguageModels.open(server.reference(), null, PATIENCE);
            for (int i = 0; i <= Breaker.FAILURES; i++) {
                assertThat(failureOf(model)).hasMessageContaining("400");
            }
        }
    }

    @Test
    void theFallbackAnswersUnderItsOwnName() throws IOException {
        try (var first = new ScriptedServer(DOWN);
                var second = new ScriptedServer(says("from the other"))) {
            Generator model = LanguageModels.open(
                    first.reference(), null, second.reference().replace("test-model", "other"), null, PATIENCE);
            Generator.Completion completion = model.generate(PROMPT, piece -> {});
            assertThat(completion.text()).isEqualTo("from the other");
            assertThat(completion.by()).isEqualTo("other");
        }
    }

    @Test
    void aModelInAHurryGivesUpEarlierAndSharesWhatItKnowsOfItsServer() throws IOException {
        try (var first = new ScriptedServer(out -> Thread.sleep(10_000));
                var second = new ScriptedServer(ANSWER)) {
            Generator model = LanguageModels.open(first.reference(), null, PATIENCE);
            Instant before = Instant.now();
            failureOf(model.within(Duration.ofMillis(400)));
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(1_500));
            assertThat(model.within(Duration.ofSeconds(1)).name()).isEqualTo(model.name());
            Generator both = LanguageModels.open(first.reference(), null, second.reference(), null, PATIENCE);
            before = Instant.now();
            assertThat(both.within(Duration.ofSeconds(1))
                            .generate(PROMPT, piece -> {})
                            .text())
                    .isEqualTo("fine");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(1_500));
        }
        try (var server = new ScriptedServer(status(401, "application/json", "{}"), DOWN)) {
            Generator model = LanguageModels.open(server.reference(), null, PATIENCE);
            failureOf(model);
            for (int i = 0; i < Breaker.FAILURES; i++) {
                failureOf(model.within(Duration.ofSeconds(5)));
            }
            assertThat(failureOf(model)).hasMessageContaining("left alone");
        }
    }

    @Test
    void theFallbackHasTimeLeftAfterASilentModel() throws IOException {
        try (var first = new ScriptedServer(out -> Thread.sleep(10_000));
                var second = new ScriptedServer(ANSWER)) {
            Generator model = LanguageModels.open(
                    first.reference(), null, second.reference(), null, PATIENCE.withDeadline(Duration.ofSeconds(2)));
            Instant before = Instant.now();
            assertThat(model.generate(PROMPT, piece -> {}).text()).isEqualTo("fine");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void whatWasCutAfterItsFirstWordsIsNotWrittenAgainByTheFallback() throws IOException {
        try (var first = new ScriptedServer(out -> {
                    openStream(out);
                    piece(out, "half");
                });
                var second = new ScriptedServer(ANSWER)) {
            Generator.Completion completion = LanguageModels.open(
                            first.reference(), null, second.reference(), null, PATIENCE)
                    .generate(PROMPT, piece -> {});
            assertThat(completion.text()).isEqualTo("half");
            assertThat(completion.truncated()).isTrue();
            assertThat(second.requests()).isEmpty();
        }
    }

    @Test
    void whereBothFailBothAreNamed() throws IOException {
        try (var first = new ScriptedServer(DOWN);
                var second = new ScriptedServer(status(401, "application/json", "{}"))) {
            Generator model = LanguageModels.open(first.reference(), null, second.reference(), null, PATIENCE);
            assertThatThrownBy(() -> model.generate(PROMPT, piece -> {}))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("503")
                    .hasMessageContaining("401");
        }
    }
}
