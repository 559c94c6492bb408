package dev.tandem.app.cli;

import dev.tandem.domain.Failure;
import java.nio.file.Files;
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
        String variable = environment.getOrDefault("TANDEM_HOME", "");
        Path home = given != null
                ? given
                : variable.isBlank() ? Path.of(System.getProperty("user.home"), ".tandem") : Path.of(variable);
        if (Files.exists(home) && !Files.isDirectory(home)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    home + " is a file where the home, a folder, is needed.",
                    "Name a folder with --home or TANDEM_HOME.");
        }
        return home;
    }
}
