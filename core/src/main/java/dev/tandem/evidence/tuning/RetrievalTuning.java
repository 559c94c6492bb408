package dev.tandem.evidence.tuning;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Reranker;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.evidence.Part;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Percentiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tries ways to cut and search a collection on one half of its questions, and measures the best of them against what is in use
 * on the other half. One thing is chosen after the other: the cut, then what words weigh, then how many chunks are
 * retrieved, then whether a reranker pays.
 */
public final class RetrievalTuning {

    private static final double[] WEIGHTS = {0, .15, .3, .45, .6, .8, 1};
    private static final int[] PASSAGES = {4, 6, 8, 12, 16, 24};

    /** Tokens of retrieved text that reach who answers. */
    private static final int CONTEXT = 3_000;

    /** More chunks cost whoever reads them; they have to hold that much more of what answers. */
    private static final double WORTH = .01;

    /** Told before each way of cutting is tried. */
    @FunctionalInterface
    public interface Progress {
        void trial(int number, int of, String chunks);
    }

    private final Corpus corpus;
    private final Embedder embedder;
    private final Path scratch;
    private final Function<String, Reranker> rerankers;

    /**
     * @param embedder that the collection's vectors are of
     * @param scratch an empty folder, whose content is void afterwards
     * @param rerankers opens the one in a folder
     */
    public RetrievalTuning(Corpus corpus, Embedder embedder, Path scratch, Function<String, Reranker> rerankers) {
        this.corpus = corpus;
        this.embedder = embedder;
        this.scratch = scratch;
        this.rerankers = rerankers;
    }

    /**
     * Tries them, and chooses.
     *
     * @param current how the collection is searched now
     * @param ways of cutting to try; the current one is always among them
     * @param most documents to search
     * @param reranker folder of one to try, which has to pay; empty for none but the current one
     * @throws Failure INVALID where there are too few questions on either half
     */
    public TuningReport run(
            TuningCases cases,
            RetrievalSettings current,
            List<ChunkSettings> ways,
            int most,
            String reranker,
            Progress progress) {
        List<TuningCase> dev = half(cases, "dev");
        List<TuningCase> report = half(cases, "report");
        List<Corpus.Text> texts = corpus.with(answering(cases), most);
        Set<ChunkSettings> all = new LinkedHashSet<>();
        all.add(ChunkSettings.of(current.chunks()));
        all.addAll(ways);

        var trials = new ArrayList<Trial>();
        try {
            var cuts = new ArrayList<TuningReport.Cut>();
            for (ChunkSettings way : all) {
                progress.trial(trials.size() + 1, all.size(), way.text());
                var trial = new Trial(scratch.resolve("trial-" + trials.size()), way, texts, embedder);
                trials.add(trial);
                cuts.add(new TuningReport.Cut(
                        way.text(),
                        trial.chunkCount(),
                        trial.cutShare(cases.found()),
                        mean(reach(trial, dev, current.lexicalWeight(), null)),
                        trial.cutting(),
                        trial.embedding()));
            }
            // Of equal ones the first: the one in use.
            int best = 0;
            for (int i = 1; i < cuts.size(); i++) {
                best = cuts.get(i).reach() > cuts.get(best).reach() ? i : best;
            }
            return chosen(
                    cases,
                    current,
                    reranker.isEmpty() ? current.reranker() : reranker,
                    new Halves(dev, report),
                    texts.size(),
                    cuts,
                    trials.getFirst(),
                    trials.get(best));
        } finally {
            trials.forEach(Trial::close);
        }
    }

    private record Halves(List<TuningCase> dev, List<TuningCase> report) {}

    private TuningReport chosen(
            TuningCases cases,
            RetrievalSettings current,
            String tried,
            Halves halves,
            int documents,
            List<TuningReport.Cut> cuts,
            Trial now,
            Trial best) {
        var weights = new ArrayList<TuningReport.Weight>();
        for (double weight : WEIGHTS) {
            weights.add(new TuningReport.Weight(weight, mean(reach(best, halves.dev, weight, null))));
        }
        // Of equal ones the nearest to what is in use.
        double weight = weights.stream()
                .max(Comparator.comparingDouble(TuningReport.Weight::reach)
                        .thenComparingDouble(each -> -Math.abs(each.words() - current.lexicalWeight())))
                .orElseThrow()
                .words();
        if (mean(reach(best, halves.dev, current.lexicalWeight(), null))
                >= mean(reach(best, halves.dev, weight, null))) {
            weight = current.lexicalWeight();
        }
        var passages = new ArrayList<TuningReport.Passages>();
        for (int count : PASSAGES) {
            if (count > PASSAGES[0] && count * best.settings().targetTokens() > CONTEXT) {
                break; // nobody would read them
            }
            passages.add(new TuningReport.Passages(count, held(best, halves.dev, weight, count)));
        }
        double all = passages.getLast().held();
        int count = passages.stream()
                .filter(each -> each.held() >= all - WORTH)
                .findFirst()
                .orElseThrow()
                .count();
        var reranked = new ArrayList<TuningReport.Reranked>();
        String reranker = "";
        if (!tried.isEmpty()) {
            reranked.add(measured("", best, halves.dev, weight, null));
            reranked.add(measured(tried, best, halves.dev, weight, rerankers.apply(tried)));
            reranker = reranked.getLast().reach() > reranked.getFirst().reach() ? tried : "";
        }
        var settings = new RetrievalSettings(best.settings().text(), weight, count, reranker);
        Reranker before = open(current.reranker());
        Reranker after = open(reranker);
        double[] was = reach(now, halves.report, current.lexicalWeight(), before);
        double[] is = reach(best, halves.report, weight, after);
        return new TuningReport(
                documents,
                halves.dev.size(),
                halves.report.size(),
                cases.lost(),
                cuts,
                weights,
                passages,
                reranked,
                new TuningReport.Measured(
                        current, Bootstrap.mean(was), millis(now, halves.report, current.lexicalWeight(), before)),
                new TuningReport.Measured(settings, Bootstrap.mean(is), millis(best, halves.report, weight, after)),
                Bootstrap.difference(is, was));
    }

    private @Nullable Reranker open(String folder) {
        return folder.isEmpty() ? null : rerankers.apply(folder);
    }

    private static TuningReport.Reranked measured(
            String name, Trial trial, List<TuningCase> cases, double weight, @Nullable Reranker reranker) {
        return new TuningReport.Reranked(
                name, mean(reach(trial, cases, weight, reranker)), millis(trial, cases, weight, reranker));
    }

    private static List<TuningCase> half(TuningCases cases, String name) {
        Part part = Part.of(name);
        List<TuningCase> half =
                cases.found().stream().filter(each -> part.has(each.id())).toList();
        if (half.size() < TuningCases.FEWEST) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Of the questions, " + half.size() + " that can be used are in the half called " + name
                            + "; fewer than " + TuningCases.FEWEST + " say nothing."
                            + (cases.lost().isEmpty()
                                    ? ""
                                    : " Of others the quote or document was not found, the first in "
                                            + cases.lost().getFirst() + "."),
                    "Give more questions; a hundred or more find differences of a few points.");
        }
        return half;
    }

    private static Set<String> answering(TuningCases cases) {
        var ids = new HashSet<String>();
        cases.found().forEach(each -> ids.addAll(each.gold().keySet()));
        return ids;
    }

    private static double[] reach(Trial trial, List<TuningCase> cases, double weight, @Nullable Reranker reranker) {
        return cases.stream()
                .mapToDouble(each -> Reach.of(each, trial.search(each.question(), weight, reranker)))
                .toArray();
    }

    private static double held(Trial trial, List<TuningCase> cases, double weight, int passages) {
        return mean(cases.stream()
                .mapToDouble(each -> Reach.among(each, trial.search(each.question(), weight, null), passages))
                .toArray());
    }

    private static double mean(double[] figures) {
        return Arrays.stream(figures).average().orElseThrow();
    }

    /** Of a search, the median. */
    private static double millis(Trial trial, List<TuningCase> cases, double weight, @Nullable Reranker reranker) {
        double[] millis = new double[cases.size()];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            trial.search(cases.get(i).question(), weight, reranker);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return Percentiles.of(millis).p50();
    }
}
