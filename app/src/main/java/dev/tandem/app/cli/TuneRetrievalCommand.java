package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.behavior.passages.RerankerTraining;
import dev.tandem.catalog.Catalog;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.evidence.tuning.Corpus;
import dev.tandem.evidence.tuning.RetrievalTuning;
import dev.tandem.evidence.tuning.TuningCases;
import dev.tandem.evidence.tuning.TuningReport;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ChunkStrategy;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.retrieve.Fusion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem tune-retrieval}: the way of cutting and searching that answers a collection's own questions best. */
@Command(
        name = "tune-retrieval",
        header = "Find how a collection is best cut and searched, by its own questions.",
        description = {
            "FILE holds a question a line, with the words that answer it or the document that does:",
            "  {\"query\": \"How long is leave?\", \"quote\": \"28 days of paid leave\"}",
            "  {\"query\": \"Who signs contracts?\", \"document\": \"contracts/rules.md\"}",
            "Half of the questions choose among ways to cut, weights and numbers of passages; the other half measures what"
                    + " was chosen against what is in use. It is taken over only where it is better there and not by chance. Which half a question is in follows from its id alone.",
        },
        footer = {
            "  tandem tune-retrieval --queries questions.jsonl",
            "  tandem tune-retrieval --queries questions.jsonl --collection handbook --dry-run --json | tail -n 1",
            "  tandem tune-retrieval --queries questions.jsonl --ways structure:110,sentence:110",
            "  tandem tune-retrieval --queries questions.jsonl --reranker ~/models/ms-marco-MiniLM-L6",
            "  tandem tune-retrieval --reset --collection handbook",
        },
        mixinStandardHelpOptions = true)
final class TuneRetrievalCommand implements Callable<Integer> {

    private static final List<Integer> SIZES = List.of(110, 220, 330);

    private final Session session;

    @Option(names = "--queries", paramLabel = "FILE", description = "questions with what answers them, JSON lines")
    private @Nullable Path queries;

    @Option(
            names = "--ways",
            paramLabel = "WAY",
            split = ",",
            description = "ways to cut: structure, sentence, paragraph, fixed or semantic, with a size in tokens:"
                    + " fixed:220 (default: each with 110, 220 and 330)")
    private List<String> ways = new ArrayList<>();

    @Option(
            names = "--reranker",
            paramLabel = "FOLDER",
            description =
                    "a cross-encoder as ONNX to try: model.onnx and tokenizer.json, or adapter:NAME for one that you"
                            + " trained; it is used only where it pays")
    private @Nullable String reranker;

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "1000",
            description = "search at most so many: those that answer, and others drawn by chance (default:"
                    + " ${DEFAULT-VALUE})")
    private int documents;

    @Option(names = "--dry-run", description = "measure, and leave the collection as it is")
    private boolean dryRun;

    @Option(names = "--reset", description = "search the collection as usual again; nothing is measured")
    private boolean reset;

    @Option(names = "--yes", description = "do not ask before many texts go to a served encoder, which may cost money")
    private boolean yes;

    @Option(names = "--json", description = "the figures as one JSON object, last line of the output")
    private boolean json;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    TuneRetrievalCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Principal asker = scope.asker();
        Terminal terminal = session.terminal();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            if (reset) {
                apply(wiring, asker, null);
                terminal.out.println("The collection " + Text.line(collection.name, 60) + " is searched as usual.");
                return 0;
            }
            TuningReport report = measured(wiring, asker);
            boolean taken = report.isBetter() && !dryRun;
            if (!json) {
                TuningView.show(terminal, report, taken);
            }
            if (taken) {
                apply(wiring, asker, report.best().settings());
            }
            if (json) {
                terminal.out.println(report.toJson());
            }
            return 0;
        }
    }

    private TuningReport measured(Wiring wiring, Principal asker) {
        Path file = queries;
        if (file == null || !Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    file == null
                            ? "No questions were named."
                            : "There is no file " + Printable.of(file.toString()) + ".",
                    "Name one: tandem tune-retrieval --queries questions.jsonl; tandem tune-retrieval --help shows what is"
                            + " in it.");
        }
        if (documents < 1) {
            throw new Failure(Failure.Kind.INVALID, "--documents is " + documents + ".", "Give 1 or more.");
        }
        Catalog catalog = wiring.catalog(asker);
        var corpus = new Corpus(catalog, asker, collection.name);
        if (corpus.size() == 0) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no collection '" + Printable.of(collection.name) + "' that you may read anything of.",
                    "See what you may read with tandem status.");
        }
        Embedder embedder = embedder(wiring, asker);
        TuningCases cases = TuningCases.read(file, corpus);
        RetrievalSettings current = catalog.retrieval(collection.name)
                .orElseGet(() -> new RetrievalSettings(
                        ChunkSettings.standard().text(),
                        Fusion.standard().lexicalWeight(),
                        AssistantSettings.DEFAULT.passages()));
        List<ChunkSettings> tried = ways.isEmpty()
                ? Arrays.stream(ChunkStrategy.values())
                        .flatMap(each -> SIZES.stream()
                                .map(size -> ChunkSettings.ofTarget(size).by(each)))
                        .toList()
                : ways.stream().map(ChunkSettings::of).toList();
        String candidate =
                reranker == null ? "" : folder(wiring, asker, reranker).toString();
        if (!candidate.isEmpty()) {
            wiring.reranker(Path.of(candidate)); // what is wrong with it is said before anything is embedded
        }
        var progress = new ProgressLine(session.terminal());
        long started = System.nanoTime();
        // Texts of documents lie there while it runs: inside the home, which is as private as they are.
        try (var scratch = TemporaryHome.in(wiring.home().scratch(asker.tenant()))) {
            return new RetrievalTuning(corpus, embedder, scratch.path(), folder -> wiring.reranker(Path.of(folder)))
                    .run(cases, current, tried, documents, candidate, (number, of, chunks) -> {
                        String left = number == 1
                                ? ""
                                : ", "
                                        + ProgressLine.words(Duration.ofNanos(
                                                (System.nanoTime() - started) / (number - 1) * (of - number + 1)))
                                        + " left";
                        progress.show((number - 1.0) / of, "trying " + chunks + left);
                    });
        } finally {
            progress.clear();
        }
    }

    private static Path folder(Wiring wiring, Principal asker, String reranker) {
        return reranker.startsWith(OwnEncoder.ADAPTER)
                ? wiring.tuned(asker)
                        .folder(asker, reranker.substring(OwnEncoder.ADAPTER.length()), RerankerTraining.KIND)
                : Path.of(reranker).toAbsolutePath().normalize();
    }

    private Embedder embedder(Wiring wiring, Principal asker) {
        Encoder live = wiring.encoder(asker, collection.name);
        Embedder embedder = wiring.embedder(asker, collection.name);
        if (embedder.server().isPresent() && !yes) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Every way to cut is embedded anew, and " + Printable.of(live.name())
                            + " is asked at a server, which may cost money.",
                    "Say --yes, and fewer with --ways and --documents.");
        }
        return embedder;
    }

    private void apply(Wiring wiring, Principal asker, @Nullable RetrievalSettings settings) {
        var view = new IngestView(session.terminal(), true);
        Consumer<Event> events = json ? _ -> {} : view::show;
        try (Ingestor ingestor = wiring.ingestor(new SpendingConsent(session.terminal(), yes));
                var _ = Interrupted.saying(
                        session.terminal(), "Stopped. The collection is as it was; what was embedded is kept.")) {
            ingestor.retune(asker, collection.name, settings, events);
        } finally {
            view.clear();
        }
    }
}
