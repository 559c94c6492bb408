package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Low-rank tuning as a person types it, from examples to a label. */
class TrainLoraCommandTest {

    private static final List<String> REFUND = List.of("money", "refund", "charge", "invoice", "bill", "payment");
    private static final List<String> PARCEL = List.of("parcel", "courier", "delivery", "box", "shipment", "post");
    private static final List<String> FRAMES = List.of(
            "Where is my %s from last week?",
            "I have a question about a %s",
            "The %s is wrong",
            "My %s never came",
            "Who looks after the %s here?",
            "Please check this %s again");

    @TempDir
    private Path folder;

    private Path train;
    private Path test;

    private Commands.Outcome tandem(String... args) {
        return new Commands(folder.resolve("home")).run(args);
    }

    @BeforeEach
    void examples() throws IOException {
        train = folder.resolve("train.jsonl");
        test = folder.resolve("test.jsonl");
        var learned = new StringBuilder();
        var measured = new StringBuilder();
        var random = new Random(1);
        for (var label : Map.of("refund", REFUND, "parcel", PARCEL).entrySet()) {
            for (String word : label.getValue()) {
                for (String frame : FRAMES) {
                    (random.nextInt(4) == 0 ? measured : learned)
                            .append("{\"text\":\"" + frame.formatted(word) + "\",\"label\":\"" + label.getKey()
                                    + "\"}\n");
                }
            }
        }
        Files.writeString(train, learned);
        Files.writeString(test, measured);
    }

    private Commands.Outcome train(String... more) {
        var args = new ArrayList<>(List.of(
                "train",
                "classifier",
                "--method",
                "lora",
                "--train",
                train.toString(),
                "--test",
                test.toString(),
                "--name",
                "queues",
                "--epochs",
                "2",
                "--batch",
                "8"));
        args.addAll(List.of(more));
        return tandem(args.toArray(String[]::new));
    }

    @Test
    void ofFewTextsTheEncoderLearnsFromPairsAndAHeadIsFittedOnWhatComesOfIt() throws IOException {
        List<String> all = Files.readAllLines(train);
        List<String> few = new ArrayList<>();
        for (String label : List.of("refund", "parcel")) {
            all.stream()
                    .filter(line -> line.contains("\"label\":\"" + label))
                    .limit(14)
                    .forEach(few::add);
        }
        Files.write(train, few);
        Commands.Outcome trained = train("--json");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("from pairs");
        assertThat(trained.last().path("test").path("accuracy").path("value").asDouble())
                .isGreaterThan(.8);
        assertThat(trained.last().path("parity").asDouble()).isBetween(0.0, 1e-3);
        assertThat(tandem("adapters", "show", "queues").out()).contains("from pairs");
        assertThat(tandem("classify", "--adapter", "queues@candidate", "The courier lost my shipment")
                        .out())
                .contains("parcel");
        assertThat(train("--objective", "triplets").err()).contains("labels or pairs");
        assertThat(tandem("train", "classifier", "--data", "queues", "--objective", "pairs")
                        .err())
                .contains("--method lora");
    }

    @Test
    void whatIsTunedIsMeasuredBesideTheFrozenHeadAndServed() throws IOException {
        Path curve = folder.resolve("curve");
        // One text that is learned from and measured on, which has to be said wherever the figures are, and one of a
        // megabyte.
        Files.writeString(
                train,
                Files.readString(train) + Files.readAllLines(test).getFirst() + "\n{\"text\":\"The courier lost it. "
                        + "parcel ".repeat(140_000) + "\",\"label\":\"parcel\"}\n");
        Commands.Outcome trained = train("--json", "--allow-leakage", "--curve", curve.toString());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        JsonNode json =
                new ObjectMapper().readTree(trained.out().lines().toList().getLast());
        assertThat(json.path("kind").asText()).isEqualTo("lora");
        for (String figure : List.of("test", "base", "frozen")) {
            JsonNode accuracy = json.path(figure).path("accuracy");
            assertThat(accuracy.path("low").asDouble())
                    .as(figure)
                    .isLessThanOrEqualTo(accuracy.path("value").asDouble());
            assertThat(accuracy.path("value").asDouble())
                    .isLessThanOrEqualTo(accuracy.path("high").asDouble());
        }
        assertThat(json.path("test").path("accuracy").path("value").asDouble()).isGreaterThan(.8);
        for (String figure : List.of(
                "/robustness/typos/lost_over_frozen",
                "/outside/answered_over_frozen",
                "/calibration/error_over_frozen",
                "/forgetting/base",
                "/forgetting/tuned",
                "/forgetting/lost",
                "/over_base",
                "/over_frozen")) {
            JsonNode interval = json.at(figure);
            assertThat(interval.path("value").asDouble(-9))
                    .as(figure)
                    .isBetween(
                            interval.path("low").asDouble(9),
                            interval.path("high").asDouble(-9));
        }
        assertThat(json.at("/forgetting/cases").asInt()).isGreaterThan(50);
        assertThat(json.at("/forgetting/base/value").asDouble()).isGreaterThan(.5);
        assertThat(json.at("/worth/losses")).hasSize(10);
        assertThat(json.path("peak_rss_mb").asLong()).isGreaterThan(200);
        assertThat(json.at("/leakage/cases").asInt()).isEqualTo(1);
        assertThat(json.path("parity").asDouble()).isBetween(0.0, 1e-3);
        assertThat(json.path("tokens_per_second").asLong()).isPositive();
        assertThat(trained.err()).contains("rank 8, alpha 16.0", "epoch");

        assertThat(Files.readString(curve.resolve("loss.svg")))
                .startsWith("<svg")
                .endsWith("</svg>\n")
                .contains("<circle");
        List<String> losses = Files.readAllLines(curve.resolve("loss.jsonl"));
        assertThat(losses).filteredOn(line -> line.contains("\"epoch\"")).hasSize(2);
        assertThat(losses)
                .filteredOn(line -> line.contains("\"step\""))
                .hasSize(json.path("steps").asInt());

        Commands.Outcome label = tandem("classify", "--adapter", "queues@candidate", "The courier lost my shipment");
        assertThat(label.exitCode()).as(label.err()).isZero();
        assertThat(label.out().lines().findFirst().orElse("")).contains("parcel");
        assertThat(tandem("adapters", "show", "queues").out())
                .contains("lora", "The head on the frozen encoder", "Low rank")
                .contains("Forgotten of finding", "1 test text was trained on");
        assertThat(tandem("adapters", "list").out()).contains("leaked: 1 test text");
        assertThat(tandem("adapters", "promote", "queues").out()).contains("queues@production");
        assertThat(tandem("classify", "I was charged twice")
                        .out()
                        .lines()
                        .findFirst()
                        .orElse(""))
                .contains("refund");

        Path exported = folder.resolve("exported");
        assertThat(tandem("adapters", "export", "queues", "--output", exported.toString())
                        .exitCode())
                .isZero();
        JsonNode config = new ObjectMapper().readTree(Files.readString(exported.resolve("adapter_config.json")));
        assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(config.path("r").asInt()).isEqualTo(8);
        assertThat(Files.size(exported.resolve("adapter_model.safetensors"))).isLessThan(6_000_000);
        assertThat(exported.resolve("head.safetensors")).exists();

        Path merged = folder.resolve("merged");
        Commands.Outcome written = tandem("adapters", "export", "queues", merged.toString(), "--format", "onnx");
        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(merged.resolve("adapter_model.safetensors")).doesNotExist();
        Path notes = Files.writeString(folder.resolve("notes.md"), "# Couriers\n\nThe courier comes at noon.\n");
        Commands.Outcome ingested = tandem("ingest", notes.toString(), "-c", "notes", "--encoder", merged.toString());
        assertThat(ingested.exitCode()).as(ingested.err()).isZero();
        assertThat(tandem("search", "courier", "-c", "notes").out()).contains("at noon");
        assertThat(folder.resolve("home/tenants/default/checkpoints/root/queues"))
                .doesNotExist();
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsTrained() {
        assertThat(train("--rank", "0").err()).contains("rank 0 is out of range", "from 1 to 256");
        assertThat(train("--learning-rate", "7").err()).contains("learning rate cannot be 7");
        assertThat(train("--dropout", "1").err()).contains("dropout 1.0 is out of range");
        Commands.Outcome head = tandem("train", "classifier", "--train", train.toString(), "--rank", "4");
        assertThat(head.exitCode()).isEqualTo(2);
        assertThat(head.err()).contains("--method lora");
        assertThat(tandem("train", "classifier", "--train", train.toString(), "--method", "dora")
                        .exitCode())
                .isEqualTo(2);
        assertThat(tandem("adapters", "list").out()).isEmpty();
    }
}
