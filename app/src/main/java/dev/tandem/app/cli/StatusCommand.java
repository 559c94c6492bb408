package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.behavior.worth.Due;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.catalog.CollectionStatus;
import dev.tandem.domain.Principal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem status}: what is there, counted over what the asker may read. */
@Command(
        name = "status",
        header = "Show what is there and how far it is searchable.",
        description = "Counts only what the asker may read.",
        footer = {"  tandem status", "  tandem status --json --as user:ana,group:hr"},
        mixinStandardHelpOptions = true)
final class StatusCommand implements Runnable {

    private final Session session;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            List<CollectionStatus> collections = wiring.catalog(asker).status(asker);
            if (json) {
                session.terminal().out.println(Json.line(json(wiring, asker, collections)));
            } else {
                show(wiring, asker, collections);
            }
        }
    }

    private void show(Wiring wiring, Principal asker, List<CollectionStatus> collections) {
        Terminal terminal = session.terminal();
        terminal.out.println(terminal.dim(Text.line(wiring.home() + ", as " + asker.fingerprint(), terminal.width)));
        terminal.out.println();
        if (collections.isEmpty()) {
            terminal.out.println("Nothing here yet that you may read. Begin with tandem ingest PATH, or tandem demo.");
        }
        for (CollectionStatus status : collections) {
            String changed = status.lastModified() == null
                    ? ""
                    : ", the newest of "
                            + status.lastModified()
                                    .atZone(ZoneId.systemDefault())
                                    .toLocalDate();
            terminal.out.println(terminal.bold(status.collection()) + "  "
                    + Text.count(status.documents(), "document") + ", " + Text.count(status.chunks(), "chunk")
                    + changed);
            if (wiring.catalog(asker).isLocalOnly(status.collection())) {
                terminal.out.println("    local-only: nothing of it is sent to another machine");
            }
            for (String line : notes(status)) {
                terminal.out.println("    " + line);
            }
            wiring.catalog(asker)
                    .retrieval(status.collection())
                    .ifPresent(tuned -> terminal.out.println("    "
                            + terminal.dim("tuned: " + TuningView.words(tuned) + ", tandem tune-retrieval --reset")));
            for (CollectionEncoder each : wiring.catalog(asker).encoders(asker, status.collection())) {
                terminal.out.println("    " + terminal.dim(use(each)));
            }
        }
        terminal.out.println();
        terminal.out.println("answers by  "
                + (wiring.settings().model().isEmpty()
                        ? "the built-in reader"
                        : Text.line(wiring.settings().model(), terminal.width - 12)));
        terminal.out.println("vectors by  " + Text.line(wiring.encoderName(), terminal.width - 12));
        for (AdapterEntry each : overdue(wiring, asker)) {
            terminal.out.println(terminal.bad("overdue     " + each.reference() + ", since " + Due.of(each))
                    + ": tandem adapters revalidate " + each.reference());
        }
    }

    /** Adapters in use, for an alias points at them, that should have been measured again by now. */
    private static List<AdapterEntry> overdue(Wiring wiring, Principal asker) {
        return wiring.registry(asker).list(asker).stream()
                .filter(each -> !each.aliases().isEmpty() && Due.isOver(each, Due.today()))
                .toList();
    }

    private static String use(CollectionEncoder each) {
        String name = Text.line(each.encoder().name(), 50);
        return switch (each.use()) {
            case LIVE -> "vectors by " + name;
            case FORMER -> "also kept: " + name + ", tandem reembed --rollback";
            case FILLING -> "on the way: " + name + ", tandem reembed goes on";
        };
    }

    private List<String> notes(CollectionStatus status) {
        Terminal terminal = session.terminal();
        var notes = new ArrayList<String>();
        if (status.chunks() > 0) {
            long due = status.chunks() - status.wordsOnly();
            long missing = due - status.embedded();
            notes.add(
                    missing == 0
                            ? terminal.good(due == 0 ? "searchable by words" : "searchable by words and by meaning")
                            : "searchable by words; by meaning " + Text.number(status.embedded()) + " of "
                                    + Text.count(due, "chunk") + ": run tandem ingest again to go on");
            if (status.wordsOnly() > 0) {
                notes.add(Text.count(status.wordsOnly(), "chunk")
                        + " in languages that the encoder does not know: by words alone");
            }
        }
        if (status.acknowledged() > 0) {
            notes.add(Text.count(status.acknowledged(), "document")
                    + " kept and not yet read: run tandem ingest again to go on");
        }
        if (status.failed() > 0) {
            notes.add(terminal.bad(Text.count(status.failed(), "document") + " could not be read")
                    + ": tandem documents --failed");
        }
        return notes;
    }

    private static ObjectNode json(Wiring wiring, Principal asker, List<CollectionStatus> collections) {
        ObjectNode json = Json.object();
        json.put("home", wiring.home().toString());
        json.put("as", asker.fingerprint());
        json.put(
                "model",
                wiring.settings().model().isEmpty()
                        ? "reader"
                        : wiring.settings().model());
        json.put("encoder", wiring.encoderName());
        var overdue = json.putArray("overdue");
        overdue(wiring, asker).forEach(each -> overdue.add(each.reference()));
        var all = json.putArray("collections");
        for (CollectionStatus status : collections) {
            ObjectNode each = all.addObject();
            each.put("collection", status.collection());
            each.put("local_only", wiring.catalog(asker).isLocalOnly(status.collection()));
            each.put("documents", status.documents());
            each.put("chunks", status.chunks());
            each.put("embedded", status.embedded());
            each.put("words_only", status.wordsOnly());
            each.put("acknowledged", status.acknowledged());
            each.put("failed", status.failed());
            wiring.catalog(asker)
                    .retrieval(status.collection())
                    .ifPresent(tuned -> each.putObject("tuned")
                            .put("chunks", tuned.chunks())
                            .put("lexical_weight", tuned.lexicalWeight())
                            .put("passages", tuned.passages())
                            .put("reranker", tuned.reranker()));
            var encoders = each.putArray("encoders");
            for (CollectionEncoder of : wiring.catalog(asker).encoders(asker, status.collection())) {
                encoders.addObject()
                        .put("name", of.encoder().name())
                        .put("use", of.use().name().toLowerCase(Locale.ROOT));
            }
            each.put(
                    "last_modified",
                    status.lastModified() == null ? null : status.lastModified().toString());
        }
        return json;
    }
}
