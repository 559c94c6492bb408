package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training a classifier, using it and keeping house with it, from the command line. */
class ClassifierCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private CommandLineTester tandem;
    private String train;
    private String test;

    @BeforeEach
    void tickets() throws Exception {
        tandem = new CommandLineTester(folder.resolve("home"));
        train = write("train.jsonl", Tickets.jsonl(each -> !Tickets.held(each)));
        test = write("test.jsonl", Tickets.jsonl(Tickets::held));
    }

    @Test
    void aClassifierIsTrainedFromFilesAndItsFiguresAreTheLastLine() throws Exception {
        JsonNode said = trained("--train", train, "--test", test, "--name", "queues");

        assertThat(said.path("adapter").asText()).matches("queues@[0-9a-f]{12}");
        assertThatObject(said)
                .returns("frozen-head", each -> each.path("kind").asText())
                .returns("classify", each -> each.path("task").asText())
                .returns(160, each -> each.path("examples").asInt())
                .returns(4, each -> each.path("classes").asInt());
        assertThat(said.path("seconds").isNumber()).isTrue();
        assertThat(said.path("test").path("ece").isNumber()).isTrue();
        for (String figure : List.of("accuracy", "macro_f1")) {
            JsonNode interval = said.path("test").path(figure);
            assertThat(interval.path("value").asDouble())
                    .as(figure)
                    .isBetween(0.7, 1.0)
                    .isBetween(
                            interval.path("low").asDouble(),
                            interval.path("high").asDouble());
        }
        assertThat(said.path("leakage").path("cases").asInt()).isZero();
        assertThat(names(said))
                .startsWith(
                        "adapter",
                        "kind",
                        "task",
                        "test",
                        "base",
                        "frozen",
                        "forgetting",
                        "robustness",
                        "seconds",
                        "tokens_per_second",
                        "peak_rss_mb");

        // From the dataset that was kept on the way: the same adapter.
        JsonNode again = trained("--data", "queues");
        assertThat(again.path("hash")).isEqualTo(said.path("hash"));
        assertThat(again.path("test")).isEqualTo(said.path("test"));
        assertThat(jsonLines("adapters", "list", "--json")).hasSize(1);
    }

    @Test
    void aClassifierIsTrainedFromADatasetAndLabelsWhatItIsGiven() throws Exception {
        run("dataset", "import", train, "--name", "queues");
        Outcome trained = run("train", "classifier", "--data", "queues");
        fits(trained);
        assertThat(trained.out())
                .contains(
                        "frozen-head, 4 labels", "accuracy", "macro F1", "threshold", "tandem adapters promote queues");

        Outcome one = run("classify", "The", "boiler", "is", "cold");
        fits(one);
        assertThat(one.lines()).hasSize(3);
        assertThat(one.lines().getFirst()).matches(" *[0-9.]+%  heating");
        JsonNode json =
                JSON.readTree(run("classify", "--json", "Where is my parcel?").out());
        assertThatObject(json)
                .returns("labelled", each -> each.path("outcome").asText())
                .returns("shipping", each -> each.path("label").asText())
                .returns("Where is my parcel?", each -> each.path("text").asText());
        assertThat(json.path("sure").isBoolean()).isTrue();
        assertThat(json.path("ranked")).hasSize(3);
        refused(2, "no text to label", "classify", "classify", " ");
        double sum = 0;
        for (JsonNode each : json.path("ranked")) {
            sum += each.path("probability").asDouble();
        }
        assertThat(sum)
                .isLessThanOrEqualTo(1.0001)
                .isGreaterThanOrEqualTo(json.path("probability").asDouble());
    }

    @Test
    void nothingIsTrainedOnPersonalDataWithoutAReasonThatIsKept() throws Exception {
        String rows = Files.readString(Path.of(train)).replaceFirst("\"text\": ?\"", "$0Mail me at ana@firma.de. ");
        String held = write("held.jsonl", rows);
        refused(2, "e-mail addresses in 1 example (train 1)", "--allow-pii", "train", "classifier", "--train", held);
        assertThat(run("dataset", "list").err()).contains("No datasets here");
        run("dataset", "import", held, "--name", "queues");
        refused(2, "e-mail addresses in 1 example", "dataset redact", "train", "classifier", "--data", "queues");
        refused(2, "is empty", "--allow-pii", "train", "classifier", "--data", "queues", "--allow-pii", " ");
        assertThat(run("audit").err()).contains("You passed over no rule.");

        JsonNode said = trained("--data", "queues", "--allow-pii", "The address is invented.");

        JsonNode entry = JSON.readTree(run("audit", "--json").out());
        assertThatObject(entry)
                .returns("allow-pii", each -> each.path("action").asText())
                .returns("The address is invented.", each -> each.path("reason").asText());
        assertThat(entry.path("subject").asText()).startsWith("queues@1 ");
        assertThat(run("audit").out()).contains("UTC  allow-pii", "queues@1", "Reason: The address is invented.");
        assertThat(run("adapters", "show", said.path("adapter").asText()).out())
                .contains("Learned from personal data", "The address is invented.");
        run("dataset", "redact", "queues");
        trained("--data", "queues");
        assertThat(run("audit", "--json").lines()).hasSize(1);
    }

    @Test
    void aThousandLinesComeOutInTheirOrderWithoutTheBlankOnes() throws Exception {
        trained("--train", train, "--test", test, "--name", "queues");
        // Few different texts, so that it is quick; each is told apart by its number.
        List<String> texts =
                IntStream.range(0, 1_000).mapToObj(i -> "cold radiator " + i).toList();
        String input = texts.stream()
                .map(each -> each.endsWith("7") ? each + "\n\n  \t \n" : each + "\n")
                .collect(Collectors.joining("", "\n", "  the last one has no end  "));

        Outcome plain = tandem.runWithInput(input, "classify");

        assertThat(plain.exitCode()).as(plain.err()).isZero();
        assertThat(plain.err()).isEmpty();
        assertThat(plain.lines()).allMatch(line -> line.matches("[a-z]+\t[01]\\.[0-9]{3}\\??\t.*"));
        assertThat(plain.lines().stream().map(line -> line.split("\t", -1)[2]).toList())
                .isEqualTo(Stream.concat(texts.stream(), Stream.of("the last one has no end"))
                        .toList());

        Outcome json = tandem.runWithInput("My parcel\n\nMy invoice\n", "classify", "--json");
        assertThat(json.lines().stream()
                        .map(ClassifierCommandsTest::json)
                        .map(each -> each.path("text").asText()))
                .containsExactly("My parcel", "My invoice");
        assertThat(tandem.runWithInput("", "classify"))
                .returns(0, Outcome::exitCode)
                .returns("", Outcome::out);
        Outcome controls = tandem.runWithInput("evil \u001b[2J boiler\n", "classify");
        assertThat(controls.out()).contains("boiler").doesNotContain("\u001b");
    }

    @Test
    void adaptersAreListedShownComparedMovedRemovedAndExported() throws Exception {
        JsonNode one = trained("--train", train, "--test", test, "--name", "queues", "--promote");
        String fewer = write("fewer.jsonl", Tickets.jsonl(each -> !Tickets.held(each) && each.number() < 120));
        JsonNode two = trained("--train", fewer, "--test", test, "--name", "queues");
        String first = one.path("adapter").asText();
        String second = two.path("adapter").asText();
        assertThat(first).isNotEqualTo(second);

        assertThat(run("adapters", "list").lines())
                .anyMatch(line -> line.startsWith(first) && line.contains("production"))
                .anyMatch(line -> line.startsWith(second) && line.contains("candidate"));
        List<JsonNode> listed = jsonLines("adapters", "list", "--json");
        assertThat(listed).extracting(each -> each.path("adapter").asText()).containsExactly(second, first);
        assertThat(names(listed.getFirst()))
                .contains("name", "owner", "hash", "state", "dataset", "dataset_hash", "base", "settings", "figures");
        assertThat(listed.getLast().path("aliases").toString()).isEqualTo("[\"production\"]");

        assertThat(run("adapters", "show", "queues").out())
                .contains("# queues", "## Limits", one.path("hash").asText());
        assertThat(json(run("adapters", "show", second, "--json").out()).path("hash"))
                .isEqualTo(two.path("hash"));

        Outcome diff = run("adapters", "diff", "queues@production", "queues@candidate");
        assertThat(diff.out())
                .contains(first, second, "hash", "queues@1", "queues@2", "0 examples added", "60 examples gone");
        JsonNode differences =
                json(run("adapters", "diff", first, second, "--json").out()).path("differences");
        assertThat(differences.path("dataset").toString()).isEqualTo("[\"queues@1\",\"queues@2\"]");
        assertThat(differences.path("figures.examples").toString()).isEqualTo("[\"160\",\"100\"]");
        assertThat(run("adapters", "diff", first, first).out()).contains("The same in everything");

        assertThat(run("adapters", "promote", "queues").out()).contains("queues@production is now " + second);
        assertThat(run("classify", "--json", "boiler").out()).contains(second);
        assertThat(run("adapters", "rollback", "queues").out()).contains("queues@production is now " + first);
        assertThat(run("classify", "--json", "boiler").out()).contains(first);
        refused(6, "no other adapter to go back to", "adapters promote", "adapters", "rollback", "queues");

        refused(6, first + " is production", "rollback", "adapters", "remove", first);
        run("adapters", "rollback", "queues", "--alias", "candidate");
        assertThat(run("adapters", "remove", second).out()).isEqualTo("Removed " + second + "\n");
        refused(4, second, "adapters list", "adapters", "show", second);

        Path out = folder.resolve("out");
        Outcome exported = run("adapters", "export", "queues", "--output", out.toString());
        fits(exported);
        assertThat(filesIn(out)).containsExactly("README.md", "adapter.json", "head.safetensors");
        assertThat(Files.readString(out.resolve("README.md")))
                .contains("# queues", one.path("hash").asText());
        assertThat(json(Files.readString(out.resolve("adapter.json"))).path("labels"))
                .hasSize(4);
        refused(6, "is not empty", "new or empty", "adapters", "export", "queues", "--output", out.toString());
        for (String[] command :
                List.of(new String[] {"adapters", "list"}, new String[] {"adapters", "show", "queues"}, new String[] {
                    "adapters", "diff", first, first
                })) {
            fits(run(command));
        }
        fits(diff);
    }

    @Test
    void aDamagedAdapterIsRefusedWithItsFileAndTheNextStep() throws Exception {
        JsonNode said = trained("--train", train, "--test", test, "--name", "queues");
        Path home = folder.resolve("home/tenants/default/adapters")
                .resolve(said.path("hash").asText());
        Path weights = home.resolve("head.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 4;
        Files.write(weights, bytes);
        for (String[] command : List.of(
                new String[] {"classify", "boiler"},
                new String[] {"adapters", "show", "queues"},
                new String[] {"adapters", "promote", "queues"},
                new String[] {
                    "adapters",
                    "export",
                    "queues",
                    "--output",
                    folder.resolve("out").toString()
                })) {
            refused(70, "head.safetensors is not what was registered", "Train it again", command);
        }
        assertThat(Files.exists(folder.resolve("out"))).isFalse();
        Files.delete(weights);
        refused(70, "head.safetensors is missing", "Train it again", "classify", "boiler");
        trained("--data", "queues");
        run("classify", "boiler");
    }

    @Test
    void whoMayNotReadTheExamplesSeesNothingOfTheClassifier() throws Exception {
        String ana = "user:ana,group:hr";
        String ben = "user:ben,group:ops";
        String document = write("source.md", "The night shift earns more.\n");
        run("ingest", document, "--allow", "group:ops", "--as", ana);
        run("dataset", "import", train, "--name", "queues", "--from", document, "--allow", "group:ops", "--as", ana);
        JsonNode said = trained("--data", "queues", "--as", ana);
        String hash = said.path("adapter").asText();
        assertThat(run("classify", "boiler", "--as", ben).out()).contains("heating");
        assertThat(run("adapters", "list", "--as", ben).out()).contains("ana/" + hash);
        refused(3, "is another's", "Ask its owner", "adapters", "promote", "queues", "--as", ben);
        refused(3, "is another's", "Ask its owner", "adapters", "rollback", "queues", "--as", ben);
        refused(3, "is another's", "Ask its owner", "adapters", "remove", hash, "--as", ben);

        run("access", document, "--owner-only", "--as", ana);

        String out = folder.resolve("out").toString();
        for (String reference : List.of("queues", hash, "ana/queues@candidate")) {
            for (List<String> command : List.of(
                    List.of("adapters", "show", "NAME"),
                    List.of("adapters", "diff", "NAME", "NAME"),
                    List.of("adapters", "promote", "NAME"),
                    List.of("adapters", "rollback", "NAME"),
                    List.of("adapters", "revalidate", "NAME"),
                    List.of("adapters", "remove", "NAME"),
                    List.of("adapters", "export", "NAME", "--output", out),
                    List.of("classify", "--adapter", "NAME", "boiler"))) {
                for (String asker : List.of(ben, "tenant:acme,user:ana")) {
                    Outcome hidden = tandem.run(as(asker, reference, command));
                    Outcome nothing = tandem.run(as(asker, "nowhere", command));
                    assertThat(hidden.exitCode()).as(command + hidden.err()).isEqualTo(4);
                    assertThat(hidden.out()).isEmpty();
                    assertThat(hidden.err().replace(reference, "NAME").replace("NAME@candidate", "NAME"))
                            .isEqualTo(nothing.err().replace("nowhere", "NAME").replace("NAME@candidate", "NAME"));
                }
            }
        }
        refused(4, "no classifier here that you may use", "Train one", "classify", "boiler", "--as", ben);
        assertThat(run("adapters", "list", "--as", ben).out()).isEmpty();
        assertThat(run("adapters", "list", "--json", "--as", ben).out()).isEmpty();
        assertThat(Files.exists(Path.of(out))).isFalse();
        assertThat(run("classify", "boiler", "--as", ana).out()).contains("heating");
    }

    @Test
    void badExamplesAreRefusedInOneLineAndNothingIsHalfRegistered() throws Exception {
        String oneClass = write("one.jsonl", Tickets.jsonl(each -> each.label().equals("login")));
        refusedTraining("Every training example has the label 'login'", "other label", "--train", oneClass);
        String ten = write("ten.jsonl", Tickets.jsonl(each -> each.number() < 10));
        refusedTraining("to measure on; at least 20 different texts are needed", "Add examples", "--train", ten);
        String same = write("same.jsonl", (Tickets.line("The same", "a") + Tickets.line("The same", "b")).repeat(50));
        refusedTraining("different text", "Add examples", "--train", same, "--test", test);
        String labels = write(
                "labels.jsonl", Tickets.jsonl(each -> true) + Tickets.line("Another radiator is cold", "Heating"));
        refusedTraining("'heating' (line 4) and 'Heating' (line 201)", "Write them alike", "--train", labels);
        String blanks = write(
                "blanks.jsonl", Tickets.jsonl(each -> true) + Tickets.line("Another radiator is cold", " heating"));
        refusedTraining("differ by case or blanks alone", "Write them alike", "--train", blanks);
        String missing =
                write("missing.jsonl", Tickets.jsonl(each -> !each.label().equals("heating")));
        refusedTraining(
                "The label 'heating' stands among the test examples (line 4)",
                "Add training examples of it",
                "--train",
                missing,
                "--test",
                test);
        String leaking = write("leaking.jsonl", Tickets.jsonl(Tickets::held) + Files.readString(Path.of(train)));
        refusedTraining(
                "40 texts stand in both training and test, the first in line 1 and line 1",
                "--drop-leaked",
                "--train",
                leaking,
                "--test",
                test);
        refusedTraining("is empty", "one example a line", "--train", write("empty.jsonl", ""));
        refusedTraining("cannot be called 'A b'", "lower-case", "--train", train, "--name", "A b");
        refusedTraining("either --data NAME or --train FILE", "dataset list");
        refusedTraining("--precision is a share", "above 0", "--train", train, "--precision", "0");
        assertThat(tandem.run("dataset", "list").out()).isEmpty();
        assertThat(tandem.run("adapters", "list").out()).isEmpty();
        assertThat(Files.exists(folder.resolve("home/tenants/default/adapters")))
                .isFalse();
        refused(4, "There is no dataset 'none'", "dataset list", "train", "classifier", "--data", "none");
        refused(4, "no classifier here", "Train one", "classify", "boiler");
    }

    @Test
    void everyTrainingSaysWhatElseItsClassifierStands() throws Exception {
        JsonNode said = trained("--train", train, "--test", test, "--name", "queues", "--due", "30");

        for (String figure : List.of(
                "/robustness/typos/accuracy",
                "/robustness/upper_case/lost",
                "/outside/answered",
                "/outside/auroc",
                "/calibration/error",
                "/calibration/confident_wrong",
                "/forgetting/lost",
                "/base/accuracy",
                "/frozen/accuracy")) {
            JsonNode interval = said.at(figure);
            assertThat(interval.path("value").asDouble(-9))
                    .as(figure)
                    .isBetween(
                            interval.path("low").asDouble(9),
                            interval.path("high").asDouble(-9));
        }
        assertThat(said.at("/outside/auroc/value").asDouble())
                .as("general questions are told from tickets")
                .isGreaterThan(.7);
        assertThat(said.path("peak_rss_mb").asLong()).isGreaterThan(50);
        assertThat(said.path("due").asText())
                .isEqualTo(LocalDate.now(ZoneOffset.UTC).plusDays(30).toString());
        assertThat(run("adapters", "show", "queues").out())
                .contains("Besides the test examples", "Due " + said.path("due").asText());
        refused(2, "is no budget", "robustness", "train", "classifier", "--data", "queues", "--budget", "speed=1");
        refused(2, "--due cannot be 0", "1 to", "train", "classifier", "--data", "queues", "--due", "0");
        refused(
                4,
                "There is no dataset 'none'",
                "list",
                "train",
                "classifier",
                "--data",
                "queues",
                "--outside",
                "none");
        JsonNode own = trained("--data", "queues", "--outside", "queues");
        assertThat(own.at("/outside/answered/value").asDouble())
                .as("its own texts are none of the outside")
                .isGreaterThan(.5);
    }

    @Test
    void whatIsOverdueIsSaidWhereItIsUsedAndMeasuredAgain() throws Exception {
        String reference = trained("--train", train, "--test", test, "--name", "queues")
                .path("adapter")
                .asText();
        assertThat(run("classify", "The boiler is cold").err()).isEmpty();
        Path catalog = folder.resolve("home/tenants/default/catalog.db");
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                Statement statement = database.createStatement()) {
            statement.execute("UPDATE adapter SET figures = json_set(figures, '$.due', '2026-01-01')");
        }
        String advice = "tandem adapters revalidate " + reference;
        assertThat(run("classify", "The boiler is cold").err()).contains("by 2026-01-01", advice);
        assertThat(run("status").out()).contains("overdue", advice);
        assertThat(run("adapters", "list").out()).contains("2026-01-01", advice);

        Outcome again = run("adapters", "revalidate", "queues");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).contains("is good until").contains("Measured again");
        assertThat(run("classify", "The boiler is cold").err()).isEmpty();
        assertThat(run("status").out()).doesNotContain("overdue");
    }

    @Test
    void lowRankFormatsAreOfLowRankWeightsAlone() throws Exception {
        trained("--train", train, "--test", test, "--name", "queues");
        String out = folder.resolve("out").toString();
        for (String format : List.of("peft", "onnx")) {
            refused(2, "has no low-rank weights", "--format", "adapters", "export", "queues", out, "--format", format);
        }
        refused(2, "is no format", "peft or onnx", "adapters", "export", "queues", out, "--format", "gguf");
        refused(2, "No folder is named", "Name one", "adapters", "export", "queues");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(run("adapters", "export", "queues", out).exitCode()).isZero();
        assertThat(folder.resolve("out/head.safetensors")).exists();
    }

    @Test
    void leakedFiguresAreMarkedWhereverTheyAreShown() throws Exception {
        String leaking = write("leaking.jsonl", Tickets.jsonl(Tickets::held) + Files.readString(Path.of(train)));
        String[] command = {"--train", leaking, "--test", test, "--name", "leaky"};

        JsonNode said = trained(with(command, "--allow-leakage"));

        assertThat(said.path("leakage").toString()).isEqualTo("{\"cases\":40,\"allowed\":true}");
        Outcome shown = run(with(new String[] {"train", "classifier", "--data", "leaky"}, "--allow-leakage"));
        fits(shown);
        assertThat(shown.out()).contains("Leaked: 40 test texts stood in training");
        assertThat(run("adapters", "list").out()).contains("leaked: 40 test texts stood in training");
        assertThat(run("adapters", "show", "leaky").out()).contains("**40 test texts were trained on");
        assertThat(run("adapters", "promote", "leaky").out()).contains("Leaked: 40 test texts");
        assertThat(jsonLines("adapters", "list", "--json")
                        .getFirst()
                        .path("figures")
                        .path("leaked")
                        .asInt())
                .isEqualTo(40);

        JsonNode dropped = trained(with(command, "--drop-leaked"));
        assertThat(dropped.path("dropped").asInt()).isEqualTo(40);
        assertThat(dropped.path("examples").asInt()).isEqualTo(160);
        assertThat(dropped.path("leakage").path("cases").asInt()).isZero();
        assertThat(run("adapters", "show", "leaky@candidate").out()).doesNotContain("leak-", "were trained on");
        refused(
                2,
                "exclude each other",
                "one of the two",
                with(
                        with(new String[] {"train", "classifier", "--data", "leaky"}, "--allow-leakage"),
                        "--drop-leaked"));
    }

    @Test
    void aTrainingThatFailedOnADatasetIsListedWithItsReason() throws Exception {
        run(
                "dataset",
                "import",
                write("one.jsonl", Tickets.jsonl(each -> each.label().equals("login"))),
                "--name",
                "one");

        refused(
                2,
                "Every training example has the label 'login'",
                "other label",
                "train",
                "classifier",
                "--data",
                "one");

        Outcome listed = run("adapters", "list");
        fits(listed);
        assertThat(listed.out()).contains("failed", "Every training example has the label 'login'");
        assertThat(jsonLines("adapters", "list", "--json"))
                .singleElement()
                .returns("failed", each -> each.path("state").asText())
                .matches(each -> each.path("reason").asText().contains("'login'")
                        && each.path("hash").isNull());
        refused(4, "no classifier here", "Train one", "classify", "boiler");
        refused(4, "There is no adapter 'one'", "adapters list", "adapters", "show", "one");
    }

    @Test
    void oneOfSeveralClassifiersHasToBeNamed() throws Exception {
        trained("--train", train, "--name", "one");
        trained("--train", train, "--name", "two");
        refused(2, "There are several classifiers: one, two", "--adapter one", "classify", "boiler");
        assertThat(run("classify", "--adapter", "two", "boiler").out()).contains("heating");
    }

    private JsonNode trained(String... arguments) {
        Outcome outcome = run(with(with(new String[] {"train", "classifier"}, arguments), "--json"));
        assertThat(outcome.lines()).hasSize(1);
        return json(outcome.lines().getLast());
    }

    private void refusedTraining(String message, String next, String... arguments) {
        refused(2, message, next, with(new String[] {"train", "classifier"}, arguments));
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

    private static void fits(Outcome outcome) {
        assertThat(outcome.out()).doesNotContain("\u001b");
        assertThat(outcome.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
    }

    private List<JsonNode> jsonLines(String... command) {
        return run(command).lines().stream().map(ClassifierCommandsTest::json).toList();
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    private static String[] as(String asker, String name, List<String> command) {
        var line = new ArrayList<>(command);
        line.replaceAll(each -> each.equals("NAME") ? name : each);
        line.addAll(List.of("--as", asker));
        return line.toArray(String[]::new);
    }

    private static List<String> names(JsonNode json) {
        var names = new ArrayList<String>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> filesIn(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(each -> each.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
