package dev.tandem.app.cli;

import dev.tandem.app.JdbcEntries;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.sources.JdbcSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code tandem ingest} for the rows of a database. */
final class Database {

    @Option(
            names = "--jdbc",
            paramLabel = "URL",
            description = "rows of a database: jdbc:postgresql://HOST/DATABASE or jdbc:sqlite:/PATH")
    String url = "";

    @Option(names = "--name", paramLabel = "NAME", description = "what its documents are called by: jdbc:NAME#KEY")
    private String name = "";

    @Option(names = "--query", paramLabel = "SQL|FILE", description = "which rows: one SELECT, or a file with it")
    private String query = "";

    @Option(names = "--key", paramLabel = "COLUMN", description = "tells rows apart")
    private String key = "";

    @Option(names = "--title", paramLabel = "COLUMN", description = "what a person calls the row by")
    private String title = "";

    @Option(
            names = "--watermark",
            paramLabel = "COLUMN",
            description = "grows with every change of a row: only rows from the last one on are read")
    private String watermark = "";

    @Option(names = "--user", paramLabel = "REF", description = "where the user's name is found: env:NAME or file:PATH")
    private String user = "";

    @Option(names = "--password", paramLabel = "REF", description = "where the password is: env:NAME or file:PATH")
    private String password = "";

    SourceEntry entry(
            String collection,
            String owner,
            @Nullable AccessSet access,
            SortedMap<String, String> given,
            Duration every) {
        requireReference("--user", user);
        requireReference("--password", password);
        var definition = new JdbcSource.Definition(name, JdbcSource.absolute(url), sql(), key, title, watermark);
        return SourceEntry.of(
                collection,
                owner,
                name,
                SourceEntry.JDBC,
                JdbcEntries.write(definition, user, password),
                access,
                given,
                every);
    }

    private String sql() {
        try {
            Path file = Path.of(query);
            return !query.isEmpty() && Files.isRegularFile(file) ? Files.readString(file) : query;
        } catch (InvalidPathException notAFile) {
            return query;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The query in " + Printable.of(query) + " cannot be read.",
                    "Check the file's permissions, and that it is text in UTF-8.",
                    e);
        }
    }

    private static void requireReference(String option, String value) {
        if (!value.isEmpty() && !value.matches("(env|file):\\S.*")) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    option + " takes no secret, but where it is found: what is typed here can be seen by others.",
                    "Write env:NAME for an environment variable, or file:PATH for a file that holds it.");
        }
    }
}
