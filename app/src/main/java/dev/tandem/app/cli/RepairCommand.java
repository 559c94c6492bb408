package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Repaired;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tandem repair}: what is damaged on disk, named and built anew. */
@Command(
        name = "repair",
        header = "Check catalogs, indexes and what stands beside them, and build anew what can be.",
        description =
                "Indexes are built from the catalog; no text is embedded twice. Damage of the catalog itself is named,"
                        + " with what to do: its own indexes are built anew where its tables are whole, and otherwise a backup"
                        + " is needed. Whoever keeps the home runs this: it names files of every tenant, never what is in"
                        + " them.",
        footer = {"  tandem repair", "  tandem repair --home /srv/tandem"},
        mixinStandardHelpOptions = true)
final class RepairCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private Place place = new Place();

    RepairCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Terminal terminal = session.terminal();
        Path home = place.home(session.environment());
        if (!Files.exists(home)) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no home " + home + ", so there is nothing to repair.",
                    "Name the one that is meant with --home or TANDEM_HOME; a backup is put back with tandem restore"
                            + " FILE.");
        }
        try (Wiring wiring = Wiring.of(home, session.environment());
                Ingestor ingestor = wiring.ingestor()) {
            Repaired repaired = ingestor.repair();
            repaired.mended().forEach(each -> say(terminal, terminal.good("mended "), each));
            repaired.left().forEach(each -> say(terminal, terminal.bad("damaged"), each));
            if (repaired.mended().isEmpty() && repaired.left().isEmpty()) {
                terminal.out.println("Everything is whole.");
            } else if (repaired.embedded() > 0) {
                terminal.out.println(Text.count(repaired.embedded(), "text") + " had never been embedded before.");
            }
            return repaired.left().isEmpty() ? 0 : 1;
        }
    }

    private static void say(Terminal terminal, String mark, String what) {
        String indent = " ".repeat(9);
        var lines = Text.wrap(what, terminal.width - indent.length());
        for (int i = 0; i < lines.size(); i++) {
            terminal.out.println((i == 0 ? mark + "  " : indent) + lines.get(i));
        }
    }
}
