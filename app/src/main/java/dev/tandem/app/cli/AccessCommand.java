package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Ingestor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tandem access}: who may read a document, shown or changed. */
@Command(
        name = "access",
        header = "Show or change who may read documents.",
        description = "Only its owner sees and changes who may read a document, and may always read it. A change holds"
                + " from the next question on. A collection can be local-only: nothing of it, and no question put to it,"
                + " is sent to another machine. Whoever has documents in it can say so; only they can take it back.",
        footer = {
            "  tandem access people/bands.md",
            "  tandem access people/bands.md --allow group:hr,user:ana",
            "  tandem access 5f0c2a91d3b4e677 --allow everyone",
            "  tandem access people/bands.md --owner-only",
            "  tandem access --collection people --local-only",
        },
        mixinStandardHelpOptions = true)
final class AccessCommand implements Runnable {

    private final Session session;

    @Parameters(arity = "0..*", paramLabel = "DOCUMENT", description = "ids or paths, as tandem documents lists them")
    private List<String> documents = List.of();

    @Option(
            names = "--allow",
            paramLabel = "GRANTEES",
            description = "everyone, group:NAME, user:NAME, separated by commas; replaces what was allowed before")
    private @Nullable AccessSet allow;

    @Option(names = "--owner-only", description = "nobody but you")
    private boolean ownerOnly;

    @Option(
            names = "--local-only",
            negatable = true,
            description = "nothing of the collection is sent to another machine; --no-local-only: no more so")
    private @Nullable Boolean localOnly;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    AccessCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (allow != null && ownerOnly) {
            throw new Failure(
                    Failure.Kind.INVALID, "--allow and --owner-only exclude each other.", "Give one of the two.");
        }
        if (localOnly == null && documents.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "No document was named.",
                    "Name one as tandem documents lists it; or make a collection local-only with --local-only.");
        }
        Principal asker = scope.asker();
        AccessSet wanted = ownerOnly ? AccessSet.ownerOnly(asker) : allow;
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            if (localOnly != null) {
                keep(wiring, asker, localOnly);
            }
            if (wanted == null) {
                documents.forEach(document -> show(known(wiring, asker, document)));
                return;
            }
            try (Ingestor ingestor = wiring.ingestor()) {
                for (String document : documents) {
                    String name = DocumentName.resolve(wiring, asker, collection.name, document);
                    show(ingestor.setAccess(asker, collection.name, name, wanted));
                }
            }
        }
    }

    private void keep(Wiring wiring, Principal asker, boolean local) {
        try (Ingestor ingestor = wiring.ingestor()) {
            ingestor.setLocalOnly(asker, collection.name, local);
        }
        session.terminal()
                .out
                .println(collection.name + "  "
                        + (local
                                ? "local-only: nothing of it is sent to another machine"
                                : "may be sent to the language model that is configured"));
    }

    private DocumentEntry known(Wiring wiring, Principal asker, String document) {
        String name = DocumentName.resolve(wiring, asker, collection.name, document);
        DocumentEntry entry = wiring.catalog(asker)
                .document(asker, collection.name, name)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "There is no document '" + Text.line(document, 120) + "' in the collection '" + collection.name
                                + "'.",
                        "See what is there with tandem documents."));
        if (entry.access() == null) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "Who may read '" + Text.line(document, 120) + "' is shown to its owner only.",
                    "Ask its owner.");
        }
        return entry;
    }

    private void show(DocumentEntry document) {
        Terminal terminal = session.terminal();
        String readers = document.access() == null ? "" : document.access().canonical();
        terminal.out.println(document.id() + "  " + Text.path(document.path()) + "  " + terminal.accent(readers));
    }
}
