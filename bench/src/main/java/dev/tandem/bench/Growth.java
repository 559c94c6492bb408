package dev.tandem.bench;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Embedder.Role;
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
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the time of a hybrid query grows with the index, up to a million chunks: the pages of aws-docs-qa and editions of them
 * ({@link EditionEncoder}) go through the real ingest, and at each size the same queries are asked one after another, each
 * embedded anew, and the dense channel is held against exact search. Run it with {@code BENCH_JAVA_OPTIONS=-Xmx2g}.
 *
 * <p>{@code build} adds what is missing, an hour or two in all, and keeps a copy of the home at each size; interrupted, the same
 * command goes on. {@code measure} measures every copy in one run, so that sizes are compared on the same day of the same
 * machine, and draws the curve to {@code docs/growth.svg}. Argument: {@code build} or {@code measure}, and for building the
 * largest size in thousands of pages (default 200). Ends with 1 when the largest misses a bar.
 */
final class Growth {

    private static final double BAR_P99_MS = 60;
    private static final double BAR_RECALL = .95;
    private static final int LEAST_CHUNKS = 1_000_000;

    private static final int ALL_PAGES = 29_925;
    private static final int PART = 2_000;
    /** In parts; some three times as much at each step. */
    private static final List<Integer> STOPS = List.of(1, 3, 10, 30, 60, 100);

    private static final int WARM_UP = 300;
    private static final int QUERIES = 1_000;
    private static final int RECALL_QUERIES = 300;
    private static final int LIMIT = 10;
    private static final double ROUNDING = 1e-6;
    private static final String COLLECTION = "growth";
    private static final Principal ASKER = Principal.ofUser("bench");
    private static final Pattern HEADING = Pattern.compile("^#{1,4}\\s+([^<{`]{12,90}?)\\s*(<a .*)?$");

    private final Path root;
    private final OnnxEmbedder encoder;
    private final List<Path> pages;

    private Growth(Path root, OnnxEmbedder encoder, List<Path> pages) {
        this.root = root;
        this.encoder = encoder;
        this.pages = pages;
    }

    public static void main(String[] args) throws IOException {
        boolean build = args.length == 0 || args[0].equals("build");
        int parts = args.length > 1 ? Integer.parseInt(args[1]) * 1_000 / PART : STOPS.getLast();
        Path target = Path.of(System.getProperty("tandem.root", "."), "target");
        Path root = target.resolve("growth");
        try (var encoder = OnnxEmbedder.bundled(target.resolve("encoder-cache"))) {
            var bench = new Growth(root, encoder, shuffledPages(root));
            if (build) {
                bench.grow(parts);
            } else {
                System.exit(bench.measure() ? 0 : 1);
            }
        }
    }

    private static List<Path> shuffledPages(Path root) throws IOException {
        Path folder = root.resolve("pages");
        if (!Files.exists(folder)) {
            Files.createDirectories(root);
            Path part = Files.createTempDirectory(root, "unpacking-");
            AwsPages.unpack(data(), ALL_PAGES, part);
            Files.move(part, folder);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> pages = files.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
            Collections.shuffle(pages, Random.from(Seeds.stream(1, "order of pages")));
            return List.copyOf(pages);
        }
    }

    private static Path data() {
        return Path.of(System.getProperty("tandem.data", "../shared/data")).resolve("aws-docs-qa");
    }

    private void grow(int parts) throws IOException {
        var editions = new EditionEncoder(encoder);
        Home home = Home.at(root.resolve("home"));
        for (int part = 0; part < parts; part++) {
            Path done = root.resolve("done-" + part);
            if (Files.exists(done)) {
                continue;
            }
            Path folder = write(part);
            try (Ingestor ingestor = Ingestor.open(home, editions)) {
                Summary summary =
                        ingestor.ingest(Request.of(ASKER, COLLECTION, List.of(folder.toString())), Growth::progress);
                System.err.printf(
                        Locale.ROOT,
                        "%npart %d: %,d pages, %,d chunks in %.0f s, of which vectors %.0f; %,d failed%n",
                        part + 1,
                        summary.added(),
                        summary.chunks(),
                        summary.elapsed().toNanos() / 1e9,
                        summary.embedding().toNanos() / 1e9,
                        summary.failed());
            }
            if (STOPS.contains(part + 1)) {
                keep(home, stop(part + 1));
            }
            Files.createFile(done);
        }
    }

    private Path stop(int parts) {
        return root.resolve("stop-" + parts);
    }

    /** Files of an index are never written twice, so that a link is a copy; those of the catalog are. */
    private static void keep(Home home, Path to) throws IOException {
        if (Files.exists(to)) {
            return;
        }
        Path part = Files.createTempDirectory(to.getParent(), "copying-");
        try (Stream<Path> all = Files.walk(home.path())) {
            for (Path from : (Iterable<Path>) all::iterator) {
                Path target = part.resolve(home.path().relativize(from));
                if (Files.isDirectory(from)) {
                    Files.createDirectories(target);
                } else if (from.toString().contains(File.separator + "index" + File.separator)) {
                    Files.createLink(target, from);
                } else {
                    Files.copy(from, target);
                }
            }
        }
        Files.move(part, to);
    }

    private boolean measure() throws IOException {
        var curve = new ArrayList<GrowthCurve.Point>();
        boolean reached = false;
        for (int parts : STOPS) {
            if (Files.exists(stop(parts))) {
                reached = measure(Home.at(stop(parts)), curve);
            }
        }
        if (curve.size() > 1) {
            Path drawn = Path.of(System.getProperty("tandem.root", "."), "docs", "growth.svg");
            Files.writeString(drawn, GrowthCurve.draw(curve, BAR_P99_MS));
        }
        return reached;
    }

    /** The part's pages, or editions of them where all pages are there once. */
    private Path write(int part) throws IOException {
        Path folder = root.resolve("part-" + part);
        for (int i = part * PART; i < (part + 1) * PART; i++) {
            Path page = pages.get(i % pages.size());
            int edition = i / pages.size();
            Path to = folder.resolve("edition-" + edition)
                    .resolve(root.resolve("pages").relativize(page).toString());
            Files.createDirectories(to.getParent());
            Files.writeString(to, EditionEncoder.edition(Files.readString(page, StandardCharsets.UTF_8), edition));
        }
        return folder;
    }

    private static void progress(Event event) {
        if (event instanceof Event.Progress at && at.total() > 0) {
            System.err.printf(Locale.ROOT, "\r%s %3d%%", at.work(), 100 * at.done() / at.total());
        }
    }

    /** The set's questions, then headings of pages, all different; those to warm up with come last. */
    private List<String> queries() throws IOException {
        Set<String> queries = new LinkedHashSet<>();
        BeirSuite.read(data()).cases().forEach(each -> queries.add(each.text()));
        for (Path page : pages) {
            if (queries.size() >= QUERIES + WARM_UP) {
                break;
            }
            Files.readString(page, StandardCharsets.UTF_8)
                    .lines()
                    .map(HEADING::matcher)
                    .filter(Matcher::matches)
                    .map(heading -> heading.group(1).strip())
                    .filter(heading -> heading.contains(" "))
                    .reduce((_, last) -> last)
                    .ifPresent(queries::add);
        }
        return List.copyOf(queries);
    }

    private boolean measure(Home home, List<GrowthCurve.Point> curve) throws IOException {
        List<String> all = queries();
        List<String> measured = all.subList(0, QUERIES);
        Path directory = home.index(ASKER.tenant(), COLLECTION);
        try (Catalog catalog = Catalog.read(home, ASKER.tenant());
                CollectionIndex index = CollectionIndex.read(directory, encoder.encoder())) {
            Indexes indexes = (_, _) -> Optional.of(index);
            Searcher hybrid = Retriever.fused(indexes, encoder, catalog);
            all.subList(QUERIES, all.size()).forEach(text -> hybrid.search(query(text)));
            double[] hybridMs = times(hybrid, measured);
            double[] lexicalMs = times(Retriever.lexical(indexes, catalog), measured);
            Searcher dense = Retriever.dense(indexes, encoder, catalog);
            double[] denseMs = times(dense, measured);
            List<String> some = measured.subList(0, RECALL_QUERIES);
            var nearest = new ExactNeighbours(directory, encoder.encoder())
                    .of(
                            some.stream()
                                    .map(text -> encoder.embed(List.of(text), Role.QUERY)
                                            .getFirst())
                                    .toList(),
                            LIMIT);
            double recall = recall(dense, nearest.least(), some);
            Percentiles at = Percentiles.of(hybridMs);
            curve.add(new GrowthCurve.Point(nearest.vectors(), at.p50(), at.p95(), at.p99()));
            System.out.printf(
                    Locale.ROOT,
                    "%,9d chunks: hybrid p50 %.1f, p95 %.1f, p99 %.1f ms; lexical p50 %.1f, p99 %.1f; dense p50 %.1f, p99"
                            + " %.1f; recall@%d %.3f%n",
                    nearest.vectors(),
                    at.p50(),
                    at.p95(),
                    at.p99(),
                    Percentiles.of(lexicalMs).p50(),
                    Percentiles.of(lexicalMs).p99(),
                    Percentiles.of(denseMs).p50(),
                    Percentiles.of(denseMs).p99(),
                    LIMIT,
                    recall);
            return nearest.vectors() >= LEAST_CHUNKS && at.p99() <= BAR_P99_MS && recall >= BAR_RECALL;
        }
    }

    private static double[] times(Searcher searcher, List<String> queries) {
        return queries.stream()
                .mapToDouble(text -> {
                    long start = System.nanoTime();
                    searcher.search(query(text));
                    return (System.nanoTime() - start) / 1e6;
                })
                .toArray();
    }

    private static double recall(Searcher dense, List<Double> least, List<String> queries) {
        long found = IntStream.range(0, queries.size())
                .mapToLong(i -> dense.search(query(queries.get(i))).stream()
                        .filter(hit -> hit.dense().raw() >= least.get(i) - ROUNDING)
                        .count())
                .sum();
        return (double) found / (queries.size() * LIMIT);
    }

    private static Query query(String text) {
        return new Query(text, ASKER, COLLECTION, Filter.everything(), LIMIT);
    }
}
