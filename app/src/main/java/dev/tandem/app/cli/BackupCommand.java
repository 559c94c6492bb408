package dev.tandem.app.cli;

import dev.tandem.catalog.Home;
import dev.tandem.knowledge.backup.Backup;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tandem backup}: a home in one file. */
@Command(
        name = "backup",
        header = "Write the whole home into one file, while it is in use.",
        description =
                "Documents, indexes, datasets, adapters, comparisons and settings of every tenant, as they are at one"
                        + " moment; nobody has to stop for it. The file can be read by you alone: it holds what every owner"
                        + " wrote, and who may read it. tandem restore puts it back.",
        footer = {"  tandem backup ~/backups", "  tandem backup /mnt/disk/before-upgrade.zip"},
        mixinStandardHelpOptions = true)
final class BackupCommand implements Runnable {

    private final Session session;

    @Parameters(paramLabel = "FILE|DIR", description = "a new file, or a folder, which gets one named by the time")
    private Path target = Path.of(".");

    @Mixin
    private Place place = new Place();

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Backup.Written written = Backup.write(Home.at(place.home(session.environment())), target, Clock.systemUTC());
        session.terminal()
                .out
                .println(session.terminal().good("backed up") + "  "
                        + Text.path(written.file().toString()) + ", "
                        + Text.count(Math.max(1, written.bytes() / 1_000), "kilobyte"));
    }
}
