package dev.tandem.app.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that uses a home. */
final class Place {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "where documents and indexes are kept (default: TANDEM_HOME, else ~/.tandem)")
    @Nullable
    Path given;

    Path home(Map<String, String> environment) {
        if (given != null) {
            return given;
        }
        String variable = environment.getOrDefault("TANDEM_HOME", "");
        return variable.isBlank() ? Path.of(System.getProperty("user.home"), ".tandem") : Path.of(variable);
    }
}
