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
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets from the command line: what is printed, to whom, and what is refused. */
class DatasetCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private CommandLineTester tandem;

    @BeforeEach
    void aHome() {
        tandem = new CommandLineTester(folder.resolve("home"));
    }

    @Test
    void whatIsImportedIsListedShownAndCheckedWithinAHundredColumns() throws Exception {
        String file = write("tickets.jsonl", tickets(50)).toString();

        Outcome imported = tandem.run("dataset", "import", file, "--name", "queues");

        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out())
                .contains("Read 50 examples from tickets.jsonl (jsonl).", "train 40 · test 10; 2 labels of 25 examples")
                .containsPattern("Kept as queues@1  sha256 [0-9a-f]{64}");
        assertThat(tandem.run("dataset", "import", file, "--name", "queues").out())
                .contains("Those examples are there already: queues@1");
        assertThat(tandem.run("dataset", "list").out()).contains("queues@1", "40", "10");
        assertThat(tandem.run("dataset", "show", "queues@1").out()).contains("billing", "shipping", "→");
        assertThat(tandem.run("dataset", "check", "queues"))
                .returns(0, Outcome::exitCode)
                .matches(outcome -> outcome.out()
                        .startsWith(
                                "50 examples; 2 labels of 25 examples.\nNothing found.\n50 of 50 examples count.\n"));
        for (String[] command :
                List.of(new String[] {"list"}, new String[] {"show", "queues"}, new String[] {"check", "queues"})) {
            var line = new ArrayList<String>(List.of("dataset"));
            line.addAll(List.of(command));
            Outcome outcome = tandem.run(line.toArray(String[]::new));
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.lines()).allMatch(each -> each.codePointCount(0, each.length()) <= 100);
            line.add("--json");
            tandem.run(line.toArray(String[]::new)).lines().forEach(DatasetCommandTest::json);
        }
    }

    @Test
    void rejectedRowsAreNamedAndWrittenToAFile() throws Exception {
        String rows = IntStream.range(0, 12)
                .mapToObj(i -> "{\"text\": \"x" + i + "\"}\n")
                .collect(Collectors.joining());
        String file = write("a.jsonl", tickets(20) + rows).toString();
        Path rejected = folder.resolve("rejected.jsonl");

        Outcome outcome = tandem.run("dataset", "import", file, "--name", "a", "--rejected", rejected.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("12 rows rejected", "line 21 of a.jsonl: no \"label\"", "line 30", "and 2 more")
                .doesNotContain("line 31");
        assertThat(outcome.out()).contains("Kept as a@1");
        assertThat(Files.readAllLines(rejected)).hasSize(12);
        assertThat(tandem.run("dataset", "import", file, "--name", "a", "--rejected", rejected.toString())
                        .exitCode())
                .isEqualTo(6);
    }

    @Test
    void testFilesAreMeasuredOnAndWhatStandsOnBothSidesIsSaid() throws Exception {
        String train = write("train.jsonl", tickets(40)).toString();
        String test = write("test.jsonl", tickets(4)).toString();

        Outcome outcome = tandem.run("dataset", "import", train, "--test", test, "--name", "a", "--json");

        assertThat(outcome.exitCode()).isZero();
        assertThat(json(outcome.out()).path("train").asInt()).isEqualTo(40);
        assertThat(json(outcome.out()).path("test").asInt()).isEqualTo(4);
        Outcome checked = tandem.run("dataset", "check", train, "--test", test);
        assertThat(checked.exitCode()).isEqualTo(1);
        assertThat(checked.out())
                .contains(
                        "serious   4 texts stand in both train and test, to the letter.",
                        "train 1, test 1:",
                        "and 1 more; --all");
        assertThat(tandem.run("dataset", "check", train).exitCode()).isZero();
    }

    @Test
    void whatIsExportedIsTheSameVersionWhenItIsImportedAgain() throws Exception {
        Path file = write(
                "a.csv", "text,label,family\n\"Where, \"\"exactly\"\"\nis it?\",place,f1\nWhen?,time,\nHow?,way,f1\n");
        tandem.run("dataset", "import", file.toString(), "--name", "a");
        String hash = json(tandem.run("dataset", "show", "a", "--json").out())
                .path("hash")
                .asText();
        for (String format : List.of("jsonl", "csv", "prompt-completion", "chat")) {
            Path out = folder.resolve("out." + format);
            Outcome exported = tandem.run("dataset", "export", "a", "--format", format, "--output", out.toString());
            assertThat(exported.err()).contains("Wrote 3 examples");
            assertThat(tandem.run("dataset", "export", "a", "--format", format).out())
                    .isEqualTo(Files.readString(out));
            Outcome again = tandem.run("dataset", "import", out.toString(), "--name", "b", "--json");
            assertThat(json(again.out()).path("hash").asText()).as(format).isEqualTo(hash);
        }
        assertThat(tandem.run("dataset", "export", "a", "--part", "train").lines())
                .allMatch(each -> each.contains("train"));
        assertThat(tandem.run("dataset", "export", "a", "--part", "validation").exitCode())
                .isEqualTo(4);
        assertThat(tandem.run("dataset", "export", "a", "--output", file.toString())
                        .exitCode())
                .isEqualTo(6);
    }

    @Test
    void wrongInputIsRefusedWithTheNextStep() throws Exception {
        String good = write("good.csv", "utterance,intent\nHi,greeting\nBye,farewell\n")
                .toString();
        refused(2, "none of the columns text", "--text COLUMN", "import", good, "--name", "a");
        refused(
                2,
                "no column 'utterence'",
                "Did you mean --text 'utterance'?",
                "import",
                good,
                "--name",
                "a",
                "--text",
                "utterence",
                "--label",
                "intent");
        refused(
                2,
                "is empty",
                "one example a line",
                "import",
                write("empty.jsonl", "").toString(),
                "--name",
                "a");
        refused(2, "is binary", "CSV", "import", write("a.bin", "\u0000\u0001").toString(), "--name", "a");
        refused(2, "is a folder", "*.jsonl", "import", folder.toString(), "--name", "a");
        refused(
                4,
                "There is no file",
                "path",
                "import",
                folder.resolve("none.csv").toString(),
                "--name",
                "a");
        refused(2, "cannot be called 'A b'", "lower-case", "import", good, "--name", "A b");
        refused(2, "leave nothing to learn from", "0.2", "import", good, "--name", "a", "--test-share", "1");
        refused(4, "There is no dataset 'none'", "dataset list", "show", "none");
        refused(4, "neither a dataset nor a file 'none'", "dataset list", "check", "none");
        refused(
                4,
                "There is no document 'none.md'",
                "tandem documents",
                "import",
                good,
                "--name",
                "a",
                "--text",
                "utterance",
                "--label",
                "intent",
                "--from",
                "none.md");
        refused(2, "There is no format 'xml'", "jsonl, csv", "export", "none", "--format", "xml");
        refused(2, "There is no part 'x'", "train", "export", "none", "--part", "x");
        assertThat(tandem.run("dataset", "list").err()).contains("No datasets here");
    }

    @Test
    void smallAndOddDatasetsAreTakenAndTheirFaultsAreSaid() throws Exception {
        String one = write("one.csv", "text,label\n" + "same,a\n".repeat(10)).toString();
        assertThat(tandem.run("dataset", "import", one, "--name", "one").out())
                .contains("All examples have the label 'a'");
        assertThat(tandem.run("dataset", "check", "one").out())
                .contains("nothing to measure on", "1 text is there more than once", "All examples have the label 'a'");
        String variants = write("v.csv", "text,label\nOne,a\nTwo,A\nThree,a \nFour,b\nFive,b\nSix,b\n")
                .toString();
        assertThat(tandem.run("dataset", "check", variants))
                .returns(1, Outcome::exitCode)
                .matches(outcome -> outcome.out().contains("'A', 'a', 'a ' differ by case or blanks only"));
        String train = write("train.csv", "text,label\nOne,a\nTwo,a\nThree,b\nFour,b\n")
                .toString();
        String test = write("test.csv", "text,label\nFive,c\nSix,a\n").toString();
        assertThat(tandem.run("dataset", "check", train, "--test", test).out())
                .contains("1 label of test is missing in train: 'c'");
    }

    @Test
    void personalDataIsNamedByLineAndTakenOutAndNotShown() throws Exception {
        String rows = """
                {"text": "Write to ana@firma.de about it", "label": "billing"}
                {"text": "Call me at +41 44 668 18 00", "label": "shipping"}
                """;
        String file = write("a.jsonl", tickets(20) + rows).toString();
        assertThat(tandem.run("dataset", "import", file, "--name", "a", "--no-split")
                        .out())
                .contains("1 example holds e-mail addresses.")
                .doesNotContain("firma");

        Outcome checked = tandem.run("dataset", "check", "a");
        assertThat(checked.exitCode()).isEqualTo(1);
        assertThat(checked.out())
                .contains("serious   1 example holds e-mail addresses.", "train 21: Write to [email] about it")
                .contains("train 22: Call me at [phone]")
                .doesNotContain("firma", "668");
        assertThat(tandem.run("dataset", "check", "a", "--json").out())
                .contains("personal-data")
                .doesNotContain("firma", "668");
        assertThat(tandem.run("dataset", "redact", "a", "--as", "user:ben").exitCode())
                .isEqualTo(4);

        tandem.run("dataset", "access", "a", "--allow", "everyone");
        assertThat(tandem.run("dataset", "redact", "a", "--as", "user:ben").exitCode())
                .isEqualTo(3);

        Outcome redacted = tandem.run("dataset", "redact", "a");
        assertThat(redacted.out()).contains("Changed 2 examples: 1 e-mail address, 1 telephone number.", "Kept as a@2");
        assertThat(tandem.run("dataset", "check", "a").out()).doesNotContain("holds");
        assertThat(tandem.run("dataset", "export", "a").out())
                .contains("[email]")
                .doesNotContain("firma");
        assertThat(tandem.run("dataset", "redact", "a").out()).isEqualTo("Nothing to take out of a@2.\n");
        JsonNode dropped =
                json(tandem.run("dataset", "redact", "a@1", "--drop", "--json").out());
        assertThat(dropped.path("examples").asInt()).isEqualTo(20);
        assertThat(dropped.path("values").path("email").asInt()).isEqualTo(1);
    }

    @Test
    void examplesAreHeldAgainstTheDocumentsThatTheirReaderMayRead() throws Exception {
        Path document = write("leave.md", """
                # Leave

                Employees of the Zurich office get 25 days of paid leave every year. Unused days expire on
                the last day of March. How do I ask my manager for a day of leave? Fill in the form.
                """);
        tandem.run("ingest", document.toString(), "--allow", "user:ana", "--as", "user:ana");
        String file = write("faq.jsonl", """
                {"question": "How much holiday?", "answer": "Employees of the Zurich office get 25 days of paid leave every year.", "split": "train"}
                {"question": "And now?", "answer": "Employees of the Zurich office get 28 days of paid leave every year.", "split": "train"}
                {"question": "Is this the style?", "answer": "Yes, and we always answer in one friendly sentence.", "split": "train"}
                {"question": "How do I ask my manager for a day of leave?", "answer": "Write a mail.", "split": "test"}
                """).toString();
        tandem.run("dataset", "import", file, "--name", "faq", "--allow", "everyone", "--as", "user:ana");

        Outcome seen = tandem.run("dataset", "check", "faq", "--against", "default", "--as", "user:ana");

        assertThat(seen.exitCode()).isEqualTo(1);
        assertThat(seen.out())
                .contains("serious   1 input that is measured on stands in a document")
                .contains("test 4: How do I ask my manager for a day of leave?")
                .contains("serious   1 output has another number than a document")
                .contains("train 2: Employees of the Zurich office get 28 days")
                .contains("note      1 output states what stands in a document: retrieve instead")
                .contains("train 1: Employees of the Zurich office get 25 days")
                .doesNotContain("train 3: ");
        JsonNode json = json(tandem.run("dataset", "check", "faq", "--against", "default", "--json", "--as", "user:ana")
                .out());
        assertThat(json.path("findings").findValuesAsText("kind"))
                .contains("in-documents", "contradicted-facts", "stated-facts");
        assertThat(json.path("findings").findValuesAsText("note"))
                .anyMatch(note -> note.matches("(?s).*leave.md says: .*Employees of the Zurich office get 25 days.*"));

        Outcome hidden = tandem.run("dataset", "check", "faq", "--against", "default", "--as", "user:ben");
        assertThat(hidden.exitCode()).isEqualTo(4);
        assertThat(hidden.err()).contains("no collection 'default' with documents that you may read");
        tandem.run("ingest", write("other.md", "Nothing of it.").toString(), "--as", "user:ben");
        assertThat(tandem.run("dataset", "check", "faq", "--against", "default", "--as", "user:ben")
                        .out())
                .doesNotContain("leave.md", "in a document", "than a document");
    }

    @Test
    void aLabelThatTheOtherExamplesSpeakAgainstIsNamed() throws Exception {
        List<String> rows = new ArrayList<>(Tickets.jsonl(each -> true).lines().toList());
        String wrong = "{\"text\": \"The radiator in my flat stays cold\", \"label\": \"billing\"}";
        rows.add(wrong);
        String file = write("tickets.jsonl", String.join("\n", rows)).toString();
        tandem.run("dataset", "import", file, "--name", "queues", "--no-split");

        Outcome outcome = tandem.run("dataset", "check", "queues", "--labels");

        assertThat(outcome.out())
                .contains("looks wrong", "The radiator in my flat stays cold", "'heating' rather than 'billing'")
                .contains("with a suspicious label");
        assertThat(tandem.run("dataset", "check", file, "--labels", "--json").out())
                .contains("suspicious-labels");
        assertThat(tandem.run("dataset", "check", "queues").out()).doesNotContain("looks wrong");
    }

    @Test
    void accessIsGivenAndTakenAndShownToTheOwnerOnly() throws Exception {
        String file = write("a.jsonl", tickets(10)).toString();
        String ben = "user:ben,group:ops";
        tandem.run("dataset", "import", file, "--name", "a", "--as", "user:ana");
        assertThat(tandem.run("dataset", "show", "a", "--as", ben).exitCode()).isEqualTo(4);

        assertThat(tandem.run("dataset", "access", "a", "--allow", "group:ops", "--as", "user:ana")
                        .out())
                .isEqualTo("a  group:ops,user:ana\n");
        assertThat(tandem.run("dataset", "show", "a", "--as", ben))
                .returns(0, Outcome::exitCode)
                .matches(outcome -> !outcome.out().contains("may be read by"));
        assertThat(tandem.run("dataset", "list", "--json", "--as", ben).out()).doesNotContain("access");
        assertThat(tandem.run("dataset", "access", "a", "--as", ben).exitCode()).isEqualTo(3);
        assertThat(tandem.run("dataset", "access", "a", "--allow", "everyone", "--as", ben)
                        .exitCode())
                .isEqualTo(3);

        tandem.run("dataset", "access", "a", "--owner-only", "--as", "user:ana");
        assertThat(tandem.run("dataset", "show", "a", "--as", ben).exitCode()).isEqualTo(4);
    }

    @Test
    void aDatasetMadeFromADocumentGoesWithIt() throws Exception {
        Path document = write("bands.md", "The night shift earns more.\n");
        String ana = "user:ana,group:hr";
        String ben = "user:ben,group:hr";
        tandem.run("ingest", document.toString(), "--allow", "group:hr", "--as", ana);
        String file = write("a.jsonl", tickets(10)).toString();
        Outcome imported = tandem.run(
                "dataset",
                "import",
                file,
                "--name",
                "a",
                "--allow",
                "everyone",
                "--from",
                document.toString(),
                "--json",
                "--as",
                ana);
        assertThat(json(imported.out()).path("access").asText()).isEqualTo("group:hr,user:ana");
        assertThat(tandem.run("dataset", "show", "a", "--as", ben).exitCode()).isZero();

        tandem.run("access", document.toString(), "--owner-only", "--as", ana);

        assertThat(tandem.run("dataset", "show", "a", "--as", ben).exitCode()).isEqualTo(4);
        assertThat(tandem.run("dataset", "show", "a", "--as", ana).exitCode()).isZero();
    }

    /** Every word of a hidden dataset is one that stands nowhere else, so that any trace of it can be found. */
    @Test
    void nothingOfAHiddenDatasetIsEverShown() throws Exception {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> people =
                List.of("user:ana,group:hr", "user:ben,group:ops", "user:cat", "tenant:acme,user:ana,group:hr");
        List<String> grants = List.of("user:nobody", "group:hr", "group:ops", "everyone");
        var owners = new ArrayList<String>();
        var given = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            owners.add(people.get(random.nextInt(people.size())));
            given.add(grants.get(random.nextInt(grants.size())));
            Path file = write("zq" + i + "file.jsonl", """
                    {"text": "zq%1$dtext one", "label": "zq%1$dlabel"}
                    {"text": "zq%1$dtext two", "label": "zq%1$dlabel"}
                    """.formatted(i));
            assertThat(tandem.run(
                                    "dataset",
                                    "import",
                                    file.toString(),
                                    "--name",
                                    "zq" + i + "name",
                                    "--allow",
                                    given.get(i),
                                    "--as",
                                    owners.get(i))
                            .exitCode())
                    .isZero();
        }
        int probes = Integer.getInteger("tandem.probes", 120);
        int seen = 0;
        for (int probe = 0; probe < probes; probe++) {
            String asker = people.get(random.nextInt(people.size()));
            int wanted = random.nextInt(6);
            String name = (random.nextBoolean() ? "" : user(owners.get(wanted)) + "/") + "zq" + wanted + "name"
                    + (random.nextBoolean() ? "" : "@1");
            String[] command = switch (random.nextInt(5)) {
                case 0 -> new String[] {"dataset", "list"};
                case 1 -> new String[] {"dataset", "show", name};
                case 2 -> new String[] {"dataset", "check", name};
                case 3 -> new String[] {"dataset", "access", name};
                default -> new String[] {"dataset", "export", name, "--format", random.nextBoolean() ? "csv" : "chat"};
            };
            var line = new ArrayList<>(List.of(command));
            if (random.nextBoolean() && !command[1].equals("export")) {
                line.add("--json");
            }
            line.addAll(List.of("--as", asker));
            Outcome outcome = tandem.run(line.toArray(String[]::new));
            // A message may name what was asked for, as it was written.
            String output = outcome.out() + outcome.err().replace(name, "");
            for (int i = 0; i < 6; i++) {
                boolean allowed = reads(asker, owners.get(i), given.get(i));
                String replay = line + " probe " + probe + ", replay with -Dtandem.seed=" + seed;
                if (!allowed) {
                    assertThat(output).as(replay).doesNotContain("zq" + i);
                } else if (command[1].equals("list")) {
                    assertThat(output).as(replay).contains("zq" + i + "name");
                    seen++;
                }
            }
            if (!command[1].equals("list") && !reads(asker, owners.get(wanted), given.get(wanted))) {
                String said = outcome.err().replace(name, "NAME");
                Outcome none = tandem.run(line.stream()
                        .map(each -> each.equals(name) ? "nowhere" : each)
                        .toArray(String[]::new));
                assertThat(said).isEqualTo(none.err().replace("nowhere", "NAME"));
                assertThat(outcome.exitCode()).isEqualTo(none.exitCode()).isEqualTo(4);
            }
        }
        assertThat(seen).as("datasets that were shown to who may see them").isPositive();
    }

    private static boolean reads(String asker, String owner, String given) {
        boolean sameTenant = asker.startsWith("tenant:") == owner.startsWith("tenant:");
        return sameTenant
                && (user(asker).equals(user(owner))
                        || given.equals("everyone")
                        || List.of(asker.split(",", -1)).contains(given));
    }

    private static String user(String principal) {
        return principal.replaceAll(".*user:([a-z]+).*", "$1");
    }

    private void refused(int exitCode, String message, String next, String... command) {
        var line = new ArrayList<String>(List.of("dataset"));
        line.addAll(List.of(command));
        Outcome outcome = tandem.run(line.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(line + outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        List<String> said = outcome.err().lines().toList();
        assertThat(said).hasSize(2);
        assertThat(said.getFirst()).startsWith("tandem: ").contains(message);
        assertThat(said.getLast()).startsWith("Next: ").contains(next);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String tickets(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"text\": \"ticket " + i * 7919 + " about " + i * 104_729 + "\", \"label\": \""
                        + (i % 2 == 0 ? "billing" : "shipping") + "\"}\n")
                .collect(Collectors.joining());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
