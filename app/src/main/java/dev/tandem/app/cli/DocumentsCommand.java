package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.State;
import dev.tandem.domain.Failure;
import dev.tandem.domain.HiddenText;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.OtherFormats;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tandem documents}: the documents that the asker may read, and the asker's own that failed. */
@Command(
        name = "documents",
        header = "List documents, and why some could not be read.",
        description = "Lists what the asker may read. Documents that are not ready, the reason why, and who may read a"
                + " document are shown to its owner only.",
        footer = {
            "  tandem documents",
            "  tandem documents --failed",
            "  tandem documents --hidden",
            "  tandem documents handbook/leave.html --json",
            "  tandem documents --collection handbook --json",
        },
        mixinStandardHelpOptions = true)
final class DocumentsCommand implements Runnable {

    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "DOCUMENT", description = "only this one: its path or id")
    private @Nullable String document;

    @Option(names = "--failed", description = "only your own that could not be read, with the reason")
    private boolean failed;

    @Option(
            names = "--hidden",
            description = "only those that held text which no reader sees, and how much was removed")
    private boolean hidden;

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
            List<DocumentEntry> named = wiring.catalog(asker).documents(asker, collection).stream()
                    .filter(document == null ? _ -> true : DocumentName.matching(document))
                    .toList();
            if (document != null && named.isEmpty()) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "There is no document '" + Printable.of(document) + "' here that you may read.",
                        "See which there are with tandem documents.");
            }
            List<DocumentEntry> documents = named.stream()
                    .filter(each -> !failed || each.state() == State.FAILED || unread(each) > 0)
                    .filter(each -> !hidden || each.hidden().total() > 0)
                    .toList();
            if (json) {
                documents.forEach(each -> terminal.out.println(Json.line(json(each))));
            } else if (documents.isEmpty()) {
                terminal.err.println(
                        failed
                                ? "None failed."
                                : hidden ? "None held hidden text." : "No documents here that you may read.");
            } else {
                show(documents);
                if (failed) {
                    terminal.err.println("Mend them, then run tandem ingest again; what was read before stays.");
                }
            }
        }
    }

    private void show(List<DocumentEntry> documents) {
        Terminal terminal = session.terminal();
        String heading = "";
        for (DocumentEntry entry : documents) {
            if (!entry.collection().equals(heading)) {
                heading = entry.collection();
                terminal.out.println(terminal.bold(heading));
            }
            String state =
                    entry.state() == State.READY ? "" : "  " + entry.state().word();
            String language = entry.language() == null || entry.language() == Language.ENGLISH
                    ? ""
                    : "  " + entry.language().code();
            int room = terminal.width - entry.id().length() - 4 - state.length() - language.length();
            terminal.out.println("  " + terminal.dim(entry.id()) + "  " + titled(entry, room) + terminal.dim(language)
                    + (state.isEmpty() ? "" : terminal.bad(state)));
            if (entry.reason() != null) {
                Text.wrap(entry.reason(), terminal.width - 20)
                        .forEach(line -> terminal.out.println(" ".repeat(20) + line));
            }
            if (unread(entry) > 0) {
                terminal.out.println(" ".repeat(20)
                        + terminal.bad(Text.count(unread(entry), "file") + " inside of it could not be read"));
            }
            if (entry.hidden().total() > 0 && (hidden || document != null)) {
                terminal.out.println(" ".repeat(20) + terminal.bad(removed(entry.hidden())));
            }
            String recognisedBy = entry.metadata().get("recognised by");
            if (recognisedBy != null) {
                terminal.out.println(" ".repeat(20) + "its text was recognised by " + recognisedBy);
            }
        }
    }

    /** Attachments and the like that are encrypted, broken or of a format that is not read there. */
    private static int unread(DocumentEntry entry) {
        return Integer.parseInt(entry.metadata().getOrDefault(OtherFormats.UNREADABLE_PARTS, "0"));
    }

    /** {@code removed 352 hidden characters: 340 html, 12 zero-width}. */
    private static String removed(HiddenText hidden) {
        return "removed " + Text.count(hidden.total(), "hidden character") + ": "
                + hidden.characters().entrySet().stream()
                        .map(each -> Text.number(each.getValue()) + " "
                                + each.getKey().word())
                        .collect(Collectors.joining(", "));
    }

    /** Path first, as that is what other commands take; the title beside it where there is room. */
    private static String titled(DocumentEntry entry, int room) {
        String path = Text.tail(Text.path(entry.path()), room);
        String title = Text.line(entry.title(), Integer.MAX_VALUE);
        int left = room - path.length() - 3;
        return left < 12 || title.equals(path) ? path : path + " · " + Text.line(title, left);
    }

    private static ObjectNode json(DocumentEntry entry) {
        ObjectNode json = Json.object();
        json.put("id", entry.id());
        json.put("collection", entry.collection());
        json.put("path", entry.path());
        json.put("title", entry.title());
        json.put("version", entry.version());
        json.put("source", entry.source());
        json.put("state", entry.state().word());
        json.put("reason", entry.reason());
        json.put("modified", entry.modified() == null ? null : entry.modified().toString());
        json.put("language", entry.language() == null ? null : entry.language().code());
        json.set("hidden", EventJson.characters(entry.hidden()));
        ObjectNode metadata = json.putObject("metadata");
        entry.metadata().forEach(metadata::put);
        if (entry.access() != null) {
            json.put("access", entry.access().canonical());
        }
        return json;
    }
}
