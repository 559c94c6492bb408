package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Main;
import dev.tandem.app.cli.CommandLineTester.Outcome;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arms compared from the command line: what is measured, what is refused, and what a kill leaves. */
class CompareCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = Long.getLong("tandem.seed", System.nanoTime());

    @TempDir
    Path folder;

    private CommandLineTester tandem;
    private String train;
    private String suite;

    @BeforeEach
    void tickets() throws Exception {
        tandem = new CommandLineTester(folder.resolve("home"));
        train = write("train.jsonl", Tickets.jsonl(each -> !Tickets.held(each)));
        suite = write("held.jsonl", Tickets.jsonl(Tickets::held));
    }

    @Test
    void fourArmsAreMeasuredOnTheSameCases() throws Exception {
        JsonNode report = compared("--train", train, "--suite", suite);

        assertThatObject(report)
                .returns("classify", each -> each.path("task").asText())
                .returns("accuracy", each -> each.path("metric").asText())
                .returns(40, each -> each.path("cases").asInt())
                .returns("held", each -> each.path("suite").path("name").asText())
                .returns("train.jsonl", each -> each.path("train").path("name").asText());
        assertThat(report.path("leakage").toString()).isEqualTo("{\"cases\":0,\"allowed\":false,\"ids\":[]}");
        assertThat(report.path("arms"))
                .extracting(each -> each.path("arm").asText())
                .containsExactly("baseline", "rag", "tuned", "hybrid");
        assertThat(report.path("arms")).allSatisfy(arm -> {
            assertThat(arm.path("status").asText()).isEqualTo("measured");
            assertThat(arm.path("cost_per_case_usd").asDouble()).isZero();
            assertThat(arm.path("latency_ms").path("p50").asDouble()).isPositive();
            JsonNode accuracy = arm.path("figures").path("accuracy");
            assertThat(accuracy.path("value").asDouble())
                    .isBetween(
                            accuracy.path("low").asDouble(),
                            accuracy.path("high").asDouble());
        });
        assertThat(accuracy(report, "tuned")).isGreaterThan(0.7).isGreaterThan(0.25 + 0.1);
        assertThat(report.path("pairs")).hasSize(6);
        assertThat(report.path("classes")).hasSize(4);

        Outcome table = run("compare", "--task", "classify", "--train", train, "--suite", suite, "--arms", "rag,tuned");
        assertThat(table.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        assertThat(table.out())
                .contains("40 cases to classify in 4 classes", "rag", "tuned")
                .doesNotContain("LEAKED");
        assertThat(table.lines()).noneMatch(line -> line.startsWith("baseline"));
    }

    @Test
    void aDatasetIsComparedOnItsOwnTestExamples() throws Exception {
        run("dataset", "import", train, "--test", suite, "--name", "queues");

        JsonNode own = compared("--data", "queues", "--arms", "tuned");
        JsonNode files = compared("--train", train, "--suite", suite, "--arms", "tuned");

        assertThat(own.path("cases").asInt()).isEqualTo(40);
        assertThat(own.path("train").path("name").asText()).isEqualTo("queues@1");
        assertThat(accuracy(own, "tuned")).isCloseTo(accuracy(files, "tuned"), within(1e-9));
        refused(
                4,
                "There is no dataset 'queues'",
                "dataset list",
                "compare",
                "--task",
                "classify",
                "--data",
                "queues",
                "--as",
                "user:somebody");
    }

    @Test
    void killedAndStartedAgainItGivesTheSameReportTimesApart() throws Exception {
        System.out.println("CompareCommandTest: replay with -Dtandem.seed=" + SEED);
        var random = new Random(SEED);
        String[] command = {"compare", "--task", "classify", "--train", train, "--suite", suite, "--json"};
        String whole = withoutTimes(JSON.readTree(run(command).out()));
        Path home = folder.resolve("killed");
        int killed = 0;
        for (int kill = 0; kill < 2; kill++) {
            Process child = child(home, command);
            try (Catalog catalog = waitForACatalog(home, child)) {
                while (child.isAlive()
                        && catalog.comparisons().all(Scope.systemUser()).size() < 1) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                killed += child.isAlive() ? 1 : 0;
                child.destroyForcibly().waitFor();
            }
        }
        System.out.println(killed + " of 2 comparisons were killed before they had ended");

        Outcome again = new CommandLineTester(home).run(command);

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(withoutTimes(JSON.readTree(again.out()))).isEqualTo(whole);
        assertThat(withoutTimes(
                        JSON.readTree(new CommandLineTester(home).run(command).out())))
                .isEqualTo(whole);
    }

    private Process child(Path home, String... command) throws IOException {
        var line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        line.addAll(List.of(command));
        var builder = new ProcessBuilder(line)
                .redirectOutput(folder.resolve("child-out").toFile())
                .redirectError(folder.resolve("child-err").toFile());
        builder.environment().put("TANDEM_HOME", home.toString());
        return builder.start();
    }

    private Catalog waitForACatalog(Path home, Process child) throws Exception {
        Home at = Home.at(home);
        while (!Files.exists(at.catalog("default"))) {
            assertThat(child.isAlive())
                    .as(Files.readString(folder.resolve("child-err")))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return Catalog.read(at, "default");
    }

    @Test
    void thePageStandsByItself() throws Exception {
        Path page = folder.resolve("report.html");
        Outcome outcome = run(
                "compare",
                "--task",
                "classify",
                "--train",
                train,
                "--suite",
                suite,
                "--arms",
                "rag,tuned",
                "--html",
                page.toString());

        assertThat(outcome.err()).contains("Report: ").contains("report.html");
        String html = Files.readString(page);
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("tuned", "rag", "<style>", "heating")
                .doesNotContain("LEAKED")
                .doesNotContainPattern("(?i)(src|href)\\s*=\\s*[\"']?(https?:)?//")
                .doesNotContainPattern("(?i)<link|@import|url\\(|<script[^>]*src|<iframe|<img");
        refused(
                2,
                "The report cannot be written to",
                "--html report.html",
                "compare",
                "--task",
                "classify",
                "--train",
                train,
                "--suite",
                suite,
                "--html",
                folder.resolve("nowhere/report.html").toString());
    }

    @Test
    void casesThatWereTrainedOnAreRefusedOrMarkedEverywhere() throws Exception {
        String leaking = write("leaking.jsonl", Tickets.jsonl(_ -> true));
        String[] command = {"compare", "--task", "classify", "--train", leaking, "--suite", suite, "--arms", "rag,tuned"
        };
        refused(
                2,
                "40 of 40 cases of the suite held stand among the training examples, the first is 1",
                "--allow-leakage",
                command);

        Path page = folder.resolve("report.html");
        Outcome table = run(with(command, "--allow-leakage", "--html", page.toString()));
        JsonNode json =
                JSON.readTree(run(with(command, "--allow-leakage", "--json")).out());

        assertThat(table.out()).contains("LEAKED: 40 of 40 cases");
        assertThat(Files.readString(page)).containsIgnoringCase("leaked");
        assertThat(json.path("leakage").path("cases").asInt()).isEqualTo(40);
        assertThat(json.path("leakage").path("allowed").asBoolean()).isTrue();
        assertThat(json.path("leakage").path("ids")).hasSize(40);

        JsonNode dropped =
                JSON.readTree(run(with(command, "--drop-leaked", "--json")).out());
        JsonNode clean = compared("--train", train, "--suite", suite, "--arms", "rag,tuned");
        assertThat(dropped.path("leakage").path("cases").asInt()).isZero();
        assertThat(dropped.path("arms").get(1).path("figures"))
                .isEqualTo(clean.path("arms").get(1).path("figures"));
        refused(2, "exclude each other", "one of the two", with(command, "--drop-leaked", "--allow-leakage"));
    }

    @Test
    void badInputIsRefusedInOneLineWithTheRowOrTheName() throws Exception {
        refused(2, "There is no arm 'tund'", "Did you mean tuned?", compare("--arms", "tund"));
        refused(2, "There is no task 'guess'", "classify or answer", "compare", "--task", "guess", "--suite", suite);
        String empty = write("empty.jsonl", "");
        refused(2, "The suite empty has no cases", "one JSON object a line", on(empty));
        String twice = write("twice.jsonl", """
                {"id": "a", "text": "The boiler is cold", "label": "heating"}
                {"id": "b", "text": "The pump is cold", "label": "heating"}
                {"id": "a", "text": "The parcel is late", "label": "shipping"}
                """);
        refused(2, "Lines 1 and 3 of the suite twice.jsonl are both called 'a'", "an id of its own", on(twice));
        refused(2, "Line 1 of the suite broken.jsonl", "", on(write("broken.jsonl", "{\"text\": \"no label\"}\n")));
        String unknown = write("unknown.jsonl", Tickets.line("The door is open", "doors"));
        refused(2, "The case 1 of the suite unknown has the label 'doors'", "Add training examples", on(unknown));
        refused(
                4,
                "There is no suite",
                "JSON lines",
                on(folder.resolve("none.jsonl").toString()));
        String one = write("one.jsonl", Tickets.jsonl(each -> each.label().equals("login")));
        refused(
                2,
                "Every training example has the label 'login'",
                "other label",
                "compare",
                "--task",
                "classify",
                "--train",
                one,
                "--suite",
                suite);
        String ten = write("ten.jsonl", Tickets.jsonl(each -> each.number() < 10));
        refused(
                2,
                "There are 10 examples to learn from",
                "Add examples",
                "compare",
                "--task",
                "classify",
                "--train",
                ten,
                "--suite",
                suite);
        String same = write(
                "same.jsonl", (Tickets.line("The same", "login") + Tickets.line("The same", "heating")).repeat(50));
        refused(
                2,
                "different text",
                "Add examples",
                "compare",
                "--task",
                "classify",
                "--train",
                same,
                "--suite",
                suite);
        String labels = write(
                "labels.jsonl",
                Tickets.jsonl(each -> !Tickets.held(each)) + Tickets.line("A cold radiator", "Heating"));
        refused(
                2,
                "'Heating' (line 161) differ by case",
                "Write them alike",
                "compare",
                "--task",
                "classify",
                "--train",
                labels,
                "--suite",
                suite);
        refused(2, "no cases to measure on", "--suite FILE", "compare", "--task", "classify", "--train", train);
        refused(
                2,
                "either --data NAME or --train FILE",
                "dataset list",
                "compare",
                "--task",
                "classify",
                "--suite",
                suite);
        refused(
                2,
                "is there to classify, not to answer",
                "--task classify",
                "compare",
                "--task",
                "answer",
                "--suite",
                suite);
        String questions = write("questions.jsonl", "{\"question\": \"When?\", \"answers\": [\"ten\"]}\n");
        refused(2, "is there to answer, not to classify", "--task answer", on(questions));
        refused(
                2,
                "No line of",
                "<TAB>",
                compare("--descriptions", write("descriptions.tsv", "doors\tOpen and shut\n")));
        assertThat(tandem.run("dataset", "list").out()).isEmpty();
        assertThat(tandem.run("adapters", "list").out()).isEmpty();
    }

    @Test
    void withoutALanguageModelWhatCannotAnswerIsListedWithReasonAndCommand() throws Exception {
        String questions = questions();
        refused(4, "nothing in the collection", "tandem ingest", "compare", "--task", "answer", "--suite", questions);
        ingest();
        String[] command = {"compare", "--task", "answer", "--suite", questions};

        JsonNode report = JSON.readTree(run(with(command, "--json")).out());

        assertThat(report.path("metric").asText()).isEqualTo("token_f1");
        for (JsonNode arm : report.path("arms")) {
            if (arm.path("arm").asText().equals("rag")) {
                assertThat(arm.path("status").asText()).isEqualTo("measured");
                assertThat(arm.path("figures").path("token_f1").path("value").asDouble())
                        .isGreaterThan(0.3);
            } else {
                assertThat(arm.path("status").asText()).isEqualTo("not run");
                assertThat(arm.path("reason").asText()).contains("language model");
                assertThat(arm.path("command").asText()).startsWith("tandem ").contains("openai-compatible:URL#NAME");
            }
        }
        assertThat(report.path("arms")).hasSize(4);
        Outcome table = run(command);
        assertThat(table.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        assertThat(table.out())
                .contains(
                        "baseline not run: no language model is configured",
                        "tandem config set model",
                        "--tuned-model");
        refused(2, "None of these arms can run here: baseline", "Add rag", with(command, "--arms", "baseline,tuned"));
        refused(2, "--train and --data are for classifying", "--tuned-model", with(command, "--train", train));
        refused(2, "no questions to measure on", "--suite FILE", "compare", "--task", "answer");
    }

    @Test
    void withALanguageModelTokensAndPricesMakeTheCostOfACase() throws Exception {
        ingest();
        try (var model = new LoopbackModel("The shop opens at ten.")) {
            run("config", "set", "model", model.reference());
            String[] command = {"compare", "--task", "answer", "--suite", questions()};
            refused(2, "There is no price for the language model test-model", "--price-in and --price-out", command);
            refused(2, "There is no price", "--price-in and --price-out", with(command, "--price-in", "2"));
            assertThat(model.requests()).as("nothing was spent").isEmpty();
            String[] priced = with(command, "--price-in", "2", "--price-out", "10", "--json");

            JsonNode report = JSON.readTree(run(priced).out());

            double once = (2.0 * LoopbackModel.PROMPT_TOKENS + 10.0 * LoopbackModel.COMPLETION_TOKENS) / 1e6;
            for (String arm : List.of("baseline", "rag")) {
                assertThat(arm(report, arm).path("status").asText()).isEqualTo("measured");
                assertThat(arm(report, arm).path("cost_per_case_usd").asDouble())
                        .as(arm)
                        .isCloseTo(once, within(1e-8));
            }
            assertThat(accuracy(report, "token_f1", "baseline")).isGreaterThan(0);
            for (String arm : List.of("tuned", "hybrid")) {
                assertThat(arm(report, arm).path("command").asText()).contains("--tuned-model");
            }
            assertThat(model.requests())
                    .anyMatch(each -> each.contains("closes at six"))
                    .anyMatch(each -> !each.contains("closes at six"));

            int asked = model.requests().size();
            assertThat(withoutTimes(JSON.readTree(run(priced).out()))).isEqualTo(withoutTimes(report));
            assertThat(model.requests())
                    .as("what was measured is not paid for again")
                    .hasSize(asked);

            JsonNode tuned = JSON.readTree(
                    run(with(priced, "--tuned-model", model.reference())).out());
            assertThat(tuned.path("arms"))
                    .allMatch(each -> each.path("status").asText().equals("measured"));
        }
    }

    @Test
    void aLanguageModelThatIsGoneEndsTheComparisonAndWhatWasMeasuredStays() throws Exception {
        ingest();
        String reference;
        try (var model = new LoopbackModel("The shop opens at ten.")) {
            reference = model.reference();
        }
        run("config", "set", "model", reference);
        refused(
                7,
                "",
                "",
                "compare",
                "--task",
                "answer",
                "--suite",
                questions(),
                "--price-in",
                "0",
                "--price-out",
                "0",
                "--arms",
                "baseline");
    }

    private void ingest() throws IOException {
        Path documents = Files.createDirectories(folder.resolve("documents"));
        Files.writeString(
                documents.resolve("shop.md"), "# Opening hours\n\nThe shop opens at ten and closes at six.\n");
        Files.writeString(documents.resolve("rooms.md"), "# Rooms\n\nThe green room seats fourteen people.\n");
        run("ingest", documents.toString());
    }

    private String questions() throws IOException {
        return write("questions.jsonl", """
                {"question": "When does the shop open?", "answers": ["ten", "at ten"]}
                {"question": "When does the shop close?", "answers": ["six", "at six"]}
                {"question": "How many people does the green room seat?", "answers": ["fourteen"]}
                """);
    }

    private String[] compare(String... more) {
        return with(new String[] {"compare", "--task", "classify", "--train", train, "--suite", suite}, more);
    }

    private String[] on(String cases) {
        return new String[] {"compare", "--task", "classify", "--train", train, "--suite", cases};
    }

    private JsonNode compared(String... arguments) throws IOException {
        Outcome outcome = run(with(with(new String[] {"compare", "--task", "classify"}, arguments), "--json"));
        assertThat(outcome.lines()).hasSize(1);
        return JSON.readTree(outcome.lines().getLast());
    }

    private static JsonNode arm(JsonNode report, String name) {
        for (JsonNode each : report.path("arms")) {
            if (each.path("arm").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no arm " + name + " in " + report);
    }

    private static double accuracy(JsonNode report, String arm) {
        return accuracy(report, "accuracy", arm);
    }

    private static double accuracy(JsonNode report, String figure, String arm) {
        return arm(report, arm).path("figures").path(figure).path("value").asDouble();
    }

    /** What may differ between two runs of the same comparison is taken out. */
    private static String withoutTimes(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("latency_ms", "seconds"));
            object.forEach(CompareCommandTest::withoutTimes);
        } else if (node instanceof ArrayNode array) {
            array.forEach(CompareCommandTest::withoutTimes);
        }
        return node.toString();
    }

    private Outcome run(String... command) {
        Outcome outcome = tandem.run(command);
        assertThat(outcome.exitCode())
                .as(String.join(" ", command) + ": " + outcome.err())
                .isZero();
        return outcome;
    }

    private void refused(int exitCode, String message, String next, String... command) {
        Outcome outcome = tandem.run(command);
        assertThat(outcome.exitCode())
                .as(String.join(" ", command) + ": " + outcome.err())
                .isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        List<String> said = outcome.err().lines().toList();
        assertThat(said).as(outcome.err()).hasSize(2);
        assertThat(said.getFirst()).startsWith("tandem: ").contains(message);
        assertThat(said.getLast()).startsWith("Next: ").contains(next);
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
