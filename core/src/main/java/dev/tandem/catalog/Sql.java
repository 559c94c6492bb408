package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection and its prepared statements, for one thread at a time; errors come out as {@link Failure}. */
final class Sql implements AutoCloseable {

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        @Nullable
        T of(ResultSet row) throws SQLException;
    }

    /** Takes one row. */
    @FunctionalInterface
    interface Each {
        void of(ResultSet row) throws SQLException;
    }

    static final Path IN_MEMORY = Path.of(":memory:");

    private final Connection connection;
    private final Path file;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    /** Where this is the one writer of a catalog. */
    private final @Nullable PageSums sums;

    private boolean inTransaction;

    Sql(Connection connection, Path file) {
        this(connection, file, null);
    }

    private Sql(Connection connection, Path file, @Nullable PageSums sums) {
        this.connection = connection;
        this.file = file;
        this.sums = sums;
    }

    /** The same connection, as the one that changes pages of its file: sums of them are kept from now on. */
    Sql keeping(PageSums pageSums) {
        var keeping = new Sql(connection, file, pageSums);
        pageSums.begin(keeping);
        return keeping;
    }

    /** Runs statements as they stand, without values. */
    void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }

    /**
     * Sets what a promise rests on, and reads it back.
     *
     * @throws Failure BROKEN where the database has it otherwise all the same
     */
    void set(String pragma, String value, String asRead) {
        run("PRAGMA " + pragma + " = " + value);
        require(pragma, asRead);
    }

    /** @throws Failure BROKEN where the database has it otherwise */
    void require(String pragma, String wanted) {
        String value = setting(pragma);
        if (!value.equals(wanted)) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The database " + file + " cannot keep its promises: " + pragma + " is " + value + ", not " + wanted
                            + ".",
                    "Close whatever else has it open, and keep the home on a local disk: log mode does not work on"
                            + " network file systems.");
        }
    }

    String setting(String pragma) {
        return first("PRAGMA " + pragma, row -> row.getString(1)).orElse("");
    }

    /** Rows changed. */
    int update(String sql, @Nullable Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }

    void forEach(String sql, Each each, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                each.of(rows);
            }
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }

    <T> List<T> all(String sql, Row<T> row, @Nullable Object... values) {
        var all = new ArrayList<T>();
        forEach(sql, each -> all.add(Objects.requireNonNull(row.of(each))), values);
        return all;
    }

    /** Of the first row; empty where there is none, or the row gives null. */
    <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? Optional.ofNullable(row.of(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }

    /** The one number that the statement gives; 0 for NULL. */
    long number(String sql, @Nullable Object... values) {
        return first(sql, row -> row.getLong(1), values).orElse(0L);
    }

    /** All of it or nothing; when this returns, it is on disk. Inside another transaction it is part of that one. */
    <T> T inTransaction(Supplier<T> work) {
        if (inTransaction) {
            return work.get();
        }
        run("BEGIN IMMEDIATE");
        inTransaction = true;
        try {
            T result = work.get();
            run("COMMIT");
            inTransaction = false;
            if (sums != null) {
                sums.committed(this);
            }
            return result;
        } catch (Throwable e) {
            try {
                // A full disk may have rolled back by itself.
                if (inTransaction && !connection.isClosed()) {
                    run("ROLLBACK");
                }
            } catch (Failure | SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        } finally {
            inTransaction = false;
        }
    }

    /** Writes the whole file anew; inside no transaction. */
    void vacuum() {
        try {
            // A statement that was not read to its end would stand in the way.
            for (PreparedStatement each : prepared.values()) {
                each.close();
            }
            prepared.clear();
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
        run("VACUUM");
    }

    boolean isInMemory() {
        return file.equals(IN_MEMORY);
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                case String text -> statement.setString(i + 1, text);
                case Integer number -> statement.setInt(i + 1, number);
                case Double number -> statement.setDouble(i + 1, number);
                case Long number -> statement.setLong(i + 1, number);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Object other -> throw new IllegalArgumentException("no SQL value: " + other.getClass());
            }
        }
        return statement;
    }

    /** Moves what the log holds into the file, as far as readers let it; says whether the log is empty. */
    boolean checkpoint() {
        if (sums == null) {
            throw new IllegalStateException("only the writer of " + file + " moves its log");
        }
        return sums.checkpoint(this);
    }

    @Override
    public void close() {
        if (sums == null) {
            closeConnection();
        } else {
            sums.close(this);
        }
    }

    void closeConnection() {
        try {
            // Closing the connection finalises its statements.
            connection.close();
        } catch (SQLException e) {
            throw Storage.failure(e, file);
        }
    }
}
