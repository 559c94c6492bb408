package dev.tandem.sources;

import dev.tandem.catalog.Home;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.IngestSettings;
import dev.tandem.knowledge.ingest.Ingestor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A visit to a database in a process of its own, which can be killed. */
final class ChildVisit {

    /** Small groups: many commits, many moments to die at. */
    private static final IngestSettings SMALL_GROUPS =
            new IngestSettings(ExtractLimits.standard(), ChunkSettings.standard(), 7, 1 << 20, Duration.ZERO, 4);

    private ChildVisit() {}

    static JdbcSource.Definition definition(Path folder) {
        return new JdbcSource.Definition(
                "notes", "jdbc:sqlite:" + folder.resolve("notes.db"), "SELECT * FROM notes", "id", "", "changed");
    }

    /** Prints {@code start}, the path and version of each acknowledgement, and {@code done}. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println("start");
        try (Ingestor ingestor = Ingestor.open(Home.at(folder.resolve("home")), new StandInEncoder(), SMALL_GROUPS)) {
            JdbcSource.Definition definition = definition(folder);
            ingestor.visit(Place.ANA, Place.rows(definition), new JdbcSource(definition, "", ""), event -> {
                if (event instanceof Event.Acknowledged it) {
                    out.println(it.path() + " " + it.version());
                }
            });
            out.println("done");
        }
    }

    static Process start(Path folder) throws java.io.IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ChildVisit.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr").toFile()))
                .start();
    }
}
