package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.sources.WebSource;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem sources}: web sites and databases that documents come from. */
@Command(
        name = "sources",
        header = "List web sites and databases that documents come from, or let go of one.",
        description = "Shows your own only. Removing one removes the documents that came from it and from no other.",
        footer = {
            "  tandem sources",
            "  tandem sources --remove https://example.org/sitemap.xml",
            "  tandem ingest --due --watch         stay, and visit each whenever it is due",
            "  tandem ingest --due                 visit what is due and end, as from a crontab:",
            "                                      0 * * * * tandem ingest --due",
        },
        mixinStandardHelpOptions = true)
final class SourcesCommand implements Runnable {

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private final Session session;

    @Option(names = "--remove", paramLabel = "NAME", description = "visit it no more, and remove what came from it")
    private @Nullable String removed;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    SourcesCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            String name = removed;
            if (name != null) {
                remove(wiring, asker, WebSource.handles(name) ? WebSource.name(name) : name);
                return;
            }
            List<SourceEntry> sources = wiring.catalog(asker).sources(asker);
            if (json) {
                sources.forEach(each -> session.terminal().out.println(Json.line(json(each))));
            } else {
                show(sources);
            }
        }
    }

    private void remove(Wiring wiring, Principal asker, String name) {
        var deleted = new ArrayList<Event.Deleted>();
        List<String> where = wiring.catalog(asker).sources(asker).stream()
                .filter(each -> each.name().equals(name))
                .map(SourceEntry::collection)
                .toList();
        // Where there is one of that name, there is no need to say in which collection.
        String in = where.size() == 1 ? where.getFirst() : collection.name;
        try (Ingestor ingestor = wiring.ingestor()) {
            ingestor.removeSource(asker, in, name, event -> {
                if (event instanceof Event.Deleted it) {
                    deleted.add(it);
                }
            });
        }
        Terminal terminal = session.terminal();
        terminal.out.println(terminal.bad("removed ") + "  " + Text.line(name, terminal.width - 10));
        terminal.out.println(" ".repeat(10) + "and " + Text.count(deleted.size(), "document") + " that came from it");
    }

    private void show(List<SourceEntry> sources) {
        Terminal terminal = session.terminal();
        if (sources.isEmpty()) {
            terminal.out.println(
                    "No web sites or databases yet. Begin with tandem ingest https://…, or tandem ingest --jdbc.");
        }
        for (SourceEntry each : sources) {
            terminal.out.println(terminal.bold(Text.tail(each.name(), terminal.width))
                    + (each.collection().equals("default") ? "" : terminal.dim("  in " + each.collection())));
            terminal.out.println("    " + visits(each));
            String failure = each.failure();
            if (failure != null) {
                terminal.out.println("    " + terminal.bad("the last visit failed"));
                Text.wrap(failure, terminal.width - 4).forEach(line -> terminal.out.println("    " + line));
            }
        }
    }

    private static String visits(SourceEntry source) {
        Instant visited = source.visited();
        String last = visited == null ? "never read to its end" : "read " + minute(visited);
        return last
                + (source.every().isZero()
                        ? ", visited when asked"
                        : ", every " + Durations.words(source.every()) + ", due " + minute(source.due()));
    }

    private static String minute(Instant at) {
        return at.isBefore(Instant.EPOCH.plusSeconds(86_400))
                ? "now"
                : MINUTE.format(at.atZone(ZoneId.systemDefault()));
    }

    private static ObjectNode json(SourceEntry source) {
        ObjectNode json = Json.object();
        json.put("name", source.name());
        json.put("kind", source.kind());
        json.put("collection", source.collection());
        json.put("every_seconds", source.every().toSeconds());
        json.put("due", source.every().isZero() ? null : source.due().toString());
        Instant visited = source.visited();
        json.put("visited", visited == null ? null : visited.toString());
        json.put("failure", source.failure());
        return json;
    }
}
