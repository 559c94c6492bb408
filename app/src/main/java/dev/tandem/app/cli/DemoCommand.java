package dev.tandem.app.cli;

import dev.tandem.app.sample.SampleCompany;
import dev.tandem.domain.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
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
                + " told, changes a price and asks again. Takes less than a minute, needs no network, and removes"
                + " everything it made.",
        footer = {
            "  tandem demo",
            "  tandem demo --keep        keep the sample and its home, to go on asking",
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final String ANYBODY = "user:femke";
    private static final String ENGINEER = "user:priya,group:engineering";
    private static final String PEOPLE = "user:ruth,group:people";

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
        SampleCompany.later().stream()
                .filter(later -> later.path().equals("sales/price-list.md"))
                .forEach(later -> {
                    try {
                        SampleCompany.apply(later, company);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        ingest(folder, List.of("sales"), Principal.EVERYONE);
        ask(folder, price, ANYBODY);

        section("What nobody wrote down");
        say("Dev Chaudhry stands in a dozen of these documents, but none says this:");
        ask(folder, "What did Dev Chaudhry study at university?", ANYBODY);

        section("Your own files");
        commands(
                "tandem ingest ~/Documents/handbook", "read a folder; run it again after changes",
                "tandem ask \"…\"", "an answer, or an honest “no answer”",
                "tandem search \"…\" --explain", "what was found, and why",
                "tandem ingest DIR --allow group:hr", "let others read it; else only you may",
                "tandem config set model …", "have a language model write, from the same sources",
                "tandem help", "everything else");
        terminal.out.println();
        double seconds = (System.nanoTime() - start) / 1e9;
        say(String.format(Locale.ROOT, "This took %.0f s, on this machine alone. ", seconds)
                + (keep
                        ? "The sample and its home stay in " + folder + "; ask on with --home " + folder.resolve("home")
                                + "."
                        : "The sample and its home are removed now."));
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

    /** Shows a command as typed in the company's folder, and runs it. */
    private void run(Path folder, List<String> typed, List<String> real) throws Stopped {
        String line = typed.stream()
                .map(word -> word.contains(" ") ? "\"" + word + "\"" : word)
                .collect(Collectors.joining(" ", "$ tandem ", ""));
        Text.wrap(line, terminal.width).forEach(part -> terminal.out.println(terminal.bold(part)));
        terminal.out.println();
        var environment = new HashMap<>(session.environment());
        environment.put("TANDEM_HOME", folder.resolve("home").toString());
        int exitCode = TandemCommand.run(terminal, environment, real.toArray(String[]::new));
        terminal.out.println();
        worst = Math.max(worst, exitCode);
        if (exitCode > SOME_FAILED) {
            throw new Stopped(exitCode);
        }
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
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // A temporary folder: what could not be removed now, the system removes in time.
            return;
        }
    }
}
