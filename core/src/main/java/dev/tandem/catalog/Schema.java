package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Opens connections that keep the promises, and brings a catalog to the newest schema: scripts {@code 001.sql},
 * {@code 002.sql}, … beside this class, each in one transaction with the {@code user_version} that it leads to.
 */
final class Schema {

    private static final int NEWEST = 5;
    private static final String JOURNAL = "journal_mode";
    private static final String LOG = "wal";
    private static final int BUSY_MILLISECONDS = 5_000;

    private Schema() {}

    /** For the one writer: creates the file, and migrates it. */
    static Sql write(Path file) {
        if (Files.exists(file)) {
            // Before anything that could move a newer Tandem's log into its file.
            requireKnown(file);
        }
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        Sql sql = connect(config, "jdbc:sqlite:" + file, file);
        try {
            // Larger pages hold more vectors each; must be said before the first write, and is ignored after.
            sql.run("PRAGMA page_size = 8192");
            sql.run("PRAGMA cache_size = -65536");
            sql.set(JOURNAL, LOG, LOG);
            sql.set("synchronous", "FULL", "2");
            sql.set("foreign_keys", "ON", "1");
            Sql keeping = sql.keeping(new PageSums(file));
            migrate(keeping, file);
            return keeping;
        } catch (Throwable e) {
            sql.close();
            throw e;
        }
    }

    /**
     * For readers; sees every commit of the writer, and never waits for it, but for the one time when the catalog is of an
     * older Tandem, or a restored one without a log: it is brought to the newest schema and to log mode first, in a
     * transaction that no other can come between.
     */
    static Sql read(Path file) {
        Sql sql = open(file);
        int version = version(sql);
        boolean keeps = isFrozen(file) || sql.setting(JOURNAL).equals(LOG);
        if (version == NEWEST && keeps) {
            return sql;
        }
        sql.close();
        if (version == 0) {
            // Its writer died, or is still at it, before the first migration was committed: nothing was ever in it.
            return empty();
        }
        write(file).close();
        Sql migrated = open(file);
        try {
            migrated.require(JOURNAL, LOG);
            return migrated;
        } catch (Throwable e) {
            migrated.close();
            throw e;
        }
    }

    private static Sql open(Path file) {
        Sql sql = readAny(file);
        try {
            sql.run("PRAGMA cache_size = -16384");
            requireKnown(sql, file);
            return sql;
        } catch (Throwable e) {
            sql.close();
            throw e;
        }
    }

    /** For reading, whatever schema it is of. */
    static Sql readAny(Path file) {
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        config.resetOpenMode(SQLiteOpenMode.READWRITE);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return connect(config, url(file, config), file);
    }

    /** For a change of a file that nobody else has open; its journal is gone afterwards, and so are sums of its pages. */
    static Sql change(Path file) {
        new PageSums(file).drop();
        Sql sql = connect(new SQLiteConfig(), "jdbc:sqlite:" + file, file);
        try {
            sql.set("synchronous", "FULL", "2");
            return sql;
        } catch (Throwable e) {
            sql.close();
            throw e;
        }
    }

    /** A catalog with nothing in it, in memory: what a tenant looks like that nothing was written for. */
    static Sql empty() {
        Sql sql = connect(new SQLiteConfig(), "jdbc:sqlite::memory:", Sql.IN_MEMORY);
        migrate(sql, Sql.IN_MEMORY);
        return sql;
    }

    /**
     * Reading a log-mode database needs its companion files, which cannot be made in a folder that cannot be written;
     * without a log left behind nothing can change there, and the file is read as it stands.
     */
    private static String url(Path file, SQLiteConfig config) {
        if (!isFrozen(file)) {
            return "jdbc:sqlite:" + file;
        }
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        return "jdbc:sqlite:" + file.toUri().toString().replaceFirst("^file:///", "file:/") + "?immutable=1";
    }

    private static boolean isFrozen(Path file) {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        return !Files.isWritable(file.toAbsolutePath().getParent()) && !Files.exists(log);
    }

    private static Sql connect(SQLiteConfig config, String url, Path file) {
        try {
            return new Sql(config.createConnection(url), file);
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }

    private static int version(Sql sql) {
        return (int) sql.number("PRAGMA user_version");
    }

    /** @throws Failure CONFLICT where the catalog was written by a newer Tandem; not a byte of it changes */
    static void requireKnown(Path file) {
        try (Sql sql = readAny(file)) {
            requireKnown(sql, file);
        }
    }

    static void requireKnown(Sql sql, Path file) {
        if (version(sql) > NEWEST) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The catalog " + file + " was written by a newer Tandem.",
                    "Use that Tandem, or name another folder with --home or TANDEM_HOME.");
        }
    }

    private static void migrate(Sql sql, Path file) {
        requireKnown(sql, file);
        if (version(sql) == NEWEST) {
            return;
        }
        // All at once: no reader meets tables of one version without those of the next.
        sql.inTransaction(() -> {
            for (int version = version(sql) + 1; version <= NEWEST; version++) {
                script(version).forEach(sql::run);
                sql.run("PRAGMA user_version = " + version);
            }
            return NEWEST;
        });
    }

    /** The script's statements without comments: the driver runs one statement at a time. */
    private static List<String> script(int version) {
        String name = String.format("%03d.sql", version);
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
            return Arrays.stream(text.split(";", -1))
                    .filter(statement -> !statement.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
