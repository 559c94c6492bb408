package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.index.IndexText;
import dev.tandem.measure.Ranking;
import dev.tandem.measure.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * A suite's corpus in memory, chunked and embedded as ingestion does it, on which every chunk gets both scores for every
 * query: what a study needs to try hundreds of ways of scoring in minutes. The program itself searches the index; its
 * figures differ in the third digit, because the index keeps lengths in a byte and looks at the best candidates only.
 */
final class StudyCorpus {

    /** How the lexical score is made. */
    record Bm25(double k1, double b, int titleTimes) {}

    /** One query with both scores of every chunk. */
    static final class Scored {

        private final BeirSuite.Case query;
        private final float[] bm25;
        private final double attainable;
        private final float[] cosines;

        private Scored(BeirSuite.Case query, float[] bm25, double attainable, float[] cosines) {
            this.query = query;
            this.bm25 = bm25;
            this.attainable = attainable;
            this.cosines = cosines;
        }

        /** 0 where query and chunk share no word. */
        double bm25(int chunk) {
            return bm25[chunk];
        }

        /** BM25 over the most that any text could get for this query. */
        double lexical(int chunk) {
            return attainable > 0 ? bm25[chunk] / attainable : 0;
        }

        double cosine(int chunk) {
            return cosines[chunk];
        }
    }

    interface Score {
        /** Of a chunk for a query; not a number where the chunk is not to be ranked. */
        double of(Scored query, int chunk);
    }

    private final BeirSuite suite;
    private final Analyzer analyzer;
    private final List<String> owners = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String[]> words = new ArrayList<>();
    private final List<String[]> titles = new ArrayList<>();
    private final List<float[]> vectors;
    private final List<float[]> queries;

    /** @param share of the documents that no query is judged on, in [0, 1]: fewer are quicker and an easier task */
    StudyCorpus(
            Path folder, BeirSuite suite, double share, ChunkSettings settings, Analyzer analyzer, Embedder encoder) {
        this.suite = suite;
        this.analyzer = analyzer;
        var chunker = new Chunker(settings);
        var judged = new HashSet<String>();
        suite.cases().forEach(each -> judged.addAll(each.grades().keySet()));
        forEachRecord(BeirSuite.corpus(folder), node -> {
            String id = node.get("_id").asText();
            if (judged.contains(id) || Seeds.stream(0, id).nextDouble() < share) {
                add(id, node, chunker);
            }
        });
        this.vectors = encoder.embed(texts, Embedder.Role.PASSAGE);
        this.queries =
                encoder.embed(suite.cases().stream().map(BeirSuite.Case::text).toList(), Embedder.Role.QUERY);
    }

    private void add(String id, JsonNode node, Chunker chunker) {
        String title = node.path("title").asText("");
        Extracted plain = Extractors.standard()
                .extract("record.txt", node.get("text").asText().getBytes(StandardCharsets.UTF_8));
        var document = new Extracted(
                title.isBlank() ? id : title, plain.text(), plain.blocks(), plain.metadata(), plain.modified());
        var ref = new DocumentRef(
                id, 1, "study", document.title(), id, "jsonl", Instant.EPOCH, Collections.emptySortedMap());
        for (Chunk chunk : chunker.chunk(id, 1, document)) {
            owners.add(id);
            texts.add(IndexText.of(ref, chunk));
            words.add(analyze(IndexText.of(ref, chunk)));
            titles.add(analyze(document.title()));
        }
    }

    String name() {
        return suite.name();
    }

    int chunks() {
        return owners.size();
    }

    /** Both scores of every chunk for every query. */
    List<Scored> scored(Bm25 settings) {
        var index = new Index(settings);
        return IntStream.range(0, suite.cases().size())
                .parallel()
                .mapToObj(i -> {
                    BeirSuite.Case query = suite.cases().get(i);
                    var bm25 = new float[chunks()];
                    double attainable = index.score(analyze(query.text()), bm25);
                    return new Scored(query, bm25, attainable, cosines(queries.get(i)));
                })
                .toList();
    }

    /** nDCG@10 per query, a document ranking where its best chunk does. */
    double[] ndcg(List<Scored> scored, Score score) {
        return scored.parallelStream()
                .mapToDouble(query -> Ranking.ndcg(ranked(query, score), query.query.grades(), 10))
                .toArray();
    }

    private List<String> ranked(Scored query, Score score) {
        var best = new HashMap<String, Double>();
        for (int chunk = 0; chunk < chunks(); chunk++) {
            double value = score.of(query, chunk);
            if (!Double.isNaN(value)) {
                best.merge(owners.get(chunk), value, Math::max);
            }
        }
        return best.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(10)
                .map(Map.Entry::getKey)
                .toList();
    }

    private float[] cosines(float[] query) {
        var cosines = new float[chunks()];
        for (int chunk = 0; chunk < cosines.length; chunk++) {
            float[] vector = vectors.get(chunk);
            float sum = 0;
            for (int i = 0; i < query.length; i++) {
                sum += query[i] * vector[i];
            }
            cosines[chunk] = sum;
        }
        return cosines;
    }

    private String[] analyze(String text) {
        var terms = new ArrayList<String>();
        try (var tokens = analyzer.tokenStream("words", new StringReader(text))) {
            var term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                terms.add(term.toString());
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return terms.toArray(String[]::new);
    }

    /** BM25 in Lucene's form: {@code idf · tf / (tf + k1 (1 − b + b · length / mean length))}. */
    private final class Index {

        private final Bm25 settings;
        private final Map<String, List<int[]>> postings = new HashMap<>();
        private final int[] lengths = new int[chunks()];
        private final double meanLength;

        Index(Bm25 settings) {
            this.settings = settings;
            for (int chunk = 0; chunk < chunks(); chunk++) {
                var counts = new HashMap<String, Integer>();
                count(counts, words.get(chunk));
                // The index text already holds the title once.
                for (int again = 1; again < settings.titleTimes(); again++) {
                    count(counts, titles.get(chunk));
                }
                lengths[chunk] =
                        counts.values().stream().mapToInt(Integer::intValue).sum();
                for (var entry : counts.entrySet()) {
                    postings.computeIfAbsent(entry.getKey(), term -> new ArrayList<>())
                            .add(new int[] {chunk, entry.getValue()});
                }
            }
            meanLength = IntStream.of(lengths).average().orElse(1);
        }

        private static void count(Map<String, Integer> counts, String[] terms) {
            for (String term : terms) {
                counts.merge(term, 1, Integer::sum);
            }
        }

        /** Fills the scores and gives the most that any text could score. */
        double score(String[] query, float[] scores) {
            var counts = new LinkedHashMap<String, Integer>();
            count(counts, query);
            double attainable = 0;
            for (var entry : counts.entrySet()) {
                List<int[]> found = postings.get(entry.getKey());
                if (found != null) {
                    double idf = Math.log(1 + (chunks() - found.size() + .5) / (found.size() + .5)) * entry.getValue();
                    attainable += idf;
                    for (int[] posting : found) {
                        double norm = 1 - settings.b() + settings.b() * lengths[posting[0]] / meanLength;
                        scores[posting[0]] += (float) (idf * posting[1] / (posting[1] + settings.k1() * norm));
                    }
                }
            }
            return attainable;
        }
    }

    private static void forEachRecord(Path corpus, java.util.function.Consumer<JsonNode> each) {
        var json = new ObjectMapper();
        try (InputStream bytes = Files.newInputStream(corpus);
                InputStream text = corpus.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                var reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    each.accept(json.readTree(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
