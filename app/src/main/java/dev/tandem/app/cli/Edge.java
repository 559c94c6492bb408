package dev.tandem.app.cli;

import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one place where the command line turns what went wrong into words and an exit code: one line that says what and
 * where, one with the next step. Whatever is thrown ends here, so that nobody meets a stack trace without asking for it.
 */
final class Edge implements IExecutionExceptionHandler, IParameterExceptionHandler {

    /** Set to anything, shows where in the program a failure came from. */
    static final String TRACE = "TANDEM_TRACE";

    private final Terminal terminal;
    private final boolean trace;

    Edge(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.trace = !environment.getOrDefault(TRACE, "").isEmpty();
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        return report(thrown);
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        if (wrong.getCause() instanceof Failure failure) {
            return report(failure);
        }
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        String next = "See " + command + " --help.";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                next = "Did you mean " + near.getFirst() + "? " + next;
            }
        }
        return report(new Failure(
                Failure.Kind.INVALID,
                sentence(String.valueOf(wrong.getMessage()).replace("option option", "option")),
                next));
    }

    /** Says it on standard error and returns the exit code. */
    int report(Throwable thrown) {
        Failure failure = translate(thrown);
        terminal.out.flush();
        terminal.err.println(terminal.errBad("tandem:") + " " + Text.safe(String.valueOf(failure.getMessage())));
        terminal.err.println(terminal.errBold("Next:") + " " + Text.safe(failure.nextStep()));
        if (trace) {
            thrown.printStackTrace(terminal.err);
        }
        return failure.kind().exitCode();
    }

    static Failure translate(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Failure failure) {
                return failure;
            }
            if (cause instanceof OutOfMemoryError) {
                return new Failure(
                        Failure.Kind.BROKEN,
                        "The memory given to the program ran out.",
                        "Give it more, for example TANDEM_JAVA_OPTIONS=-Xmx4g, and run the same command again.",
                        thrown);
            }
            if (cause instanceof IOException io) {
                return ofFiles(io);
            }
        }
        return new Failure(
                Failure.Kind.BROKEN,
                "An error that Tandem did not expect: " + Printable.of(String.valueOf(thrown)),
                "Run it again with " + TRACE + "=1 set and report what it shows.",
                thrown);
    }

    private static Failure ofFiles(IOException io) {
        String file = io instanceof FileSystemException of ? of.getFile() : null;
        return Storage.failure(io, Path.of(file == null ? "the home" : file));
    }

    /** The parser's messages, as one sentence. */
    private static String sentence(String message) {
        String oneLine = message.replaceAll("\\s*\\R\\s*", " ").strip();
        return oneLine.endsWith(".") ? oneLine : oneLine + ".";
    }
}
