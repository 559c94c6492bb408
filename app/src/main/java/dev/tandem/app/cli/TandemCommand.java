package dev.tandem.app.cli;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Principal;
import dev.tandem.evidence.advice.Changes;
import dev.tandem.evidence.advice.ModelSize;
import dev.tandem.evidence.advice.Task;
import dev.tandem.evidence.advice.Tier;
import dev.tandem.knowledge.extract.Mapping;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ScopeType;

/** {@code tandem}: the commands by name, and how every one of them parses, helps and fails. */
@Command(
        name = "tandem",
        header = "Answers from your own documents, with citations that were checked.",
        description = {
            "Ingest a folder, then ask. Every answer quotes the documents it stands on; nobody sees what"
                    + " they may not read; everything runs on this machine.",
        },
        footerHeading = "%nFirst steps%n",
        footer = {
            "  tandem demo                                   a sample company: ingest, ask, compare",
            "  tandem ingest ~/handbook                      read a folder of documents",
            "  tandem ask \"How many days of leave do I get?\"",
            "  tandem search \"parental leave\" --explain      what was found, and why",
        },
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {
            "0:done; an abstention is an answer too",
            "1:done, but something in it failed, such as a document that could not be read",
            "2:wrong usage or invalid input",
            "3:not allowed",
            "4:not there, or not yours to read",
            "5:busy: another process writes to this home, or its disk is full",
            "6:in conflict with what is there",
            "7:a remote service failed",
            "70:something is broken",
            "130:stopped by Ctrl-C",
        },
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.LOCAL)
public final class TandemCommand {

    /** Picocli refuses to be asked for less. */
    private static final int NARROWEST_HELP = 55;

    /** In the order of the help. */
    private static final SequencedMap<String, Function<Session, Object>> COMMANDS = commands();

    private TandemCommand() {}

    /** Runs one command and returns its exit code; whatever goes wrong is said on the terminal, never thrown. */
    public static int run(Terminal terminal, Map<String, String> environment, String... args) {
        var edge = new Edge(terminal, environment);
        try {
            String wanted = args.length > 0 && COMMANDS.containsKey(args[0]) ? args[0] : "";
            CommandLine line = commandLine(new Session(terminal, environment), edge, wanted);
            return args.length == 0 ? line.execute("--help") : line.execute(args);
        } catch (Throwable thrown) { // errors of the JVM: the parser hands on exceptions only
            return edge.report(thrown);
        } finally {
            terminal.out.flush();
            terminal.err.flush();
        }
    }

    /** The parser of the whole command line, as it also stands in {@code docs/help.md}. */
    static CommandLine commandLine(Session session, Edge edge) {
        return commandLine(session, edge, "");
    }

    /** Of one command alone where one is wanted: describing them all takes the parser longer than many a command. */
    private static CommandLine commandLine(Session session, Edge edge, String wanted) {
        var line = new CommandLine(new TandemCommand());
        COMMANDS.forEach((name, command) -> {
            if (wanted.isEmpty() || wanted.equals(name)) {
                line.addSubcommand(command.apply(session));
            }
        });
        line.addSubcommand(new CommandLine.HelpCommand());
        line.setOut(writer(session.terminal().out));
        line.setErr(writer(session.terminal().err));
        line.setColorScheme(Help.defaultColorScheme(session.terminal().ansi()));
        line.setUsageHelpWidth(Math.max(NARROWEST_HELP, session.terminal().width));
        line.setUsageHelpLongOptionsMaxWidth(34);
        line.setAbbreviatedSubcommandsAllowed(false);
        line.setExecutionExceptionHandler(edge);
        line.setParameterExceptionHandler(edge);
        line.registerConverter(Principal.class, Principal::parse);
        line.registerConverter(AccessSet.class, AccessSet::parse);
        line.registerConverter(Mapping.class, Mapping::parse);
        line.registerConverter(Task.class, Task::parse);
        line.registerConverter(Changes.class, Changes::parse);
        line.registerConverter(Tier.class, Tier::parse);
        line.registerConverter(ModelSize.class, ModelSize::parse);
        everyCommand(line.getCommandSpec());
        return line;
    }

    private static SequencedMap<String, Function<Session, Object>> commands() {
        var commands = new LinkedHashMap<String, Function<Session, Object>>();
        commands.put("demo", DemoCommand::new);
        commands.put("ingest", IngestCommand::new);
        commands.put("ask", AskCommand::new);
        commands.put("chat", ChatCommand::new);
        commands.put("search", SearchCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("documents", DocumentsCommand::new);
        commands.put("sources", SourcesCommand::new);
        commands.put("access", AccessCommand::new);
        commands.put("remove", RemoveCommand::new);
        commands.put("forget", ForgetCommand::new);
        commands.put("reembed", ReembedCommand::new);
        commands.put("tune-retrieval", TuneRetrievalCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("repair", RepairCommand::new);
        commands.put("evaluate", EvaluateCommand::new);
        commands.put("dataset", DatasetCommand::new);
        commands.put("train", TrainCommand::new);
        commands.put("compare", CompareCommand::new);
        commands.put("classify", ClassifyCommand::new);
        commands.put("adapters", AdaptersCommand::new);
        commands.put("advise", AdviseCommand::new);
        commands.put("usage", UsageCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("config", ConfigCommand::new);
        return commands;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Help that leads with examples: a command's footer is its examples, shown before the grammar. */
    private static final List<String> HELP_SECTIONS = List.of(
            UsageMessageSpec.SECTION_KEY_HEADER_HEADING,
            UsageMessageSpec.SECTION_KEY_HEADER,
            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
            UsageMessageSpec.SECTION_KEY_FOOTER,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);

    private static void everyCommand(CommandSpec spec) {
        UsageMessageSpec help = spec.usageMessage();
        help.sectionKeys(HELP_SECTIONS);
        if (help.footerHeading().isEmpty() && help.footer().length > 0) {
            help.footerHeading("%nExamples%n");
        }
        help.synopsisHeading("%nUsage: ");
        help.descriptionHeading("%n");
        help.parameterListHeading("%n");
        help.optionListHeading("%nOptions%n");
        help.commandListHeading("%nCommands%n");
        help.sortOptions(false);
        spec.subcommands().values().forEach(sub -> everyCommand(sub.getCommandSpec()));
    }
}
