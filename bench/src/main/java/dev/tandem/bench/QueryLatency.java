package dev.tandem.bench;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Embedder.Role;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import dev.tandem.knowledge.retrieve.Retriever;
import dev.tandem.measure.Percentiles;
import dev.tandem.measure.Seeds;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Latency of a hybrid query, its embedding included, on an index of at least 100,000 chunks, and how much of the exact
 * nearest neighbours the dense channel finds. Pages of aws-docs-qa go through the real ingest; the vector of a chunk is that
 * of some words of it ({@link StandInEncoder}), for embedding all of them whole would take hours. Queries are the set's questions and, for
 * numbers, headings of the pages, all different; each is asked once, after some others to warm up.
 *
 * <p>Arguments: queries (default 2,100), pages (default 22,000, which make a little over 100,000 chunks). The index is built
 * in target/query-latency-PAGES at the first run, in about half an hour, and used again. Ends with 1 when p50, p99 or recall
 * misses its bar.
 */
final class QueryLatency {

    private static final double BAR_P50_MS = 15;
    private static final double BAR_P99_MS = 50;
    private static final double BAR_RECALL = .95;
    private static final int LEAST_CHUNKS = 100_000;

    private static final int WARM_UP = 300;
    private static final int RECALL_QUERIES = 300;
    private static final int LIMIT = 10;
    private static final double ROUNDING = 1e-6;
    private static final String COLLECTION = "latency";
    private static final Principal ASKER = Principal.ofUser("bench");
    private static final Pattern HEADING = Pattern.compile("^#{1,4}\\s+([^<{`]{12,90}?)\\s*(<a .*)?$");

    private final Path root;
    private final Home home;
    private final OnnxEmbedder encoder;

    private QueryLatency(Path root, OnnxEmbedder encoder) {
        this.root = root;
        this.home = Home.at(root.resolve("home"));
        this.encoder = encoder;
    }

    public static void main(String[] args) throws IOException {
        int queries = args.length > 0 ? Integer.parseInt(args[0]) : 2_100;
        int pages = args.length > 1 ? Integer.parseInt(args[1]) : 22_000;
        Path target = Path.of(System.getProperty("tandem.root", "."), "target");
        try (var encoder = OnnxEmbedder.bundled(target.resolve("encoder-cache"))) {
            var bench = new QueryLatency(target.resolve("query-latency-" + pages), encoder);
            bench.build(pages);
            System.exit(bench.measure(queries) ? 0 : 1);
        }
    }

    private void build(int pages) throws IOException {
        Path done = root.resolve("done");
        if (Files.exists(done)) {
            return;
        }
        Path folder = root.resolve("pages");
        if (!Files.exists(folder)) {
            Files.createDirectories(root);
            Path part = Files.createTempDirectory(root, "unpacking-");
            AwsPages.unpack(data(), pages, part);
            Files.move(part, folder);
        }
        try (Ingestor ingestor = Ingestor.open(home, new StandInEncoder(encoder))) {
            Summary summary =
                    ingestor.ingest(Request.of(ASKER, COLLECTION, List.of(folder.toString())), QueryLatency::progress);
            System.err.printf(
                    Locale.ROOT,
                    "%n%,d pages, %,d chunks in %.0f s, %,d failed%n",
                    summary.added(),
                    summary.chunks(),
                    summary.elapsed().toNanos() / 1e9,
                    summary.failed());
        }
        Files.createFile(done);
    }

    private static void progress(Event event) {
        if (event instanceof Event.Progress at && at.total() > 0) {
            System.err.printf(Locale.ROOT, "\r%s %3d%%", at.work(), 100 * at.done() / at.total());
        }
    }

    private static Path data() {
        return Path.of(System.getProperty("tandem.data", "../shared/data")).resolve("aws-docs-qa");
    }

    private static List<Path> shuffled(Path folder, String use) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> pages = files.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
            Collections.shuffle(pages, Random.from(Seeds.stream(1, use)));
            return pages;
        }
    }

    /** The set's questions, then headings. */
    private List<String> queries(int count) throws IOException {
        Set<String> queries = new LinkedHashSet<>();
        BeirSuite.read(data()).cases().forEach(each -> queries.add(each.text()));
        for (Path page : shuffled(root.resolve("pages"), "queried pages")) {
            if (queries.size() >= count) {
                break;
            }
            List<String> headings = Files.readString(page, StandardCharsets.UTF_8)
                    .lines()
                    .map(HEADING::matcher)
                    .filter(Matcher::matches)
                    .map(heading -> heading.group(1).strip())
                    .filter(heading -> heading.contains(" "))
                    .toList();
            if (!headings.isEmpty()) {
                queries.add(headings.getLast());
            }
        }
        if (queries.size() < count) {
            throw new IllegalArgumentException("the pages give only " + queries.size() + " different queries");
        }
        return List.copyOf(queries);
    }

    private boolean measure(int count) throws IOException {
        List<String> all = queries(WARM_UP + count);
        // The set's own questions are among those that count.
        List<String> measured = all.subList(0, count);
        List<String> warmUp = all.subList(count, all.size());
        var timed = new Timed(encoder);
        try (Catalog catalog = Catalog.read(home, ASKER.tenant());
                CollectionIndex index = CollectionIndex.read(directory(), encoder.encoder())) {
            Indexes indexes = (_, _) -> Optional.of(index);
            Searcher hybrid = Retriever.fused(indexes, timed, catalog);
            warmUp.forEach(query -> hybrid.search(query(query)));
            double[] whole = new double[count];
            double[] embedding = new double[count];
            for (int i = 0; i < count; i++) {
                Query query = query(measured.get(i));
                timed.nanos = 0;
                long start = System.nanoTime();
                hybrid.search(query);
                whole[i] = (System.nanoTime() - start) / 1e6;
                embedding[i] = timed.nanos / 1e6;
            }
            print("hybrid query", whole);
            print("of that, embedding", embedding);
            List<String> some = measured.subList(0, Math.min(RECALL_QUERIES, count));
            List<float[]> vectors = some.stream()
                    .map(text -> encoder.embed(List.of(text), Role.QUERY).getFirst())
                    .toList();
            var nearest = new ExactNeighbours(directory(), encoder.encoder()).of(vectors, LIMIT);
            int chunks = nearest.vectors();
            double recall = recall(Retriever.dense(indexes, timed, catalog), nearest.least(), some);
            System.out.printf(
                    Locale.ROOT,
                    "%,d chunks, %,d different queries one after another; recall@%d of the dense channel against exact"
                            + " %.3f over %d queries%n",
                    chunks,
                    count,
                    LIMIT,
                    recall,
                    some.size());
            Percentiles latency = Percentiles.of(whole);
            return chunks >= LEAST_CHUNKS
                    && latency.p50() <= BAR_P50_MS
                    && latency.p99() <= BAR_P99_MS
                    && recall >= BAR_RECALL;
        }
    }

    private static double recall(Searcher dense, List<Double> least, List<String> queries) {
        long found = 0;
        for (int i = 0; i < queries.size(); i++) {
            double bar = least.get(i) - ROUNDING;
            found += dense.search(query(queries.get(i))).stream()
                    .filter(hit -> hit.dense().raw() >= bar)
                    .count();
        }
        return (double) found / (queries.size() * LIMIT);
    }

    private Path directory() {
        return home.index(ASKER.tenant(), COLLECTION);
    }

    private static Query query(String text) {
        return new Query(text, ASKER, COLLECTION, Filter.everything(), LIMIT);
    }

    private static void print(String what, double[] milliseconds) {
        Percentiles at = Percentiles.of(milliseconds);
        System.out.printf(
                Locale.ROOT, "%-20s p50 %.1f ms, p95 %.1f ms, p99 %.1f ms%n", what, at.p50(), at.p95(), at.p99());
    }

    /** Tells how long the last text took to embed. */
    private static final class Timed implements Embedder {
        private final Embedder encoder;
        private long nanos;

        Timed(Embedder encoder) {
            this.encoder = encoder;
        }

        @Override
        public Encoder encoder() {
            return encoder.encoder();
        }

        @Override
        public List<float[]> embed(List<String> texts, Role role) {
            long start = System.nanoTime();
            List<float[]> vectors = encoder.embed(texts, role);
            nanos += System.nanoTime() - start;
            return vectors;
        }

        @Override
        public int countTokens(String text) {
            return encoder.countTokens(text);
        }
    }
}
