package dev.tandem.app;

import dev.tandem.app.cli.TandemCommand;
import dev.tandem.app.cli.Terminal;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the program starts. */
public final class Main {

    /** Held here, as the JDK keeps loggers weakly: Lucene tells on standard error that it would like another JVM option. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    private Main() {}

    public static void main(String[] args) {
        LUCENE.setLevel(Level.OFF);
        int exitCode = TandemCommand.run(Terminal.ofProcess(), System.getenv(), args);
        // Not a plain return: a library's idle thread must not keep a finished command alive.
        System.exit(exitCode);
    }
}
