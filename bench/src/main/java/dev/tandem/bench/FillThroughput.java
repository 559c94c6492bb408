package dev.tandem.bench;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * How much of ONNX Runtime's speed is left when an ingest fills in vectors. The batches that a real ingest embeds are written
 * down; then, in turn, a new home is filled, and ONNX Runtime alone runs the same batches, tokenised beforehand, its vectors
 * thrown away: as padded batches in a session with its own defaults, and text by text on as many threads as there are cores
 * in a session like ours. The time of a fill is all that comes between words and vectors: reading what is lacking,
 * tokenising, running, keeping vectors in the catalog, the index, the commit.
 *
 * <p>Arguments: pages of aws-docs-qa (default 200), rounds (default 5, after one to warm up). Ends with 1 when a fill has less
 * than 90% of the faster of the two.
 */
final class FillThroughput {

    private static final double BAR = .9;
    private static final int MOST_TOKENS = 512;
    private static final Principal ASKER = Principal.ofUser("bench");

    private final Scratch scratch;
    private final OnnxEmbedder encoder;

    private FillThroughput(Scratch scratch, OnnxEmbedder encoder) {
        this.scratch = scratch;
        this.encoder = encoder;
    }

    public static void main(String[] args) throws Exception {
        int pages = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Path cache = Path.of(System.getProperty("tandem.root", "."), "target", "encoder-cache");
        boolean reached;
        try (var scratch = Scratch.of("fill-throughput");
                var encoder = OnnxEmbedder.bundled(cache)) {
            reached = new FillThroughput(scratch, encoder).run(pages, rounds, cache);
        }
        System.exit(reached ? 0 : 1);
    }

    private boolean run(int pages, int rounds, Path cache) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("pages"));
        AwsPages.unpack(
                Path.of(System.getProperty("tandem.data", "../shared/data")).resolve("aws-docs-qa"), pages, folder);
        var recorder = new Recorder(encoder);
        fill(recorder, folder, "recorded");
        List<List<long[]>> batches = tokens(recorder.batches, only(cache, "tokenizer.json"));
        long tokens = batches.stream()
                .flatMap(List::stream)
                .mapToLong(text -> text.length)
                .sum();
        System.out.printf(
                Locale.ROOT,
                "%,d texts in %,d batches, %,d tokens, %d cores, %d rounds in turn%n",
                batches.stream().mapToInt(List::size).sum(),
                batches.size(),
                tokens,
                Runtime.getRuntime().availableProcessors(),
                rounds);
        double[] ours = new double[rounds];
        double[] padded = new double[rounds];
        double[] single = new double[rounds];
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession plain = environment.createSession(
                        only(cache, "model.onnx").toString(), new OrtSession.SessionOptions());
                OrtSession like = environment.createSession(optimised(cache).toString(), likeOurs())) {
            for (int round = -1; round < rounds; round++) {
                double filled = fill(encoder, folder, "round-" + round);
                long start = System.nanoTime();
                for (List<long[]> batch : batches) {
                    run(environment, plain, batch);
                }
                double inBatches = seconds(start);
                start = System.nanoTime();
                onAllCores(environment, like, batches);
                double textByText = seconds(start);
                if (round >= 0) {
                    ours[round] = filled;
                    padded[round] = inBatches;
                    single[round] = textByText;
                }
            }
        }
        double fill = report("Tandem's fill", ours, tokens);
        double raw = Math.min(
                report("ONNX Runtime, padded batches", padded, tokens),
                report("ONNX Runtime, text by text", single, tokens));
        System.out.printf(
                Locale.ROOT, "the fill has %.1f%% of the faster one (bar %.0f%%)%n", 100 * raw / fill, 100 * BAR);
        return raw / fill >= BAR;
    }

    /** Seconds between words and vectors, of an ingest into a new home. */
    private double fill(Embedder with, Path folder, String home) {
        try (Ingestor ingestor = Ingestor.open(Home.at(scratch.resolve(home)), with)) {
            Summary summary = ingestor.ingest(Request.of(ASKER, "pages", List.of(folder.toString())), _ -> {});
            return summary.embedding().toNanos() / 1e9;
        }
    }

    private static void run(OrtEnvironment environment, OrtSession session, List<long[]> batch) throws OrtException {
        int longest = batch.stream().mapToInt(text -> text.length).max().orElseThrow();
        long[] shape = {batch.size(), longest};
        long[] ids = new long[batch.size() * longest];
        long[] mask = new long[ids.length];
        for (int row = 0; row < batch.size(); row++) {
            long[] text = batch.get(row);
            System.arraycopy(text, 0, ids, row * longest, text.length);
            Arrays.fill(mask, row * longest, row * longest + text.length, 1);
        }
        try (var input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                var attended = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                var types = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
                var result =
                        session.run(Map.of("input_ids", input, "attention_mask", attended, "token_type_ids", types))) {
            FloatBuffer hidden = ((OnnxTensor) result.get(0)).getFloatBuffer();
            if (!Float.isFinite(hidden.get(0))) {
                throw new IllegalStateException("not a vector");
            }
        }
    }

    /** Batch after batch, as the fill does it; within one, the longest text first. */
    private static void onAllCores(OrtEnvironment environment, OrtSession session, List<List<long[]>> batches)
            throws InterruptedException, ExecutionException {
        int cores = Runtime.getRuntime().availableProcessors();
        try (var threads = Executors.newFixedThreadPool(cores)) {
            for (List<long[]> batch : batches) {
                List<long[]> order = batch.stream()
                        .sorted(Comparator.comparingInt((long[] text) -> -text.length))
                        .toList();
                var next = new AtomicInteger();
                var running = new ArrayList<Future<?>>();
                for (int thread = 0; thread < cores; thread++) {
                    running.add(threads.submit(() -> {
                        for (int i = next.getAndIncrement(); i < order.size(); i = next.getAndIncrement()) {
                            run(environment, session, List.of(order.get(i)));
                        }
                        return true;
                    }));
                }
                for (Future<?> each : running) {
                    each.get();
                }
            }
        }
    }

    private static OrtSession.SessionOptions likeOurs() throws OrtException {
        var options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OptLevel.NO_OPT);
        return options;
    }

    /** The model as the encoder has it rewritten once. */
    private static Path optimised(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("optimised"))) {
            return files.filter(file -> file.toString().endsWith(".onnx"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow();
        }
    }

    private static Path only(Path cache, String name) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<List<long[]>> tokens(List<List<String>> batches, Path tokenizer) throws IOException {
        TokenizersLibrary library = TokenizersLibrary.LIB;
        long handle = library.createTokenizerFromString(Files.readString(tokenizer));
        library.disablePadding(handle);
        library.disableTruncation(handle);
        var all = new ArrayList<List<long[]>>();
        for (List<String> batch : batches) {
            var texts = new ArrayList<long[]>();
            for (String text : batch) {
                long encoding = library.encode(handle, text, true);
                long[] ids = library.getTokenIds(encoding);
                texts.add(ids.length > MOST_TOKENS ? Arrays.copyOf(ids, MOST_TOKENS) : ids);
                library.deleteEncoding(encoding);
            }
            all.add(texts);
        }
        library.deleteTokenizer(handle);
        return all;
    }

    /** Prints the median round; its seconds. */
    private static double report(String name, double[] seconds, long tokens) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        System.out.printf(
                Locale.ROOT,
                "%-29s median %,7.0f tokens/s; best round %,7.0f%n",
                name,
                tokens / median,
                tokens / sorted[0]);
        return median;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Writes down what it is given. */
    private static final class Recorder implements Embedder {
        private final Embedder encoder;
        private final List<List<String>> batches = new ArrayList<>();

        Recorder(Embedder encoder) {
            this.encoder = encoder;
        }

        @Override
        public Encoder encoder() {
            return encoder.encoder();
        }

        @Override
        public List<String> endpoints() {
            return encoder.endpoints();
        }

        @Override
        public List<float[]> embed(List<String> texts, Role role) {
            batches.add(List.copyOf(texts));
            return encoder.embed(texts, role);
        }

        @Override
        public int countTokens(String text) {
            return encoder.countTokens(text);
        }
    }
}
