package dev.tandem.app;

import dev.tandem.app.cli.TandemCommand;
import dev.tandem.app.cli.Terminal;

/** Where the program starts. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        int exitCode = TandemCommand.run(Terminal.ofProcess(), System.getenv(), args);
        // Not a plain return: a library's idle thread must not keep a finished command alive.
        System.exit(exitCode);
    }
}
