package dev.tandem.llm;

import static dev.tandem.llm.ScriptedServer.finish;
import static dev.tandem.llm.ScriptedServer.openStream;
import static dev.tandem.llm.ScriptedServer.piece;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Span;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The whole walk of a question whose answer is written by a server on loopback. */
class GroundedOverHttpTest {

    private static final String TEXT = "Handbook. The notice period is three months to the end of a quarter.";
    private static final DocumentRef DOCUMENT = new DocumentRef(
            "d1", 1, "default", "Handbook", "handbook.md", "file", Instant.EPOCH, Collections.emptySortedMap());

    private static final Embedder WORDS_ONLY = new Embedder() {
        @Override
        public Encoder encoder() {
            return new Encoder("none", "0".repeat(64), 1, 512);
        }

        @Override
        public List<float[]> embed(List<String> texts, Role role) {
            return texts.stream().map(text -> new float[] {1}).toList();
        }

        @Override
        public int countTokens(String text) {
            return text.length() / 4;
        }
    };

    private static Answer ask(ScriptedServer server, StringBuilder draft) {
        var span = new Span(0, TEXT.length());
        var hit = new Hit(
                DOCUMENT, new Chunk("d1", 1, 0, span, span, "", 0, TEXT), 1, 1, Hit.Channel.NONE, Hit.Channel.NONE);
        var patience = new LanguageModels.Patience(
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(300),
                Duration.ofMillis(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1));
        return Assistant.writing(
                        query -> List.of(hit),
                        (asker, document, version) -> Optional.of(TEXT),
                        WORDS_ONLY,
                        LanguageModels.open(server.reference(), null, patience),
                        AssistantSettings.DEFAULT)
                .answer(
                        new Query(
                                "What is the notice period?",
                                Principal.ofUser("ana"),
                                "default",
                                Filter.everything(),
                                5),
                        draft::append);
    }

    @Test
    void whatTheServerStreamsBecomesAnAnswerWhoseCitationsStand() throws IOException {
        try (var server = new ScriptedServer(out -> {
            openStream(out);
            piece(out, "The notice period is three ");
            piece(out, "months [1]. It is");
            piece(out, " paid in gold [1].\\u001b[2J");
            finish(out, "stop");
        })) {
            var draft = new StringBuilder();
            assertThat(ask(server, draft)).isInstanceOfSatisfying(Answer.Grounded.class, grounded -> {
                assertThat(grounded.text()).isEqualTo("The notice period is three months. [1]");
                assertThat(grounded.unverified()).containsExactly("It is paid in gold.");
                assertThat(grounded.by()).isEqualTo("test-model");
                Citation citation = grounded.citations().getFirst();
                assertThat(citation.span().of(TEXT)).isEqualTo(citation.quote());
            });
            assertThat(draft).hasToString("The notice period is three months [1]. It is paid in gold [1].");
            assertThat(server.requests().getFirst()).contains("three months to the end of a quarter");
        }
    }

    @Test
    void aStreamThatBreaksOffKeepsWhatStands() throws IOException {
        try (var server = new ScriptedServer(out -> {
            openStream(out);
            piece(out, "The notice period is three months [1]. During the tri");
        })) {
            assertThat(ask(server, new StringBuilder())).isInstanceOfSatisfying(Answer.Grounded.class, grounded -> {
                assertThat(grounded.citations()).hasSize(1);
                assertThat(grounded.unverified().getLast()).contains("broke off");
            });
        }
    }
}
