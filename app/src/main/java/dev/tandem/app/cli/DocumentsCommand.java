package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.State;
import dev.tandem.domain.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem documents}: the documents that the asker may read, and the asker's own that failed. */
@Command(
        name = "documents",
        header = "List documents, and why some could not be read.",
        description = "Lists what the asker may read. Documents that are not ready, the reason why, and who may read a"
                + " document are shown to its owner only.",
        footer = {
            "  tandem documents",
            "  tandem documents --failed",
            "  tandem documents --collection handbook --json",
        },
        mixinStandardHelpOptions = true)
final class DocumentsCommand implements Runnable {

    private final Session session;

    @Option(names = "--failed", description = "only your own that could not be read, with the reason")
    private boolean failed;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(
            names = {"-c", "--collection"},
            paramLabel = "NAME",
            description = "only of this set of documents (default: of all)")
    private @Nullable String collection;

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    DocumentsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            List<DocumentEntry> documents = wiring.catalog(asker).documents(asker, collection).stream()
                    .filter(document -> !failed || document.state() == State.FAILED)
                    .toList();
            if (json) {
                documents.forEach(document -> terminal.out.println(Json.line(json(document))));
            } else if (documents.isEmpty()) {
                terminal.err.println(failed ? "None failed." : "No documents here that you may read.");
            } else {
                show(documents);
            }
        }
    }

    private void show(List<DocumentEntry> documents) {
        Terminal terminal = session.terminal();
        String heading = "";
        for (DocumentEntry document : documents) {
            if (!document.collection().equals(heading)) {
                heading = document.collection();
                terminal.out.println(terminal.bold(heading));
            }
            String state = document.state() == State.READY
                    ? ""
                    : "  " + document.state().word();
            int room = terminal.width - document.id().length() - 4 - state.length();
            terminal.out.println("  " + terminal.dim(document.id()) + "  " + titled(document, room)
                    + (state.isEmpty() ? "" : terminal.bad(state)));
            if (document.reason() != null) {
                Text.wrap(document.reason(), terminal.width - 20)
                        .forEach(line -> terminal.out.println(" ".repeat(20) + line));
            }
        }
    }

    /** Path first, as that is what other commands take; the title beside it where there is room. */
    private static String titled(DocumentEntry document, int room) {
        String path = Text.tail(Text.path(document.path()), room);
        String title = Text.line(document.title(), Integer.MAX_VALUE);
        int left = room - path.length() - 3;
        return left < 12 || title.equals(path) ? path : path + " · " + Text.line(title, left);
    }

    private static ObjectNode json(DocumentEntry document) {
        ObjectNode json = Json.object();
        json.put("id", document.id());
        json.put("collection", document.collection());
        json.put("path", document.path());
        json.put("title", document.title());
        json.put("version", document.version());
        json.put("source", document.source());
        json.put("state", document.state().word());
        json.put("reason", document.reason());
        json.put(
                "modified",
                document.modified() == null ? null : document.modified().toString());
        ObjectNode metadata = json.putObject("metadata");
        document.metadata().forEach(metadata::put);
        if (document.access() != null) {
            json.put("access", document.access().canonical());
        }
        return json;
    }
}
