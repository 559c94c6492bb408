package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.extract.Mapping;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import dev.tandem.knowledge.ingest.Watch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tandem ingest}: takes documents in, and follows what became of those that were taken in before. */
@Command(
        name = "ingest",
        header = "Take documents in: text, web pages, PDF, office files, mail, archives.",
        description =
                "Run it again at any time: what is new, changed, renamed or deleted under the same paths is found,"
                        + " and the rest is left alone. What was acknowledged survives whatever stops the program; the next run"
                        + " goes on there. Without --allow, only you can read what you ingest.",
        footer = {
            "  tandem ingest ~/handbook",
            "  tandem ingest people/*.md --collection people --allow group:hr,user:ana",
            "  tandem ingest --watch ~/handbook",
            "  tandem ingest faq.jsonl --map title=question,text=answer --meta product=x200",
            "  pandoc notes.docx -t plain | tandem ingest -",
        },
        mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "files, folders, globs; - for standard input")
    private List<String> paths = List.of();

    @Option(
            names = "--allow",
            paramLabel = "GRANTEES",
            description = "who may read it besides you: everyone, group:NAME, user:NAME, separated by commas")
    private @Nullable AccessSet allow;

    @Option(names = "--meta", paramLabel = "KEY=VALUE", description = "metadata for each document, to filter by")
    private Map<String, String> meta = new LinkedHashMap<>();

    @Option(
            names = "--map",
            paramLabel = "MEANING=FIELD",
            description = "which fields of JSON Lines records are the id, title, text, metadata, access, modified")
    private @Nullable Mapping mapping;

    @Option(
            names = "--local-only",
            description = "nothing of the collection, and no question put to it, is ever sent to another machine")
    private boolean localOnly;

    @Option(
            names = {"-w", "--watch"},
            description = "stay, and take in every change within seconds, until Ctrl-C")
    private boolean watch;

    @Option(
            names = {"-q", "--quiet"},
            description = "say only how many were added, changed and so on, and what failed")
    private boolean quiet;

    @Option(names = "--json", description = "one JSON object a line for each event")
    private boolean json;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    IngestCommand(Session session) {
        this.session = session;
    }

    /** 1 where some of it could not be read. */
    @Override
    public Integer call() {
        Terminal terminal = session.terminal();
        Principal owner = scope.asker();
        var request = new Request(
                owner,
                collection.name,
                paths,
                allow,
                new TreeMap<>(meta),
                mapping == null ? Mapping.standard() : mapping,
                terminal.in,
                localOnly);
        if (watch) {
            return watch(request);
        }
        var view = new IngestView(terminal, quiet);
        Consumer<Event> events = json ? event -> terminal.out.println(Json.line(EventJson.of(event))) : view::show;
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                Ingestor ingestor = wiring.ingestor();
                var _ = Interrupted.saying(
                        terminal, "Stopped. What was acknowledged is kept; the same command goes on.")) {
            Summary sum = ingestor.ingest(request, events);
            return sum.failed() > 0 ? 1 : 0;
        } finally {
            view.clear();
        }
    }

    private int watch(Request request) {
        Terminal terminal = session.terminal();
        var view = new WatchView(terminal, quiet);
        Consumer<Event> events = json ? event -> terminal.out.println(Json.line(EventJson.of(event))) : view::show;
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                Watch following = Watch.of(wiring.home(), request, wiring::ingestor, Watch.Rhythm.standard());
                var _ = Interrupted.saying(
                        terminal,
                        "Watching ended. What was acknowledged is kept; the same command finds what changed since.")) {
            following.run(events);
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            view.clear();
        }
    }
}
