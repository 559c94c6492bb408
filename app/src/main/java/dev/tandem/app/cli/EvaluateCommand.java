package dev.tandem.app.cli;

import dev.tandem.app.Settings;
import dev.tandem.app.Wiring;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.AnswerEvaluation;
import dev.tandem.evidence.AnswerReport;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.evidence.CorpusIds;
import dev.tandem.evidence.Part;
import dev.tandem.evidence.RetrievalEvaluation;
import dev.tandem.evidence.RetrievalReport;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem evaluate}: figures with intervals, on held-out cases, in a home that is gone afterwards. */
@Command(
        name = "evaluate",
        header = "Measure retrieval and answers on held-out cases.",
        description = {
            "DIR holds corpus.jsonl, queries.jsonl and qrels/test.tsv (BEIR layout), and answers.jsonl for answers;"
                    + " each may be gzipped. The corpus is ingested into a temporary home with this home's settings.",
            "Choose settings on the dev half of the queries and report on the report half: which half a query is in"
                    + " follows from its id alone.",
        },
        footer = {
            "  tandem evaluate retrieval cases/ --queries report",
            "  tandem evaluate answers cases/ --json | tail -n 1",
        },
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Runnable {

    private static final String COLLECTION = "evaluation";

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandSpec spec;

    EvaluateCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to measure: retrieval or answers");
    }

    @Command(
            name = "retrieval",
            header = "nDCG@10, precision, recall, MRR and latency: lexical, dense and hybrid.",
            mixinStandardHelpOptions = true)
    void retrieval(
            @Parameters(paramLabel = "DIR", description = "the suite's folder") Path folder,
            @Option(
                            names = "--queries",
                            paramLabel = "PART",
                            defaultValue = "all",
                            description = "all, dev, report, or a file of query ids (default: ${DEFAULT-VALUE})")
                    String queries,
            @Option(names = "--json", description = "the figures as one JSON object, last line of the output")
                    boolean json,
            @Mixin Place place) {
        BeirSuite suite = BeirSuite.read(folder).only(Part.of(queries));
        RetrievalReport report = measured(folder, place, (wiring, corpus) -> {
            session.terminal().err.println("Asking " + Text.number(suite.cases().size()) + " queries in three ways …");
            Principal asker = Scope.systemUser();
            SequencedMap<String, Searcher> modes = new LinkedHashMap<>();
            modes.put("lexical", wiring.lexical(asker));
            modes.put("dense", wiring.dense(asker));
            modes.put("hybrid", wiring.searcher(asker));
            return new RetrievalEvaluation(asker, COLLECTION, CorpusIds.ofRecords())
                    .run(suite, modes)
                    .with(ingest(corpus));
        });
        session.terminal().out.println(json ? report.toJson() : ReportView.of(report, queries));
    }

    @Command(
            name = "answers",
            header = "Exact match, token F1, abstention and citations, over the whole corpus.",
            mixinStandardHelpOptions = true)
    void answers(
            @Parameters(paramLabel = "DIR", description = "the suite's folder") Path folder,
            @Option(
                            names = "--queries",
                            paramLabel = "PART",
                            defaultValue = "all",
                            description = "all, dev, report, or a file of question ids (default: ${DEFAULT-VALUE})")
                    String queries,
            @Option(names = "--json", description = "the figures as one JSON object, last line of the output")
                    boolean json,
            @Mixin Place place) {
        AnswerSuite suite = AnswerSuite.read(folder).only(Part.of(queries));
        AnswerReport report = measured(folder, place, (wiring, _) -> {
            session.terminal().err.println("Asking " + Text.number(suite.cases().size()) + " questions …");
            Principal asker = Scope.systemUser();
            return new AnswerEvaluation(asker, COLLECTION, CorpusIds.ofRecords(), wiring.catalog(asker))
                    .run(suite, wiring.assistant(asker));
        });
        session.terminal().out.println(json ? report.toJson() : ReportView.of(report));
    }

    /** What was measured on the corpus of a folder, in a home that is gone on return, however it ends. */
    private <T> T measured(Path folder, Place place, BiFunction<Wiring, Summary, T> measure) {
        Terminal terminal = session.terminal();
        Path corpus = BeirSuite.corpus(folder);
        Settings settings = Settings.load(place.home(session.environment()));
        var progress = new ProgressLine(terminal);
        try (var home = TemporaryHome.create();
                var wiring = Wiring.of(home.path(), settings, session.environment())) {
            terminal.err.println(
                    "Ingesting " + Text.path(corpus.toAbsolutePath().toString()) + " …");
            Summary summary;
            try (Ingestor ingestor = wiring.ingestor()) {
                summary = ingestor.ingest(
                        Request.of(Scope.systemUser(), COLLECTION, List.of(corpus.toString())),
                        event -> progress(progress, event));
            } finally {
                progress.clear();
            }
            return measure.apply(wiring, summary);
        }
    }

    private static void progress(ProgressLine line, Event event) {
        if (event instanceof Event.Progress at && at.total() > 0) {
            line.show((double) at.done() / at.total(), IngestView.rate(at));
        }
    }

    private static RetrievalReport.Ingest ingest(Summary summary) {
        double embedding = Math.max(1e-9, summary.embedding().toNanos() / 1e9);
        return new RetrievalReport.Ingest(summary.elapsed().toNanos() / 1e9, summary.tokens() / embedding);
    }
}
