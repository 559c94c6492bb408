package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retrievers, rerankers and readers as a person trains and uses them. */
class TrainPassagesCommandTest {

    private static final List<String> BIRDS = List.of(
            "heron",
            "curlew",
            "stilt",
            "godwit",
            "avocet",
            "bittern",
            "plover",
            "dunlin",
            "knot",
            "ruff",
            "snipe",
            "teal",
            "wigeon",
            "pochard",
            "smew",
            "eider",
            "scoter",
            "merganser",
            "grebe",
            "coot",
            "rail",
            "crake",
            "crane",
            "stork",
            "ibis",
            "egret");

    @TempDir
    private Path folder;

    private static String passage(int i) {
        return "The " + BIRDS.get(i) + " nests in pond " + (i + 11) + " and was counted there in May.";
    }

    private Commands.Outcome tandem(String... args) {
        return new Commands(folder.resolve("home")).run(args);
    }

    @BeforeEach
    void datasets() throws IOException {
        var pairs = new StringBuilder();
        var spans = new StringBuilder();
        Path docs = Files.createDirectories(folder.resolve("docs"));
        for (int i = 0; i < BIRDS.size(); i++) {
            String question = "Where does the " + BIRDS.get(i) + " nest?";
            String part = i % 6 == 0 ? "test" : "train";
            pairs.append("{\"query\": \"" + question + "\", \"passage\": \"" + passage(i) + "\", \"split\": \"" + part
                    + "\"}\n");
            String answers = i % 4 == 1 ? "[]" : "[\"pond " + (i + 11) + "\"]";
            int read = i % 4 == 1 ? (i + 1) % BIRDS.size() : i;
            spans.append("{\"question\": \"" + question + "\", \"context\": \"" + passage(read) + "\", \"answers\": "
                    + answers + ", \"split\": \"" + part + "\"}\n");
            Files.writeString(docs.resolve(BIRDS.get(i) + ".txt"), passage(i));
        }
        Files.writeString(folder.resolve("pairs.jsonl"), pairs);
        Files.writeString(folder.resolve("spans.jsonl"), spans);
        assertThat(tandem("dataset", "import", folder.resolve("pairs.jsonl").toString(), "--name", "birds")
                        .exitCode())
                .isZero();
        assertThat(tandem("dataset", "import", folder.resolve("spans.jsonl").toString(), "--name", "spans")
                        .exitCode())
                .isZero();
        assertThat(tandem("ingest", docs.toString()).exitCode()).isZero();
    }

    private Commands.Outcome train(String kind, String data, String... more) {
        var args = new ArrayList<>(List.of(
                "train",
                kind,
                "--data",
                data,
                "--rank",
                "2",
                "--epochs",
                "1",
                "--batch",
                "8",
                "--threads",
                "2",
                "--json"));
        args.addAll(List.of(more));
        return tandem(args.toArray(String[]::new));
    }

    @Test
    void aRetrieverIsTrainedAgainstTheUsersOwnIndexAndAnswersFromThenOn() throws IOException {
        Commands.Outcome trained = train(
                "retriever",
                "birds",
                "--collection",
                "default",
                "--curve",
                folder.resolve("curve").toString());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        JsonNode json = trained.last();
        assertThat(json.path("adapter").asText()).startsWith("birds@");
        assertThat(json.path("kind").asText()).isEqualTo("retriever");
        assertThat(json.path("task").asText()).isEqualTo("retrieve");
        for (String measured : List.of("test", "base", "frozen")) {
            assertThat(json.path(measured).path("ndcg_at_10").path("value").asDouble())
                    .as(measured)
                    .isBetween(.5, 1.0);
        }
        assertThat(json.path("robustness").size()).isEqualTo(5);
        assertThat(json.path("forgetting").size()).isEqualTo(1);
        assertThat(json.path("peak_rss_mb").asInt()).isPositive();
        assertThat(json.path("parity").asDouble()).isLessThan(1e-3);
        assertThat(folder.resolve("curve/loss.svg")).isRegularFile();

        // More is known by now: what it learned from is no question to measure on.
        Path later = folder.resolve("later.jsonl");
        Files.writeString(
                later,
                Files.readString(folder.resolve("pairs.jsonl"))
                        + "{\"query\": \"In which pond is the osprey?\", \"passage\": \"The osprey fishes in pond 99.\","
                        + " \"split\": \"test\"}\n");
        assertThat(tandem("dataset", "import", later.toString(), "--name", "birds")
                        .exitCode())
                .isZero();
        Commands.Outcome again = tandem(
                "adapters",
                "revalidate",
                "birds",
                "--budget",
                "robustness=1,accuracy=1,forgetting=1",
                "--due",
                "7",
                "--collection",
                "default",
                "--json");
        assertThat(again.exitCode()).as(again.err() + again.out()).isZero();
        assertThat(again.last().path("dataset").asText())
                .isNotEqualTo(json.path("dataset").asText());
        assertThat(again.last().path("cases").asInt()).isEqualTo(6);
        assertThat(again.last().path("test").path("ndcg_at_10").path("value").asDouble())
                .isBetween(.5, 1.0);
        assertThat(again.last().path("losses").size()).isEqualTo(8);
        assertThat(tandem("adapters", "show", "birds").out()).contains("Measured again", "ndcg_at_10");
        assertThat(tandem("adapters", "revalidate", "birds", "--due", "0").err())
                .contains("--due");

        Commands.Outcome moved = tandem("adapters", "promote", "birds", "--force", "a test", "--collection", "default");
        assertThat(moved.exitCode()).as(moved.err()).isZero();
        Commands.Outcome found = tandem("search", "Where does the avocet nest?", "--limit", "1");
        assertThat(found.out()).contains("avocet");
        Commands.Outcome back = tandem("reembed", "--rollback");
        assertThat(back.exitCode()).as(back.err()).isZero();
    }

    @Test
    @Tag("nightly")
    void aRerankerIsTrainedAndTriedWhereItWouldBeUsed() throws IOException {
        Commands.Outcome trained = train("reranker", "birds");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(trained.last().path("test").path("ndcg_at_10").path("value").isNumber())
                .isTrue();
        assertThat(trained.last().path("parity").asDouble()).isLessThan(1e-3);
        Path out = folder.resolve("out");
        Commands.Outcome exported = tandem("adapters", "export", "birds", out.toString(), "--format", "peft");
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(out.resolve("adapter_config.json")).isRegularFile();
        Path model = folder.resolve("model");
        Commands.Outcome merged = tandem("adapters", "export", "birds", model.toString(), "--format", "onnx");
        assertThat(merged.exitCode()).as(merged.err()).isZero();
        assertThat(model.resolve("model.onnx")).isRegularFile();
        assertThat(model.resolve("tokenizer.json")).isRegularFile();
    }

    @Test
    void aReaderIsTrainedAndAnswersWithItsQuote() throws IOException {
        Commands.Outcome trained = train("reader", "spans", "--promote");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        JsonNode json = trained.last();
        assertThat(json.path("test").path("token_f1").path("value").isNumber()).isTrue();
        assertThat(json.path("test").path("answerability").path("value").isNumber())
                .isTrue();
        assertThat(json.path("parity").asDouble()).isLessThan(1e-2);

        assertThat(tandem("config", "set", "reader", "adapter:spans").exitCode())
                .isZero();
        Commands.Outcome asked = tandem("ask", "Where does the avocet nest?", "--json");
        assertThat(asked.exitCode()).as(asked.err()).isIn(0, 1);
        assertThat(tandem("config", "set", "reader", "spans").err()).contains("adapter:NAME");
        Commands.Outcome again = tandem("adapters", "revalidate", "spans");
        assertThat(again.exitCode()).as(again.err()).isIn(0, 1);
        assertThat(again.out()).contains("Measured again", "token_f1");
    }

    @Test
    void tooFewQuestionsAndTheWrongKindOfDatasetAreRefusedWithWhatIsWanted() {
        Commands.Outcome wrong = train("reader", "birds");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("\"context\"");
        assertThat(train("retriever", "nothing").exitCode()).isEqualTo(4);
    }
}
