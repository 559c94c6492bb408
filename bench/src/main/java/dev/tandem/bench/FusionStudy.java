package dev.tandem.bench;

import dev.tandem.bench.StudyCorpus.Bm25;
import dev.tandem.bench.StudyCorpus.Score;
import dev.tandem.bench.StudyCorpus.Scored;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.evidence.Part;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import dev.tandem.onnx.OnnxEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * How the constants of retrieval were chosen: nDCG@10 on {@code dev} queries of three sets and on scifact's train queries
 * for chunk sizes, BM25's parameters, the title's weight, the channel's weights and the cosine's range. Report queries
 * are never read. Findings stand in docs/log.md.
 *
 * <p>Arguments: a file for vectors to be remembered in (default {@code target/study/vectors.bin}), the share of
 * documents without a judgement that take part (default 1), chunk targets in tokens (default 337 220 128). The first run embeds for half an hour.
 */
final class FusionStudy {

    private static final int MOST_QUERIES = 1_500;

    private FusionStudy() {}

    public static void main(String[] args) {
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"));
        Path vectors = Path.of(args.length > 0 ? args[0] : "target/study/vectors.bin");
        double share = args.length > 1 ? Double.parseDouble(args[1]) : 1;
        int[] targets = args.length > 2
                ? Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray()
                : new int[] {337, 220, 128};
        try (var onnx = OnnxEmbedder.bundled(vectors.resolveSibling("encoder"))) {
            var encoder = new VectorCache(onnx, vectors);
            for (int target : targets) {
                study(target, corpora(data, share, ChunkSettings.ofTarget(target), encoder));
            }
        }
    }

    private static List<StudyCorpus> corpora(Path data, double share, ChunkSettings settings, VectorCache encoder) {
        var corpora = new ArrayList<StudyCorpus>();
        for (String name : List.of("multihop-hotpot-musique", "squad-v1.1-dev", "scifact")) {
            Path folder = data.resolve(name);
            BeirSuite suite = BeirSuite.read(folder).only(Part.of("dev")).sample(MOST_QUERIES);
            corpora.add(new StudyCorpus(folder, suite, share, settings, folded(), encoder));
        }
        Path scifact = data.resolve("scifact");
        corpora.add(new StudyCorpus(scifact, BeirSuite.read(scifact, "train"), share, settings, folded(), encoder));
        return corpora;
    }

    /** Lucene's English analysis with accents folded. */
    private static Analyzer folded() {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                var source = new StandardTokenizer();
                TokenStream tokens = new LowerCaseFilter(new EnglishPossessiveFilter(source));
                tokens = new ASCIIFoldingFilter(tokens);
                tokens = new StopFilter(tokens, EnglishAnalyzer.getDefaultStopSet());
                return new TokenStreamComponents(source, new PorterStemFilter(tokens));
            }
        };
    }

    private static void study(int target, List<StudyCorpus> corpora) {
        System.out.printf(
                "%n# chunks of about %d tokens: %s%n",
                target,
                corpora.stream()
                        .map(corpus -> corpus.name() + " " + corpus.chunks())
                        .toList());
        row("dense", corpora, scored(corpora, new Bm25(.9, .6, 1)), Scored::cosine);
        for (Bm25 settings : List.of(
                new Bm25(.9, .4, 1),
                new Bm25(.9, .6, 1),
                new Bm25(.9, .6, 2),
                new Bm25(.9, .75, 1),
                new Bm25(.9, .75, 2),
                new Bm25(1.2, .75, 2))) {
            List<List<Scored>> scored = scored(corpora, settings);
            row("lexical " + settings, corpora, scored, FusionStudy::lexical);
            for (double from : new double[] {.3, .4, .5}) {
                for (double weight : new double[] {.3, .35, .4, .45, .5, .6}) {
                    row(
                            "  fused weight %.2f cosine from %.1f".formatted(weight, from),
                            corpora,
                            scored,
                            fused(weight, from));
                }
            }
        }
        against(corpora, scored(corpora, new Bm25(.9, .75, 2)), fused(.4, .4));
    }

    private static double lexical(Scored query, int chunk) {
        return query.bm25(chunk) > 0 ? query.bm25(chunk) : Double.NaN;
    }

    private static Score fused(double weight, double from) {
        return (query, chunk) -> weight * query.lexical(chunk)
                + (1 - weight) * Math.clamp((query.cosine(chunk) - from) / (1 - from), 0, 1);
    }

    private static List<List<Scored>> scored(List<StudyCorpus> corpora, Bm25 settings) {
        return corpora.stream().map(corpus -> corpus.scored(settings)).toList();
    }

    /** Means per corpus, in their order, and over the three sets (scifact by its train queries). */
    private static void row(String what, List<StudyCorpus> corpora, List<List<Scored>> scored, Score score) {
        double[] means = IntStream.range(0, corpora.size())
                .mapToDouble(i -> Arrays.stream(corpora.get(i).ndcg(scored.get(i), score))
                        .average()
                        .orElse(0))
                .toArray();
        System.out.printf("%-44s", what);
        Arrays.stream(means).forEach(mean -> System.out.printf(" %.4f", mean));
        System.out.printf("   mean %.4f%n", (means[0] + means[1] + means[3]) / 3);
    }

    /** Paired differences of the fused score with each channel. */
    private static void against(List<StudyCorpus> corpora, List<List<Scored>> scored, Score fused) {
        for (int i = 0; i < corpora.size(); i++) {
            double[] hybrid = corpora.get(i).ndcg(scored.get(i), fused);
            Interval lexical = Bootstrap.difference(hybrid, corpora.get(i).ndcg(scored.get(i), FusionStudy::lexical));
            Interval dense = Bootstrap.difference(hybrid, corpora.get(i).ndcg(scored.get(i), Scored::cosine));
            System.out.printf(
                    "%s hybrid-lexical %s hybrid-dense %s%n", corpora.get(i).name(), lexical, dense);
        }
    }
}
