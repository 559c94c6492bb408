package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code docs/help.md} says what {@code --help} says. */
class HelpPageTest {

    private static final Path PAGE =
            Path.of(System.getProperty("tandem.root", "..")).resolve("docs/help.md");

    @Test
    void theHelpPageIsWhatTheCommandsSay() throws Exception {
        String generated = page();
        if (Boolean.getBoolean("tandem.update")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(Files.readString(PAGE))
                .as("regenerate it: ./mvnw -pl app -am test -Dtest=HelpPageTest -Dtandem.update=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(generated);
    }

    @Test
    void everyCommandLeadsWithExamplesAndFitsIntoAHundredColumns() {
        for (CommandLine command : commands(root())) {
            String help = command.getUsageMessage(Ansi.OFF);
            assertThat(help.lines()).as(name(command)).allMatch(line -> line.length() <= Terminal.WIDEST);
            if (command.getCommandName().equals("tandem")) {
                assertThat(help.indexOf("First steps")).isBetween(0, help.indexOf("Usage:"));
            } else if (name(command).split(" ", -1).length <= 2
                    && !command.getCommandName().equals("help")) {
                assertThat(help.indexOf("Examples")).as(name(command)).isBetween(0, help.indexOf("Usage:"));
            }
        }
    }

    @Test
    void everyCommandIsFoundByItsName(@TempDir Path home) {
        var tandem = new CommandLineTester(home);
        for (String name : root().getSubcommands().keySet()) {
            assertThat(tandem.run(name, "--help").out()).as(name).contains("Usage: tandem " + name);
        }
    }

    private static String page() {
        var page = new StringBuilder("""
                # Commands

                What `tandem COMMAND --help` says of each. This page is generated from the program and compared by a test.
                """);
        for (CommandLine command : commands(root())) {
            page.append("\n## ").append(name(command)).append("\n\n```text\n");
            page.append(command.getUsageMessage(Ansi.OFF).stripTrailing()).append("\n```\n");
        }
        return page.toString();
    }

    private static CommandLine root() {
        var terminal = Terminal.plain(
                InputStream.nullInputStream(),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        return TandemCommand.commandLine(new Session(terminal, Map.of()), new Edge(terminal, Map.of()));
    }

    private static List<CommandLine> commands(CommandLine command) {
        var all = new ArrayList<CommandLine>();
        all.add(command);
        command.getSubcommands().values().forEach(sub -> all.addAll(commands(sub)));
        return all;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }
}
