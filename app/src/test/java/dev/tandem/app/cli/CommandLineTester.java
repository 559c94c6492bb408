package dev.tandem.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands as {@code ./tandem} does, in this JVM, into memory, on a home of its own. */
final class CommandLineTester {

    /** What a command left: everything that a caller of the program can see of it. */
    record Outcome(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private final Map<String, String> environment = new HashMap<>();

    CommandLineTester(Path home) {
        environment.put("TANDEM_HOME", home.toString());
    }

    CommandLineTester with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Outcome run(String... args) {
        return runWithInput("", args);
    }

    Outcome runWithInput(String input, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = Terminal.plain(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int exitCode = TandemCommand.run(terminal, environment, args);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
