package dev.tandem.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The same on a PostgreSQL of its own, where one is installed. */
class PostgresSourceTest extends JdbcSourceTest {

    private static final String SECRET = "open-sesame";

    private static Path data;
    private static Path programs;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> found = programs();
        Assumptions.assumeTrue(found.isPresent(), "PostgreSQL is not installed");
        programs = found.get();
        data = Files.createTempDirectory(Path.of("/tmp"), "tandem-postgres-");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path password = Files.writeString(data.resolve("password"), SECRET);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        run(
                "initdb",
                "-D",
                data + "/db",
                "-U",
                "tandem",
                "-A",
                "scram-sha-256",
                "--pwfile=" + password,
                "-E",
                "UTF8",
                "-N");
        run(
                "pg_ctl",
                "-D",
                data + "/db",
                "-w",
                "-l",
                data + "/db/log",
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + data + "/db -c fsync=off",
                "start");
    }

    @AfterAll
    static void stop() throws Exception {
        if (data != null) {
            run("pg_ctl", "-D", data + "/db", "-m", "immediate", "-w", "stop");
            try (Stream<Path> all = Files.walk(data)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static Optional<Path> programs() throws IOException {
        Path debian = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(debian)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(debian)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    /** It refuses to run as root: then as the user that its package made. */
    private static void run(String program, String... arguments) throws Exception {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path said = Files.createTempFile("tandem-postgres", ".log");
        int exit = new ProcessBuilder(command)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException(program + ": " + Files.readString(said));
        }
        Files.delete(said);
    }

    @Override
    Connection database() throws SQLException {
        return DriverManager.getConnection(url(), user(), password());
    }

    @Override
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    @Override
    String user() {
        return "tandem";
    }

    @Override
    String password() {
        return SECRET;
    }
}
