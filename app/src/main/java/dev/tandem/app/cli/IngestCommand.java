package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.extract.ExportMapping;
import dev.tandem.knowledge.extract.Mapping;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Visits;
import dev.tandem.knowledge.ingest.Watch;
import dev.tandem.sources.WebSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        header = "Take documents in: files, web sites, databases, ticket exports.",
        description =
                "Run it again at any time: what is new, changed, renamed or deleted under the same paths is found,"
                        + " and the rest is left alone. What was acknowledged survives whatever stops the program; the next run"
                        + " goes on there. Without --allow, only you can read what you ingest.",
        footer = {
            "  tandem ingest ~/handbook",
            "  tandem ingest people/*.md --collection people --allow group:hr,user:ana",
            "  tandem ingest --watch ~/handbook",
            "  tandem ingest faq.jsonl --map title=question,text=answer --meta product=x200",
            "  tandem ingest tickets.csv --mapping jira.map",
            "  tandem ingest handbuch/ --collection german --encoder ~/models/e5-small",
            "  tandem ingest glossar/ --language de",
            "  tandem ingest https://example.org/sitemap.xml --every 6h",
            "  tandem ingest --jdbc jdbc:sqlite:shop.db --name orders --query \"SELECT * FROM orders\" --key id",
            "  tandem ingest --due --watch",
            "  pandoc notes.docx -t plain | tandem ingest -",
        },
        mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH|URL",
            description = "files, folders, globs; - for standard input; http and https URLs of pages, sitemaps, feeds")
    private List<String> paths = List.of();

    @Option(
            names = "--allow",
            paramLabel = "GRANTEES",
            description = "who may read it besides you: everyone, group:NAME, user:NAME, separated by commas")
    private @Nullable AccessSet allow;

    @Option(names = "--meta", paramLabel = "KEY=VALUE", description = "metadata for each document, to filter by")
    private Map<String, String> meta = new LinkedHashMap<>();

    @Option(
            names = "--language",
            paramLabel = "CODE",
            description = "what it is written in: de, fr, ja …, instead of what its words show")
    private @Nullable String language;

    @Option(
            names = "--map",
            paramLabel = "MEANING=FIELD",
            description = "which fields of JSON Lines records are the id, title, text, metadata, access, modified")
    private @Nullable Mapping mapping;

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description = "how the records of a CSV, JSON or JSON Lines export become documents")
    private @Nullable Path exportMapping;

    @Mixin
    private Database database = new Database();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "visit the URLs or the database again when so long has passed, with --due: 30m, 6h, 2d")
    private String every = "";

    @Option(names = "--due", description = "visit what is due of the sources that were given --every")
    private boolean due;

    @Option(
            names = "--local-only",
            description = "nothing of the collection, and no question put to it, is ever sent to another machine")
    private boolean localOnly;

    @Option(
            names = {"-w", "--watch"},
            description = "stay, and take in every change within seconds, until Ctrl-C; with --due, visit what is due"
                    + " whenever it is")
    private boolean watch;

    @Option(
            names = {"-q", "--quiet"},
            description = "say only how many were added, changed and so on, and what failed")
    private boolean quiet;

    @Mixin
    private OwnEncoder encoder = new OwnEncoder();

    @Option(names = "--yes", description = "do not ask before many texts go to a served encoder, which may cost money")
    private boolean yes;

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
        requireSomething();
        if (language != null) {
            meta.put("language", Language.named(language).code());
        }
        List<String> urls = paths.stream().filter(WebSource::handles).toList();
        List<String> files =
                paths.stream().filter(path -> !WebSource.handles(path)).toList();
        List<SourceEntry> entries = entries(owner, urls);
        if (watch) {
            if (!urls.isEmpty() || !database.url.isEmpty() || (due && !files.isEmpty())) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "--watch is for files and folders, or alone with --due for what has a schedule.",
                        "Give URLs and databases --every TIME, then run tandem ingest --watch --due.");
            }
            if (due) {
                return watchSources(owner);
            }
            return watch(request(owner, files, terminal));
        }
        var view = new IngestView(terminal, quiet);
        Consumer<Event> events = json ? event -> terminal.out.println(Json.line(EventJson.of(event))) : view::show;
        try (Wiring wiring = encoder.wiring(place.home(session.environment()), session.environment(), scope.asker());
                Ingestor ingestor = wiring.ingestor(new SpendingConsent(terminal, yes));
                var _ = Interrupted.saying(
                        terminal, "Stopped. What was acknowledged is kept; the same command goes on.")) {
            encoder.requireNewOrSame(wiring, owner, collection.name);
            long failed = 0;
            if (!files.isEmpty()) {
                failed +=
                        ingestor.ingest(request(owner, files, terminal), events).failed();
            }
            if (localOnly && !entries.isEmpty()) {
                ingestor.setLocalOnly(owner, collection.name, true);
            }
            for (SourceEntry entry : entries) {
                failed += ingestor.visit(owner, entry, wiring.source(entry), events)
                        .failed();
            }
            if (due) {
                failed += ingestor.visitDue(owner, wiring::source, events).failed();
            }
            return failed > 0 ? 1 : 0;
        } finally {
            view.clear();
        }
    }

    private void requireSomething() {
        if (paths.isEmpty() && database.url.isEmpty() && !due) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Nothing to ingest was named: no PATH, no URL, no database.",
                    "Name a folder, as in tandem ingest docs/; tandem ingest --help shows the rest.");
        }
    }

    private List<SourceEntry> entries(Principal owner, List<String> urls) {
        Duration between = every.isEmpty() ? Duration.ZERO : Durations.parse(every);
        var entries = new ArrayList<SourceEntry>();
        for (String url : urls) {
            entries.add(SourceEntry.of(
                    collection.name,
                    owner.user(),
                    WebSource.name(url),
                    SourceEntry.WEB,
                    new TreeMap<>(),
                    allow,
                    new TreeMap<>(meta),
                    between));
        }
        if (!database.url.isEmpty()) {
            entries.add(database.entry(collection.name, owner.user(), allow, new TreeMap<>(meta), between));
        }
        if (entries.isEmpty() && !every.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "--every is for URLs and databases; files are read when they are named.",
                    "Name a URL, or use --jdbc.");
        }
        return entries;
    }

    private Request request(Principal owner, List<String> files, Terminal terminal) {
        var request = new Request(
                owner,
                collection.name,
                files,
                allow,
                new TreeMap<>(meta),
                mapping == null ? Mapping.standard() : mapping,
                null,
                terminal.in,
                localOnly);
        return exportMapping == null ? request : request.exported(ExportMapping.read(exportMapping));
    }

    private int watchSources(Principal owner) {
        Terminal terminal = session.terminal();
        var view = new WatchView(terminal, quiet);
        Consumer<Event> events = json ? event -> terminal.out.println(Json.line(EventJson.of(event))) : view::show;
        try (Wiring wiring = encoder.wiring(place.home(session.environment()), session.environment(), scope.asker());
                Visits visits = new Visits(
                        owner,
                        () -> wiring.catalog(owner).sources(owner),
                        () -> wiring.ingestor(new SpendingConsent(terminal, yes)),
                        wiring::source);
                var _ = Interrupted.saying(
                        terminal, "Visiting ended. What was acknowledged is kept; the same command goes on.")) {
            long scheduled = wiring.catalog(owner).sources(owner).stream()
                    .filter(each -> each.every().isPositive())
                    .count();
            if (scheduled == 0) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "None of your sources has a time after which it is visited again.",
                        "Set one up: tandem ingest https://example.org/sitemap.xml --every 6h");
            }
            if (!quiet) {
                terminal.err.println(
                        "Visiting " + Text.count(scheduled, "source") + " when they are due; Ctrl-C ends.");
            }
            visits.run(events);
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            view.clear();
        }
    }

    private int watch(Request request) {
        Terminal terminal = session.terminal();
        var view = new WatchView(terminal, quiet);
        Consumer<Event> events = json ? event -> terminal.out.println(Json.line(EventJson.of(event))) : view::show;
        try (Wiring wiring = encoder.wiring(place.home(session.environment()), session.environment(), scope.asker());
                Watch following = Watch.of(
                        wiring.home(),
                        request,
                        () -> wiring.ingestor(new SpendingConsent(terminal, yes)),
                        Watch.Rhythm.standard());
                var _ = Interrupted.saying(
                        terminal,
                        "Watching ended. What was acknowledged is kept; the same command finds what changed since.")) {
            encoder.requireNewOrSame(wiring, request.owner(), request.collection());
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
