package dev.tandem.tune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.cli.TandemCommand;
import dev.tandem.app.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Commands as a person types them, in a home of their own. */
final class Commands {

    private final Path home;

    Commands(Path home) {
        this.home = home;
    }

    /** What a command left. */
    record Outcome(int exitCode, String out, String err) {
        /** The last line, which is JSON. */
        JsonNode last() throws IOException {
            return new ObjectMapper()
                    .readTree(out.strip().lines().reduce((_, line) -> line).orElseThrow());
        }
    }

    Outcome run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = TandemCommand.run(
                Terminal.plain(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                Map.of("TANDEM_HOME", home.toString()),
                args);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
