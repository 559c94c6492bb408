package dev.tandem.app;

import dev.tandem.app.cli.TandemCommand;
import dev.tandem.app.cli.Terminal;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs once after a build, for the JVM to watch: what it sees loaded and called here goes into the ahead-of-time cache
 * that {@code ./tandem} starts with. It also unpacks the encoder and the native libraries, so that no question has to.
 *
 * <p>Arguments: a folder for a home that nobody needs afterwards, and one with the sample company's documents.
 */
final class Practice {

    private Practice() {}

    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        Path company = Path.of(args[1]);
        run(home, "--help");
        run(home, "ask", "--help");
        run(home, "config", "list");
        run(home, "ingest", "--allow", "everyone", company.resolve("handbook").toString());
        run(
                home,
                "ingest",
                "--json",
                company.resolve("intranet/kendal-site.html").toString(),
                company.resolve("support/faq.jsonl").toString(),
                company.resolve("product/calibration-scope.pdf").toString());
        for (String form : new String[] {"--json", "--where=source=file"}) {
            run(home, "ask", "How many weeks of parental leave are there?", form);
            run(home, "ask", "What is the colour of the moon's cheese?", form);
            run(home, "search", "parental leave", "--explain", form);
        }
        run(home, "status");
        run(home, "documents");
        run(home, "documents", "--json");
    }

    private static void run(Path home, String... args) {
        int exitCode = TandemCommand.run(Terminal.ofProcess(), Map.of("TANDEM_HOME", home.toString()), args);
        if (exitCode > 1) {
            throw new IllegalStateException("practice of " + String.join(" ", args) + " ended with " + exitCode);
        }
    }
}
