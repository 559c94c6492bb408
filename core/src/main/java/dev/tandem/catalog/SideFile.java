package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;

/**
 * A small database of a tenant beside its catalog, written by whoever answers a question, in any number of processes: it is
 * opened for each piece of work and closed after it. What is deleted is overwritten in the file.
 *
 * <p>It keeps a rollback journal, not a log: a log would hold what was deleted until the last process lets go of it.
 * {@code synchronous = EXTRA} forces the name of the journal away, too, so that no power cut undoes what was committed.
 */
final class SideFile {

    private static final int BUSY_MILLISECONDS = 5_000;

    private final Home home;
    private final Path file;
    private final List<String> schema;

    /** @param schema statements that do nothing where they were run before */
    SideFile(Home home, Path file, List<String> schema) {
        this.home = home;
        this.file = file;
        this.schema = schema;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** What SQLite itself finds wrong, first of all; empty where nothing is, or there is no file. */
    Optional<String> damage(Function<Sql, Long> rows) {
        if (!exists()) {
            return Optional.empty();
        }
        try {
            return use(sql -> {
                String found = sql.first("PRAGMA integrity_check(1)", row -> row.getString(1))
                        .orElse("");
                long damaged = found.equals("ok") ? rows.apply(sql) : 0;
                return found.equals("ok") && damaged == 0
                        ? Optional.empty()
                        : Optional.of(damaged > 0 ? damaged + " of its rows are not what was written" : found.strip());
            });
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.BROKEN) {
                throw e;
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    <T> T use(Function<Sql, T> work) {
        try {
            Storage.createHome(home.path());
            Path folder = file.getParent();
            if (folder != null) {
                Storage.createDirectories(folder);
            }
        } catch (IOException e) {
            throw Storage.failure(e, file);
        }
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        try (var sql = new Sql(config.createConnection("jdbc:sqlite:" + file), file)) {
            sql.set("journal_mode", "DELETE", "delete");
            sql.set("synchronous", "EXTRA", "3");
            sql.set("secure_delete", "ON", "1");
            sql.set("foreign_keys", "ON", "1");
            schema.forEach(sql::run);
            return work.apply(sql);
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }

    /**
     * Deletes with {@code work} and writes the file anew, so that nothing of what was deleted is left between rows either.
     *
     * @throws Failure BUSY where somebody else goes on using it
     */
    <T> T purge(Function<Sql, T> work) {
        return use(sql -> {
            T result = sql.inTransaction(() -> work.apply(sql));
            sql.vacuum();
            return result;
        });
    }
}
