package dev.tandem.bench;

import dev.tandem.app.Wiring;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.evidence.CorpusIds;
import dev.tandem.evidence.Part;
import dev.tandem.evidence.RetrievalEvaluation;
import dev.tandem.evidence.RetrievalReport;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import dev.tandem.measure.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What retrieval reaches, through the whole program: each corpus is ingested into a home of its own as a user would, and
 * the {@code report} queries are asked. Prints a table and a line of JSON per set. A figure short of its bar is
 * said; one that is significantly short (its whole interval below the bar), or a hybrid significantly under the better
 * channel, ends the program with exit code 1. With {@code --strict} any figure short of its bar does.
 *
 * <p>Of aws-docs-qa, 3,000 pages are ingested, all that hold an answer among them, and all 100 questions asked: no setting
 * was chosen on them. What counts there is whether the page stands among the first ten.
 *
 * <p>Arguments: names of sets; none means all. A part other than report, such as dev, is named by {@code --queries=dev}.
 * {@code --home=DIR} ingests into a home that is there already and stays: texts that were embedded there before are not
 * embedded again, and the ingest's figures then say nothing.
 */
final class Quality {

    private static final String AWS = "aws-docs-qa";
    private static final int AWS_PAGES = 3_000;
    private static final String COLLECTION = "quality";

    /** Hybrid nDCG@10 on report queries; for aws-docs-qa recall@10. */
    private static final Map<String, Double> BARS = new LinkedHashMap<>();

    static {
        BARS.put("multihop-hotpot-musique", .78);
        BARS.put("squad-v1.1-dev", .905);
        BARS.put("scifact", .725);
        BARS.put(AWS, .90);
    }

    private Quality() {}

    public static void main(String[] args) throws IOException {
        String part = option(args, "--queries=").orElse("report");
        Optional<Path> home = option(args, "--home=").map(Path::of);
        List<String> named =
                Arrays.stream(args).filter(arg -> !arg.startsWith("--")).toList();
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"));
        boolean strict = List.of(args).contains("--strict");
        var missed = new ArrayList<String>();
        for (String set : named.isEmpty() ? BARS.keySet() : named) {
            RetrievalReport report = measure(data.resolve(set), set.equals(AWS) ? "all" : part, home);
            print(report);
            missed.addAll(missed(report, strict));
        }
        missed.forEach(bar -> System.out.println("MISSED " + bar));
        System.exit(missed.isEmpty() ? 0 : 1);
    }

    private static Optional<String> option(String[] args, String name) {
        return Arrays.stream(args)
                .filter(arg -> arg.startsWith(name))
                .map(arg -> arg.substring(name.length()))
                .findFirst();
    }

    private static RetrievalReport measure(Path folder, String part, Optional<Path> home) throws IOException {
        boolean aws = folder.endsWith(AWS);
        try (var scratch = Scratch.of("quality")) {
            Path pages = scratch.resolve("pages");
            if (aws) {
                AwsPages.unpack(folder, AWS_PAGES, pages);
            }
            Path corpus = aws ? pages : BeirSuite.corpus(folder);
            Function<DocumentRef, String> ids = aws ? CorpusIds.below(pages) : CorpusIds.ofRecords();
            BeirSuite suite = BeirSuite.read(folder).only(Part.of(part));
            return measure(home.orElse(scratch.resolve("home")), corpus, ids, aws ? suite.over(AWS_PAGES) : suite);
        }
    }

    private static RetrievalReport measure(Path home, Path corpus, Function<DocumentRef, String> ids, BeirSuite suite) {
        Principal asker = Principal.ofUser("bench");
        try (var wiring = Wiring.of(home, Map.of())) {
            Summary summary;
            try (Ingestor ingestor = wiring.ingestor()) {
                summary = ingestor.ingest(
                        Request.of(asker, COLLECTION, List.of(corpus.toString())), event -> progress(suite, event));
            }
            System.err.printf(
                    Locale.ROOT,
                    "%n%s: %,d documents, %,d failed, %,d chunks, %,d tokens embedded in %.0f s%n",
                    suite.name(),
                    summary.added(),
                    summary.failed(),
                    summary.chunks(),
                    summary.tokens(),
                    seconds(summary.embedding()));
            var modes = new LinkedHashMap<String, Searcher>();
            modes.put("lexical", wiring.lexical(asker));
            modes.put("dense", wiring.dense(asker));
            modes.put("hybrid", wiring.searcher(asker));
            return new RetrievalEvaluation(asker, COLLECTION, ids)
                    .run(suite, modes)
                    .with(new RetrievalReport.Ingest(
                            seconds(summary.elapsed()),
                            summary.tokens() / Math.max(1e-9, seconds(summary.embedding()))));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static void progress(BeirSuite suite, Event event) {
        if (event instanceof Event.Progress at && at.total() > 0) {
            System.err.printf(Locale.ROOT, "\r%s: %s %3d%%", suite.name(), at.work(), 100 * at.done() / at.total());
        }
    }

    private static void print(RetrievalReport report) {
        System.out.printf(
                Locale.ROOT,
                "%n%s: %,d documents, %,d queries%n",
                report.suite(),
                report.documents(),
                report.queries());
        report.modes()
                .forEach((name, mode) -> System.out.printf(
                        Locale.ROOT,
                        "  %-8s nDCG@10 %s  R@5 %.3f  R@10 %s  R@100 %.3f  MRR@10 %.3f  p50/95/99 %.1f/%.1f/%.1f ms%n",
                        name,
                        text(mode.ndcgAt10()),
                        mode.recallAt5().value(),
                        text(mode.recallAt10()),
                        mode.recallAt100().value(),
                        mode.mrrAt10().value(),
                        mode.latency().p50(),
                        mode.latency().p95(),
                        mode.latency().p99()));
        report.paired()
                .forEach((name, difference) -> System.out.printf(Locale.ROOT, "  %-16s %s%n", name, text(difference)));
        System.out.println(report.toJson());
    }

    private static String text(Interval figure) {
        return String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", figure.value(), figure.low(), figure.high());
    }

    /** What fails, after saying what is short. */
    private static List<String> missed(RetrievalReport report, boolean strict) {
        var missed = new ArrayList<String>();
        RetrievalReport.Mode hybrid = report.modes().lastEntry().getValue();
        Interval reached = report.suite().equals(AWS) ? hybrid.recallAt10() : hybrid.ndcgAt10();
        double bar = BARS.getOrDefault(report.suite(), 0.0);
        if (reached.value() < bar) {
            boolean significantly = reached.high() < bar;
            String said = String.format(
                    Locale.ROOT,
                    "%s: %s, the bar is %.3f: %s short of it",
                    report.suite(),
                    text(reached),
                    bar,
                    significantly ? "significantly" : "not significantly");
            System.out.println("  SHORT " + said);
            if (significantly || strict) {
                missed.add(said);
            }
        }
        report.paired().forEach((name, difference) -> {
            if (difference.high() < 0) {
                missed.add(report.suite() + ": " + name + " is significantly negative");
            }
        });
        return missed;
    }
}
