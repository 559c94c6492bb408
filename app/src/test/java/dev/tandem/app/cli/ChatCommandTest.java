package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations, the cache and usage, as a person or a pipe meets them. */
class ChatCommandTest {

    @TempDir
    Path folder;

    private CommandLineTester tandem;
    private Path shop;

    @BeforeEach
    void aFolderOfDocuments() throws Exception {
        Path documents = Files.createDirectories(folder.resolve("documents"));
        tandem = new CommandLineTester(folder.resolve("home"));
        shop = Files.writeString(
                documents.resolve("shop.md"),
                "# Opening hours\n\nThe shop opens at ten and closes at six.\n\nThe café closes at five.");
        Files.writeString(documents.resolve("rooms.md"), "# Rooms\n\nThe green room seats fourteen people.\n");
        tandem.run("ingest", documents.toString(), "--allow", "user:ana");
    }

    private static List<JsonNode> json(Outcome outcome) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (String line : outcome.lines()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void aPipeAsksFollowUpsAndGoesOnLater() throws Exception {
        Outcome talk = tandem.runWithInput(
                "When does the shop open?\n\nAnd when does it close?\n", "chat", "--json", "--as", "user:ana");
        assertThat(talk.exitCode()).as(talk.err()).isZero();
        List<JsonNode> turns = json(talk);
        assertThat(turns).hasSize(2);
        String id = turns.getFirst().path("conversation").asText();
        assertThat(turns.getLast().path("asked").asText()).contains("shop");
        assertThat(turns.getLast().path("text").asText()).contains("six");

        Outcome more = tandem.runWithInput("What about the café?\n", "chat", "--resume", id, "--as", "user:ana");
        assertThat(more.out())
                .contains("› When does the shop open?")
                .contains("asked as:")
                .contains("five");
        assertThat(more.out().lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        assertThat(json(tandem.run("chat", "--list", "--json", "--as", "user:ana")))
                .singleElement()
                .satisfies(each -> assertThat(each.path("turns").asInt()).isEqualTo(3));

        tandem.run("access", shop.toString(), "--owner-only");
        Outcome after = tandem.runWithInput("/history\n", "chat", "--resume", id, "--as", "user:ana");
        assertThat(after.out())
                .contains("withheld: it rested on a document that you may no longer read")
                .doesNotContain("six")
                .doesNotContain("ten and");

        for (String stranger : List.of("user:ben", "tenant:acme,user:ana")) {
            assertThat(tandem.run("chat", "--list", "--as", stranger).out()).isEmpty();
            for (String option : List.of("--resume", "--delete")) {
                Outcome refused = tandem.run("chat", option, id, "--as", stranger);
                assertThat(refused.exitCode()).isEqualTo(4);
                assertThat(refused.err()).contains("no conversation");
            }
        }
        assertThat(tandem.run("chat", "--delete", id, "--as", "user:ana").exitCode())
                .isZero();
        assertThat(tandem.run("chat", "--list", "--as", "user:ana").out()).isEmpty();
    }

    @Test
    void aQuestionThatFailsIsSaidAndTheNextOneAnswered() {
        Outcome some = tandem.runWithInput("x".repeat(70_000) + "\nWhen does the shop open?\n", "chat");
        assertThat(some.exitCode()).isEqualTo(1);
        assertThat(some.err()).contains("characters");
        assertThat(some.out()).contains("ten");
        assertThat(tandem.runWithInput("Anything?\n", "chat", "--as", "user:ben")
                        .exitCode())
                .isEqualTo(4);
        assertThat(tandem.run("chat", "--list", "--resume", "x").exitCode()).isEqualTo(2);
        assertThat(tandem.run("chat").exitCode()).as("nothing asked").isZero();
    }

    @Test
    void anAnswerIsGivenAgainUntilSomethingChanges() throws Exception {
        String[] ask = {"ask", "When does the shop open?", "--json"};
        assertThat(json(tandem.run(ask)).getFirst().path("cached").asBoolean()).isFalse();
        JsonNode again = json(tandem.run(ask)).getFirst();
        assertThat(again.path("cached").asBoolean()).isTrue();
        assertThat(again.path("text").asText()).contains("ten");
        assertThat(json(tandem.run("ask", "When does the shop open?", "--json", "--no-cache"))
                        .getFirst()
                        .path("cached")
                        .asBoolean())
                .isFalse();
        Files.writeString(shop, "# Opening hours\n\nThe shop opens at eleven.");
        tandem.run("ingest", shop.toString());
        JsonNode changed = json(tandem.run(ask)).getFirst();
        assertThat(changed.path("cached").asBoolean()).isFalse();
        assertThat(changed.path("text").asText()).contains("eleven");
    }

    @Test
    void aModelIsPaidOncePerAnswerAndUsageSaysForWhat() throws Exception {
        assertThat(tandem.run("usage").err()).contains("No language model was used yet");
        try (var model = new LoopbackModel("The shop opens at ten and closes at six [1].")) {
            tandem.run("config", "set", "model", model.reference());
            tandem.run("config", "set", "model-price", "1/2");
            tandem.run("config", "set", "budget-usd", "0.50");
            tandem.run("ask", "When does the shop open?");
            tandem.run("ask", "When does the shop open?");
            assertThat(model.requests()).hasSize(1);
            tandem.runWithInput("When does the shop open?\nWhen does it close?\n", "chat");
            assertThat(model.requests())
                    .as("the first is known; one call to rewrite, one to answer")
                    .hasSize(3);

            JsonNode used = json(tandem.run("usage", "--json")).getFirst();
            assertThat(used.path("model").asText()).isEqualTo("test-model");
            assertThat(used.path("calls").asInt()).isEqualTo(3);
            assertThat(used.path("prompt_tokens").asInt()).isEqualTo(3 * LoopbackModel.PROMPT_TOKENS);
            assertThat(used.path("usd").asDouble()).isEqualTo(3 * 31 / 1e6);
            assertThat(tandem.run("usage", "--as", "user:ana").out())
                    .contains("test-model")
                    .contains("$0.000093")
                    .contains("$0.499907 are left");
            assertThat(tandem.run("usage", "--json", "--as", "tenant:acme,user:ana")
                            .out())
                    .isEmpty();

            tandem.run("config", "unset", "budget-usd");
            tandem.run("config", "unset", "model-price");
            tandem.run("ask", "How many does the green room seat?");
            Outcome mixed = tandem.run("usage");
            assertThat(mixed.out()).contains("$0.000093");
            assertThat(mixed.err()).contains("Of the 4 calls to test-model").contains("1 had no price");
            assertThat(json(tandem.run("usage", "--json"))
                            .getFirst()
                            .path("calls_without_price")
                            .asInt())
                    .isEqualTo(1);
        }
    }
}
