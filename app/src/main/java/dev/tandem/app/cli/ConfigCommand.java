package dev.tandem.app.cli;

import dev.tandem.app.Settings;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem config}: reads and changes the settings of a home. */
@Command(
        name = "config",
        header = "Read and change settings.",
        description = "Settings belong to a home. docs/configuration.md explains each.",
        footer = {
            "  tandem config list",
            "  tandem config set model openai-compatible:http://127.0.0.1:11434/v1#llama3.2",
            "  tandem config set model-key env:OPENAI_API_KEY",
            "  tandem config unset model",
        },
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandSpec spec;

    ConfigCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: list, get, set or unset");
    }

    @Command(name = "list", header = "Show every setting and its value.", mixinStandardHelpOptions = true)
    void list(@Mixin Place place) {
        Settings settings = Settings.load(home(place));
        Terminal terminal = session.terminal();
        int name = 2
                + Settings.KEYS.stream()
                        .mapToInt(key -> key.name().length())
                        .max()
                        .orElse(0);
        for (Settings.Key key : Settings.KEYS) {
            String value = key.read().apply(settings);
            boolean own = !value.equals(key.read().apply(Settings.DEFAULT));
            String padded = String.format("%-" + name + "s", key.name());
            terminal.out.println(terminal.bold(padded)
                    + (value.isEmpty() ? terminal.dim("(not set)") : own ? terminal.accent(value) : value));
            Text.wrap(key.description(), terminal.width - name)
                    .forEach(line -> terminal.out.println(" ".repeat(name) + terminal.dim(line)));
        }
    }

    @Command(name = "get", header = "Show the value of a setting.", mixinStandardHelpOptions = true)
    void get(@Mixin Place place, @Parameters(paramLabel = "KEY", description = "such as model") String key) {
        session.terminal().out.println(Settings.load(home(place)).get(key));
    }

    @Command(name = "set", header = "Change a setting.", mixinStandardHelpOptions = true)
    void set(
            @Mixin Place place,
            @Parameters(paramLabel = "KEY", description = "such as model") String key,
            @Parameters(paramLabel = "VALUE", description = "its new value") String value) {
        Settings.change(home(place), settings -> settings.with(key, value));
    }

    @Command(name = "unset", header = "Go back to a setting's default.", mixinStandardHelpOptions = true)
    void unset(@Mixin Place place, @Parameters(paramLabel = "KEY", description = "such as model") String key) {
        Settings.change(home(place), settings -> settings.with(key, Settings.DEFAULT.get(key)));
    }

    private Path home(Place place) {
        return place.home(session.environment());
    }
}
