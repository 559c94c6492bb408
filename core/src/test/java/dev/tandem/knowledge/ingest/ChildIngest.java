package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Home;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An ingest in a process of its own, which can be killed, or be put on a disk of its own. */
final class ChildIngest {

    static final int FULL_DISK = 42;

    private ChildIngest() {}

    /** Small groups: many commits, many moments to die at. */
    private static final IngestSettings SMALL_GROUPS =
            new IngestSettings(ExtractLimits.standard(), ChunkSettings.standard(), 7, 1 << 20, Duration.ZERO, 4);

    /** The folder of the house; prints {@code start}, a line for each acknowledgement, and {@code done}. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println("start");
        try (Ingestor ingestor = Ingestor.open(Home.at(folder.resolve("home")), new HashingEmbedder(), SMALL_GROUPS)) {
            ingestor.ingest(
                    Request.of(
                            House.ANA, "default", List.of(folder.resolve("docs").toString())),
                    event -> {
                        if (event instanceof Event.Acknowledged it) {
                            out.println("acknowledged " + it.document() + " " + it.version());
                        }
                    });
            out.println("done");
        } catch (Failure e) {
            out.println(e.kind() + " " + e.getMessage() + " " + e.nextStep());
            System.exit(FULL_DISK);
        }
    }

    /** The command that runs it. */
    static List<String> command(Path folder, String... before) {
        var command = new ArrayList<>(Arrays.asList(before));
        command.addAll(java(ChildIngest.class, List.of(folder.toString())));
        return command;
    }

    /** The command that runs a class of this one's in a small process of its own. */
    static List<String> java(Class<?> main, List<String> arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(arguments);
        return command;
    }

    static Process start(Path folder, String... before) throws IOException {
        return new ProcessBuilder(command(folder, before))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr").toFile()))
                .start();
    }
}
