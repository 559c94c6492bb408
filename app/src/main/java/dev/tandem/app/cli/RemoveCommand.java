package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Ingestor;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tandem remove}: documents that are found no more. */
@Command(
        name = "remove",
        header = "Remove documents; they are gone from the next question.",
        description = "Only its owner can remove a document. The file it came from is left alone, and comes back with"
                + " the next ingest of it.",
        footer = {"  tandem remove handbook/old-policy.md", "  tandem remove 5f0c2a91d3b4e677 --collection people"},
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Runnable {

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "DOCUMENT", description = "ids or paths, as tandem documents lists them")
    private List<String> documents = List.of();

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    RemoveCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                Ingestor ingestor = wiring.ingestor()) {
            for (String document : documents) {
                for (String name : DocumentName.all(wiring, asker, collection.name, document)) {
                    DocumentEntry removed = ingestor.remove(asker, collection.name, name);
                    terminal.out.println(
                            terminal.bad("removed ") + "  " + removed.id() + "  " + Text.path(removed.path()));
                }
            }
        }
    }
}
