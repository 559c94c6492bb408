package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.Home;
import dev.tandem.knowledge.backup.Restore;
import dev.tandem.knowledge.ingest.Ingestor;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tandem restore}: a home as it was at the moment of a backup. */
@Command(
        name = "restore",
        header = "Put a backup into an empty home.",
        description =
                "Every byte is checked before anything is put in its place; whatever interrupts it, all of the backup"
                        + " is there or nothing. A home that holds anything is left alone. What was forgotten with tandem forget"
                        + " after the backup was made comes back with it: forget it again.",
        footer = {
            "  tandem restore ~/backups/tandem-20261125-184447.zip",
            "  tandem restore before-upgrade.zip --home ~/tandem-before",
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Runnable {

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "what tandem backup wrote")
    private Path file = Path.of("");

    @Mixin
    private Place place = new Place();

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Path home = place.home(session.environment());
        Instant at = Restore.into(Home.at(home), file);
        try (Wiring wiring = Wiring.of(home, session.environment());
                Ingestor ingestor = wiring.ingestor()) {
            ingestor.catchUp();
        }
        session.terminal()
                .out
                .println(session.terminal().good("restored ") + "  "
                        + Text.path(home.toAbsolutePath().normalize().toString()) + ", as it was at " + at);
    }
}
