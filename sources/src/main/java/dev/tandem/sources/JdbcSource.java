package dev.tandem.sources;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.ingest.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;

/**
 * Rows of a query, each a document {@code jdbc:NAME#KEY} that says {@code column: value} for each, every value as the database
 * writes it. With a watermark only rows from the last one on are read; keys are listed each time, so that rows that are gone
 * are found. All of a visit sees one state of the database, which it cannot write.
 */
public final class JdbcSource implements Source {

    /**
     * What is read.
     *
     * @param name what the owner calls the source
     * @param url {@code jdbc:postgresql:…} or {@code jdbc:sqlite:…}, without a password
     * @param query one SELECT
     * @param key its column that tells rows apart
     * @param title its column that a person would call the row by; empty: the key
     * @param watermark its column that grows with every change of a row; empty: all rows are read each time
     */
    public record Definition(String name, String url, String query, String key, String title, String watermark) {

        private static final Pattern NAME = Pattern.compile("[\\w.-]{1,80}");

        /** What may stand in a URL: nothing that names a class, a file to write or a password. */
        private static final Set<String> PARAMETERS = Set.of(
                "ssl", "sslmode", "sslrootcert", "currentschema", "applicationname", "connecttimeout", "sockettimeout");

        public Definition {
            if (!NAME.matcher(name).matches()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "A database needs a name of letters, digits, dots and dashes: its documents are called by it.",
                        "Add, for example, --name orders.");
            }
            if (!url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:sqlite:")) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "That is no database that is read.",
                        "Give jdbc:postgresql://HOST/DATABASE or jdbc:sqlite:/PATH.");
            }
            requireSafe(url);
            query = query.strip().replaceFirst(";\\s*$", "");
            boolean selects = query.toLowerCase(Locale.ROOT).matches("(?s)(select|with|values|table)\\b.*");
            if (!selects || !isOneStatement(query) || key.isBlank()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        key.isBlank()
                                ? "No column is named that tells rows apart."
                                : "The query is no SELECT, or more than one.",
                        "For example --query \"SELECT id, subject, body FROM tickets\" --key id.");
            }
        }

        /** A semicolon outside of quotes ends one. */
        private static boolean isOneStatement(String sql) {
            char within = 0;
            for (int i = 0; i < sql.length(); i++) {
                char c = sql.charAt(i);
                if (within == 0 && c == ';') {
                    return false;
                }
                if (within == 0 && (c == '\'' || c == '"')) {
                    within = c;
                } else if (c == within) {
                    within = 0;
                }
            }
            return true;
        }

        private static void requireSafe(String url) {
            String[] sides = url.split("\\?", 2);
            for (String part : sides.length < 2 ? new String[0] : sides[1].split("&", -1)) {
                String parameter = part.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
                if (!PARAMETERS.contains(parameter)) {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            "'" + Printable.of(parameter) + "' may not stand in the URL of a database.",
                            "Give user and password with --user and --password, as env:NAME or file:PATH.");
                }
            }
            if (sides[0].startsWith("jdbc:postgresql:") && sides[0].contains("@")) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "A user or password may not stand in the URL of a database.",
                        "Give them with --user and --password, as env:NAME or file:PATH.");
            }
        }
    }

    private static final String CELL = " | ";
    private static final int LONGEST_CELL = 120;
    private static final int LONGEST_METADATA = 200;
    private static final int ROWS_AT_ONCE = 500;

    private final Definition definition;
    private final Properties login = new Properties();
    private final boolean postgres;
    /** Paths of the rows that this visit read. */
    private final Set<String> read = new HashSet<>();

    /**
     * Rows of that query.
     *
     * @param user empty where the database asks for none
     * @param password likewise; kept in memory only
     */
    public JdbcSource(Definition definition, String user, String password) {
        this.definition = definition;
        this.postgres = definition.url().startsWith("jdbc:postgresql:");
        if (!user.isEmpty()) {
            login.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            login.setProperty("password", password);
        }
    }

    /** The same database from wherever it is visited: a file by its whole path. */
    public static String absolute(String url) {
        String sqlite = "jdbc:sqlite:";
        if (!url.startsWith(sqlite)) {
            return url;
        }
        try {
            return sqlite
                    + Path.of(url.substring(sqlite.length())).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Failure(
                    Failure.Kind.INVALID, "'" + Printable.of(url) + "' names no file.", "Give jdbc:sqlite:/PATH.", e);
        }
    }

    @Override
    public String kind() {
        return "jdbc";
    }

    @Override
    public String file(String path) {
        return "jdbc:" + definition.name();
    }

    @Override
    public String visit(Known known, Extractors extractors, Sink sink) {
        read.clear();
        try (Connection connection = open()) {
            var keys = keys(connection);
            String watermark = rows(connection, known.watermark(), extractors, sink, keys.size());
            // A row that came with an old watermark, or whose document is not as it was left: all are read once more.
            boolean missed = keys.stream()
                    .anyMatch(path -> !read.contains(path) && known.mark(path).isEmpty());
            if (missed && !known.watermark().isEmpty()) {
                watermark = rows(connection, "", extractors, sink, keys.size());
            }
            for (String path : known.marks().keySet()) {
                if (!keys.contains(path)) {
                    sink.gone(path);
                } else if (!read.contains(path)) {
                    sink.unchanged(path);
                }
            }
            return watermark;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private Connection open() throws SQLException {
        var properties = new Properties();
        properties.putAll(login);
        if (postgres) {
            properties.setProperty("readOnly", "true");
            properties.setProperty("readOnlyMode", "always");
            // As text, numbers come as the server writes them.
            properties.setProperty("binaryTransfer", "false");
            properties.putIfAbsent("connectTimeout", "15");
            properties.putIfAbsent("socketTimeout", "300");
            properties.putIfAbsent("ApplicationName", "tandem");
        } else {
            String file = definition.url().substring("jdbc:sqlite:".length());
            if (!Files.isRegularFile(Path.of(file))) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "There is no database file " + Printable.of(file) + ".",
                        "Check its path.");
            }
            properties.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
        }
        Connection connection = DriverManager.getConnection(definition.url(), properties);
        if (postgres) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        // One transaction, which sees one state, for all of the visit.
        connection.setAutoCommit(false);
        return connection;
    }

    /** SQLite takes a quoted name that no column has for a text, the same one in every row. */
    private void requireKey(Connection connection) throws SQLException {
        try (PreparedStatement statement = statement(connection, "SELECT * FROM " + subquery() + " WHERE 1 = 0");
                ResultSet none = statement.executeQuery()) {
            index(none.getMetaData(), definition.key());
        }
    }

    /** Paths of all rows that there are. */
    private Set<String> keys(Connection connection) throws SQLException {
        requireKey(connection);
        var keys = new HashSet<String>();
        try (PreparedStatement statement =
                        statement(connection, "SELECT " + quoted(definition.key()) + " FROM " + subquery());
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String key = rows.getString(1);
                if (key == null || !keys.add(path(key))) {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            key == null
                                    ? "A row has no " + Printable.of(definition.key()) + "."
                                    : "Two rows have the " + Printable.of(definition.key()) + " " + Printable.of(key)
                                            + ".",
                            "Name a column with --key that is different in every row.");
                }
            }
        }
        return keys;
    }

    /** Reads the rows from that watermark on, and says the new one. */
    private String rows(Connection connection, String from, Extractors extractors, Sink sink, long total)
            throws SQLException {
        String column = quoted(definition.watermark());
        boolean marked = !definition.watermark().isEmpty();
        String sql = "SELECT * FROM " + subquery();
        String[] type = from.split(":", 2);
        if (marked && !from.isEmpty()) {
            // Rows of the same moment may have come since; whoever has no moment is read each time.
            sql += " WHERE " + column + " >= " + (postgres ? "CAST(? AS " + type[0] + ")" : "?") + " OR " + column
                    + " IS NULL";
        }
        if (marked) {
            sql += " ORDER BY " + column;
        }
        String last = from;
        long done = 0;
        try (PreparedStatement statement = statement(connection, sql)) {
            if (marked && !from.isEmpty()) {
                bind(statement, type);
            }
            try (ResultSet rows = statement.executeQuery()) {
                ResultSetMetaData columns = rows.getMetaData();
                int keyAt = index(columns, definition.key());
                int titleAt = definition.title().isEmpty() ? keyAt : index(columns, definition.title());
                int markAt = marked ? index(columns, definition.watermark()) : 0;
                while (rows.next()) {
                    String path = path(rows.getString(keyAt));
                    if (!read.add(path)) {
                        continue;
                    }
                    take(path, rows, columns, titleAt, extractors, sink);
                    if (marked && rows.getString(markAt) != null) {
                        last = watermark(rows, columns, markAt);
                    }
                    sink.progress(++done, Math.max(done, total));
                }
            }
        }
        return last;
    }

    private void take(
            String path, ResultSet row, ResultSetMetaData columns, int titleAt, Extractors extractors, Sink sink)
            throws SQLException {
        var names = new ArrayList<String>();
        var cells = new ArrayList<String>();
        var paragraphs = new StringBuilder();
        SortedMap<String, String> metadata = new TreeMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String value = isBinary(columns, i) ? null : row.getString(i);
            if (value == null || value.isBlank()) {
                continue;
            }
            String name = columns.getColumnLabel(i);
            if (isCell(name) && isCell(value)) {
                names.add(name);
                cells.add(value.strip());
            } else {
                paragraphs.append("\n\n").append(name).append(": ").append(value);
            }
            if (value.length() <= LONGEST_METADATA && i != titleAt) {
                metadata.put(name.toLowerCase(Locale.ROOT), value);
            }
        }
        if (cells.size() == 1) {
            // One name above one value would be read as two lines, or as a heading over its underline.
            paragraphs.insert(0, "\n\n" + names.getFirst() + ": " + cells.getFirst());
            cells.clear();
        }
        metadata.keySet().removeAll(Set.of("source", "title", "path", "document"));
        String title = row.getString(titleAt);
        // Figures stand in a table of one row, which is read with the names of its columns.
        String table = cells.isEmpty() ? "" : String.join(CELL, names) + "\n" + String.join(CELL, cells);
        byte[] bytes = (table + paragraphs).strip().getBytes(StandardCharsets.UTF_8);
        try {
            Extracted extracted = extractors.extract("row.txt", bytes);
            Extracted content = extracted.described(
                    title == null || title.isBlank() ? path : Printable.of(title.strip()), metadata);
            sink.found(path, content, bytes.length, null, "row");
        } catch (Failure e) {
            sink.failed(path, e);
        }
    }

    private static boolean isCell(String value) {
        return value.length() <= LONGEST_CELL
                && !value.contains("|")
                && value.lines().count() == 1;
    }

    private static boolean isBinary(ResultSetMetaData columns, int i) throws SQLException {
        return Set.of("bytea", "blob").contains(columns.getColumnTypeName(i).toLowerCase(Locale.ROOT));
    }

    /** {@code type:value}, so that the next visit compares as the database does. */
    private String watermark(ResultSet row, ResultSetMetaData columns, int at) throws SQLException {
        if (postgres) {
            return columns.getColumnTypeName(at) + ":" + row.getString(at);
        }
        return switch (row.getObject(at)) {
            case Integer _, Long _ -> "integer:" + row.getLong(at);
            case Double number -> "real:" + number;
            default -> "text:" + row.getString(at);
        };
    }

    private void bind(PreparedStatement statement, String[] typed) throws SQLException {
        if (postgres || typed[0].equals("text")) {
            statement.setString(1, typed[1]);
        } else if (typed[0].equals("integer")) {
            statement.setLong(1, Long.parseLong(typed[1]));
        } else {
            statement.setDouble(1, Double.parseDouble(typed[1]));
        }
    }

    /** As a part of another query it can be but one, and none that writes. */
    private String subquery() {
        return "(\n" + definition.query() + "\n) AS tandem_rows";
    }

    private static PreparedStatement statement(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setFetchSize(ROWS_AT_ONCE);
        return statement;
    }

    private static String quoted(String column) {
        return "\"" + column.replace("\"", "\"\"") + "\"";
    }

    private static int index(ResultSetMetaData columns, String wanted) throws SQLException {
        var names = new TreeMap<String, Integer>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.put(columns.getColumnLabel(i), i);
        }
        Integer at = names.get(wanted);
        if (at == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The query has no column " + Printable.of(wanted) + ".",
                    "It has " + Printable.of(String.join(", ", names.keySet())) + ".");
        }
        return at;
    }

    private String path(String key) {
        return "jdbc:" + definition.name() + "#" + key;
    }

    /** What the database said, without the URL or the login. */
    private Failure failure(SQLException e) {
        if (!postgres && (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new Failure(
                    Failure.Kind.INVALID,
                    "The file "
                            + Printable.of(definition.url().substring("jdbc:sqlite:".length()))
                            + " is no SQLite database.",
                    "Name one with --jdbc jdbc:sqlite:/PATH; nothing was removed.",
                    e);
        }
        String state = String.valueOf(e.getSQLState());
        boolean query = state.startsWith("42") || state.startsWith("22") || (!postgres && state.equals("null"));
        String said = Printable.of(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        for (Object secret : login.values()) {
            said = said.replace(String.valueOf(secret), "…");
        }
        return new Failure(
                query ? Failure.Kind.INVALID : Failure.Kind.UPSTREAM,
                "The database said: " + said,
                query
                        ? "Mend the query; nothing was removed."
                        : "Check that it runs and lets you in; nothing was removed.",
                e);
    }
}
