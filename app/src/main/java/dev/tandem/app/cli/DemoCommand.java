package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.app.sample.SampleCompany;
import dev.tandem.domain.Principal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code tandem demo}: the commands that a person would type at the sample company's files, run for real in a temporary
 * home, with a word before each on what to look for. Nothing is prepared: every answer comes from the same program that
 * answers from one's own files, poor ones included.
 */
@Command(
        name = "demo",
        header = "See Tandem at work on a sample company's files.",
        description = "Reads 47 files of a made-up company into a temporary home, asks, compares what two people are"
                + " told, changes a price and asks again; then trains on its tickets, compares four arms, changes a rule"
                + " and asks for advice. Takes less than two minutes, needs no network, and leaves nothing but a report and a"
                + " chart to look at.",
        footer = {
            "  tandem demo",
            "  tandem demo --keep        keep the sample and its home, to go on asking",
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final String ANYBODY = "user:femke";
    private static final String ENGINEER = "user:priya,group:engineering";
    private static final String PEOPLE = "user:ruth,group:people";

    /** What is worth opening afterwards stays, beside the folder of the company. */
    private static final List<String> LEFT = List.of("report.html", "break-even.svg");

    /** Exit code of a command that did its work, though something in it failed. */
    private static final int SOME_FAILED = 1;

    private final Session session;
    private final Terminal terminal;

    @Option(names = "--keep", description = "keep the sample and its home, to go on asking")
    private boolean keep;

    private int section;
    private int worst;

    DemoCommand(Session session) {
        this.session = session;
        this.terminal = session.terminal();
    }

    /** A command failed: the demo ends with its exit code, after what the command itself has said. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
        private final int exitCode;

        Stopped(int exitCode) {
            super("a command of the demo ended with " + exitCode);
            this.exitCode = exitCode;
        }
    }

    @Override
    public Integer call() throws IOException {
        Path folder = folder();
        var removal = new Thread(() -> remove(folder));
        if (!keep) {
            Runtime.getRuntime().addShutdownHook(removal); // for Ctrl-C
        }
        try {
            show(folder);
            return worst;
        } catch (Stopped stopped) {
            return stopped.exitCode;
        } finally {
            if (!keep) {
                remove(folder);
            }
        }
    }

    /** A new folder for temporary files, with a name that is shorter than the system's own: it is on every other line. */
    private static Path folder() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        var random = new SecureRandom();
        while (true) {
            try {
                return Files.createDirectory(
                        parent.resolve(String.format(Locale.ROOT, "demo-%04x", random.nextInt(1 << 16))));
            } catch (FileAlreadyExistsException e) {
                // Somebody else's: take another name.
            }
        }
    }

    private void show(Path folder) throws IOException, Stopped {
        long start = System.nanoTime();
        Path company = folder.resolve("tarnbeck");
        SampleCompany.copyTo(company);

        terminal.out.println();
        terminal.out.println(
                terminal.bold("Tandem") + " answers questions from a folder of documents, and quotes them.");
        terminal.out.println();
        say(
                "Tarnbeck Instruments makes temperature loggers for fridges that hold vaccines. The company is made up; its "
                        + Text.number(SampleCompany.files().size())
                        + " files are the kind that every company has: a handbook, manuals, minutes, a price list, a"
                        + " contract. They now stand in " + company + ".");

        section("Reading the files");
        say("Four commands, because four groups of people may read different folders:");
        Map<String, List<String>> byGrant = SampleCompany.folders().entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue().canonical(),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        for (Map.Entry<String, List<String>> grant : byGrant.entrySet()) {
            ingest(folder, grant.getValue(), grant.getKey(), "--quiet");
        }
        say("Files of JSON Lines hold a document a line, so that there are more documents than files.");

        section("Five questions");
        say("Who asks is said with --as: Femke is anybody at the company, Priya is in the group engineering.");
        say("A row of a table in a manual (Markdown):");
        ask(folder, "What does E4 mean on a Heron 2?", ANYBODY);
        say("A sentence of the staff handbook:");
        ask(folder, "How many days of holiday can I carry over into the next year?", ANYBODY);
        say("An intranet page; its menus and footers are left out (HTML):");
        ask(folder, "When does the goods-in dock in Kendal close on Fridays?", ANYBODY);
        say("A clause of a supplier's contract, with its page (PDF):");
        ask(folder, "Which law governs the agreement with Kvarnholm?", ENGINEER);
        say("A report that only engineering may read:");
        ask(folder, "Why were alarms late on 3 September?", ENGINEER);

        section("One question, two people");
        say("Ruth is in the people team, whose folder holds the pay bands. Priya is not:");
        String pay = "What is the pay band of a senior firmware engineer?";
        ask(folder, pay, PEOPLE);
        ask(folder, pay, ENGINEER);
        say("What Priya may not read is not searched for her: no title, no count and no hint of it reaches her.");

        section("A price changes");
        String price = "How much does a Heron 2 cost?";
        ask(folder, price, ANYBODY);
        say("The head of sales saves the price list of December over the old one:");
        later("sales/price-list.md", company);
        ingest(folder, List.of("sales"), Principal.EVERYONE);
        ask(folder, price, ANYBODY);

        section("What nobody wrote down");
        say("Dev Chaudhry stands in a dozen of these documents, but none says this:");
        ask(folder, "What did Dev Chaudhry study at university?", ANYBODY);

        tickets(folder, company);

        section("Your own files");
        commands(
                "tandem ingest ~/Documents/handbook", "read a folder; run it again after changes",
                "tandem ask \"…\"", "an answer, or an honest “no answer”",
                "tandem search \"…\" --explain", "what was found, and why",
                "tandem ingest DIR --allow group:hr", "let others read it; else only you may",
                "tandem train classifier --train FILE", "labels for texts, from your own examples",
                "tandem compare --task classify …", "the four arms on your own held-out cases",
                "tandem advise …", "which of them to ship, why, and what it costs",
                "tandem config set model …", "have a language model write, from the same sources",
                "tandem help", "everything else");
        terminal.out.println();
        double seconds = (System.nanoTime() - start) / 1e9;
        say(String.format(Locale.ROOT, "This took %.0f s, on this machine alone. ", seconds)
                + (keep
                        ? "The sample and its home stay in " + folder + "; ask on with --home " + folder.resolve("home")
                                + "."
                        : "The sample and its home are removed now; " + String.join(" and ", LEFT) + " stay in "
                                + folder + ", to be looked at in a browser."));
    }

    /** From labelled tickets to a classifier, to figures, to a change of the rules, to advice. */
    private void tickets(Path folder, Path company) throws IOException, Stopped {
        List<SampleCompany.Ticket> all = SampleCompany.tickets();
        long held = all.stream().filter(each -> each.split().equals("test")).count();
        Files.writeString(company.resolve("tickets.jsonl"), jsonl(all));
        Files.writeString(
                company.resolve("queues.tsv"),
                SampleCompany.queues().entrySet().stream()
                        .map(each -> each.getKey() + "\t" + each.getValue() + "\n")
                        .collect(Collectors.joining()));

        section("Which queue takes this ticket?");
        say("Knowledge changes and stays in documents; behaviour is learned from examples. Here are "
                + Text.number(all.size()) + " tickets with the queue that took each, written for this sample; "
                + Text.number(held) + " are kept aside to measure on.");
        run(folder, List.of("dataset", "import", "tickets.jsonl", "--name", "tickets"), "tickets.jsonl");
        say("A street stands in one of them. What a model may give away is learned with a reason only, which is kept:");
        train(folder);

        section("Four arms on the same tickets");
        say(
                "The names of the queues alone (baseline), the nearest tickets (rag), what was trained (tuned), both (hybrid):");
        run(
                folder,
                List.of(
                        "compare",
                        "--task",
                        "classify",
                        "--data",
                        "tickets",
                        "--descriptions",
                        "queues.tsv",
                        "--html",
                        "report.html"),
                "queues.tsv",
                "report.html");

        section("A rule changes");
        String rule = "Which queue does a late alarm go to when the gateway had lost its connection?";
        say("The built-in reader's headline is poor here; its quote is what counts:");
        ask(folder, rule, ANYBODY);
        List<String> moved =
                SampleCompany.moved().stream().map(SampleCompany.Ticket::text).toList();
        Files.writeString(
                company.resolve("moved.txt"),
                moved.stream().map(text -> text.replaceAll("\\s+", " ") + "\n").collect(Collectors.joining()));
        say("Of " + moved.size() + " such tickets that came in later, the classifier says:");
        counts(folder, moved);
        say("In November the rule is rewritten. Documents follow at once:");
        later("support/routing.md", company);
        ingest(folder, List.of("support"), Principal.EVERYONE, "--quiet");
        ask(folder, rule, ANYBODY);
        say("The classifier does not: it knows what was decided when its examples were written.");
        counts(folder, moved);
        Files.writeString(company.resolve("november.jsonl"), jsonl(november(all)));
        say("So the tickets that the rule moves get their new label, November's are added, and it learns again:");
        run(folder, List.of("dataset", "import", "november.jsonl", "--name", "tickets"), "november.jsonl");
        train(folder);
        counts(folder, moved);
        say("The 148 test tickets hold none of that kind: one fewer of them right lies well within the interval.");
        say("Had it been a mistake, one command takes it back:");
        run(folder, List.of("adapters", "rollback", "tickets"));
        run(folder, List.of("adapters", "promote", "tickets"));

        section("What to ship");
        String run = lastComparison(folder);
        say(
                "Advice rests on what was measured above where it can, on published figures where it cannot, and says which:");
        run(
                folder,
                List.of(
                        "advise",
                        "--task",
                        "classify",
                        "--examples",
                        String.valueOf(all.size() - held),
                        "--classes",
                        "12",
                        "--changes",
                        "yearly",
                        "--volume",
                        "3000",
                        "--report",
                        run,
                        "--chart",
                        "break-even.svg"),
                "break-even.svg");
    }

    private void train(Path folder) throws Stopped {
        run(
                folder,
                List.of(
                        "train",
                        "classifier",
                        "--data",
                        "tickets",
                        "--promote",
                        "--allow-pii",
                        "The customers are invented."));
    }

    /** October's tickets with the labels of November where the rule moved them, and November's own. */
    private static List<SampleCompany.Ticket> november(List<SampleCompany.Ticket> october) {
        var byId = new LinkedHashMap<String, SampleCompany.Ticket>();
        october.forEach(each -> byId.put(each.id(), each));
        SampleCompany.reclassified().forEach(each -> byId.put(each.id(), each));
        return List.copyOf(byId.values());
    }

    private static String jsonl(List<SampleCompany.Ticket> tickets) {
        return tickets.stream()
                .map(each -> {
                    var json = Json.object();
                    json.put("id", each.id());
                    json.put("text", each.text());
                    json.put("label", each.queue());
                    json.put("split", each.split());
                    return Json.line(json) + "\n";
                })
                .collect(Collectors.joining());
    }

    /** How often each label is given, as {@code sort | uniq -c} counts what the command prints. */
    private void counts(Path folder, List<String> texts) throws Stopped {
        terminal.out.println(terminal.bold("$ tandem classify < moved.txt | cut -f 1 | sort | uniq -c"));
        terminal.out.println();
        var out = new ByteArrayOutputStream();
        String lines =
                texts.stream().map(text -> text.replaceAll("\\s+", " ") + "\n").collect(Collectors.joining());
        Terminal quiet = Terminal.plain(
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                terminal.err);
        int exitCode = TandemCommand.run(quiet, environment(folder), "classify");
        if (exitCode != 0) {
            throw new Stopped(exitCode);
        }
        var counts = new TreeMap<String, Integer>();
        out.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> counts.merge(line.substring(0, line.indexOf('\t')), 1, Integer::sum));
        counts.forEach((label, count) -> terminal.out.println(String.format(Locale.ROOT, "%7d %s", count, label)));
        terminal.out.println();
    }

    private String lastComparison(Path folder) {
        Principal asker = Scope.systemUser();
        try (Wiring wiring = Wiring.of(folder.resolve("home"), session.environment())) {
            return wiring.catalog(asker).comparisons().all(asker).getFirst().id();
        }
    }

    private static void later(String path, Path company) throws IOException {
        for (SampleCompany.Later later : SampleCompany.later()) {
            if (later.path().equals(path)) {
                SampleCompany.apply(later, company);
            }
        }
    }

    private void ingest(Path folder, List<String> names, String grant, String... options) throws Stopped {
        var typed = new ArrayList<String>(List.of("ingest"));
        var real = new ArrayList<String>(List.of("ingest"));
        for (String name : names) {
            typed.add(name);
            real.add(folder.resolve("tarnbeck").resolve(name).toString());
        }
        for (List<String> words : List.of(typed, real)) {
            words.addAll(List.of("--allow", grant));
            words.addAll(List.of(options));
        }
        run(folder, typed, real);
    }

    private void ask(Path folder, String question, String asker) throws Stopped {
        var typed = List.of("ask", question, "--as", asker);
        run(folder, typed, typed);
    }

    /** The same with files of the company's folder, which are typed without it. */
    private void run(Path folder, List<String> typed, String... files) throws Stopped {
        List<String> names = List.of(files);
        run(
                folder,
                typed,
                typed.stream()
                        .map(word -> names.contains(word)
                                ? (LEFT.contains(word) ? folder : folder.resolve("tarnbeck"))
                                        .resolve(word)
                                        .toString()
                                : word)
                        .toList());
    }

    /** Shows a command as typed in the company's folder, and runs it. */
    private void run(Path folder, List<String> typed, List<String> real) throws Stopped {
        String line = typed.stream()
                .map(word -> word.contains(" ") ? "\"" + word + "\"" : word)
                .collect(Collectors.joining(" ", "$ tandem ", ""));
        Text.wrap(line, terminal.width).forEach(part -> terminal.out.println(terminal.bold(part)));
        terminal.out.println();
        int exitCode = TandemCommand.run(terminal, environment(folder), real.toArray(String[]::new));
        terminal.out.println();
        worst = Math.max(worst, exitCode);
        if (exitCode > SOME_FAILED) {
            throw new Stopped(exitCode);
        }
    }

    private Map<String, String> environment(Path folder) {
        var environment = new HashMap<>(session.environment());
        environment.put("TANDEM_HOME", folder.resolve("home").toString());
        return environment;
    }

    private void section(String title) {
        section++;
        String head = "── " + section + "  " + title + " ";
        terminal.out.println();
        terminal.out.println(terminal.bold(head + "─".repeat(Math.max(0, terminal.width - head.length()))));
        terminal.out.println();
    }

    private void say(String words) {
        Text.wrap(words, terminal.width).forEach(terminal.out::println);
        terminal.out.println();
    }

    private void commands(String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            String pad = " ".repeat(Math.max(2, 38 - pairs[i].length()));
            terminal.out.println("  " + terminal.bold(pairs[i]) + pad + terminal.dim(pairs[i + 1]));
        }
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                boolean left = LEFT.stream().anyMatch(name -> file.equals(folder.resolve(name)));
                if (!left && !file.equals(folder)) {
                    Files.deleteIfExists(file);
                }
            }
            try (Stream<Path> still = Files.list(folder)) {
                if (still.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(folder);
        } catch (IOException | UncheckedIOException e) {
            // A temporary folder: what could not be removed now, the system removes in time.
            return;
        }
    }
}
