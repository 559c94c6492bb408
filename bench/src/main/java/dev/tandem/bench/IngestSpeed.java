package dev.tandem.bench;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.ingest.Consent;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.IngestSettings;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.measure.Percentiles;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast documents come and go: all pages of aws-docs-qa until they are searchable by their words, the same tree again, one changed
 * contract of CUAD until the question has its new answer, and half of the pages removed while questions are asked.
 *
 * <p>Vectors of passages are drawn at random, as nothing measured here waits for them; only the changed contract's are the
 * encoder's, as those compete with the question. {@code bench/run FillThroughput} measures how fast vectors are made. To be
 * run with {@code BENCH_JAVA_OPTIONS=-Xmx1g}. Argument: how many pages, all when not given. Ends with 1 when a bar is missed.
 */
final class IngestSpeed {

    private static final int ALL_PAGES = 29_925;
    private static final double BAR_PAGES_S = 150;
    private static final double BAR_AGAIN_S = 5;
    private static final double BAR_CHANGED_S = 3;
    private static final double BAR_P99_TIMES = 2;

    private static final int LEAST_QUESTIONS = 400;
    private static final String COLLECTION = "default";
    private static final Principal ASKER = Principal.ofUser("bench");

    private final Path data;
    private final Scratch scratch;
    private final OnnxEmbedder encoder;
    private boolean reached = true;

    private IngestSpeed(Path data, Scratch scratch, OnnxEmbedder encoder) {
        this.data = data;
        this.scratch = scratch;
        this.encoder = encoder;
    }

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int pages = args.length > 0 ? Integer.parseInt(args[0]) : ALL_PAGES;
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"));
        boolean reached;
        try (Scratch scratch = Scratch.of("ingest-speed");
                OnnxEmbedder encoder = OnnxEmbedder.bundled(scratch.resolve("encoder-cache"))) {
            var bench = new IngestSpeed(data, scratch, encoder);
            bench.pages(pages);
            bench.contracts();
            reached = bench.reached;
        }
        System.exit(reached ? 0 : 1);
    }

    private void say(String what, double got, double bar, String unit) {
        reached &= got <= bar;
        System.out.printf(
                Locale.ROOT, "%-66s %8.2f %s (at most %.0f)%s%n", what, got, unit, bar, got <= bar ? "" : ": missed");
    }

    private void pages(int count) throws IOException, InterruptedException, ExecutionException {
        Path folder = scratch.resolve("pages");
        AwsPages.unpack(data.resolve("aws-docs-qa"), count, folder);
        Path home = scratch.resolve("pages-home");
        var searchable = new AtomicLong();
        long start = System.nanoTime();
        ingest(home, new Drawn(encoder.encoder()), folder, event -> {
            if (event instanceof Event.Indexed) {
                searchable.set(System.nanoTime());
            }
        });
        say(
                String.format(Locale.ROOT, "%,d pages searchable by their words", count),
                (searchable.get() - start) / 1e9,
                BAR_PAGES_S,
                "s");
        long again = System.nanoTime();
        ingest(home, new Drawn(encoder.encoder()), folder, _ -> {});
        say("the same pages again, nothing changed", (System.nanoTime() - again) / 1e9, BAR_AGAIN_S, "s");
        removal(home, folder);
    }

    private void ingest(Path home, Embedder embedder, Path folder, Consumer<Event> events) {
        try (Ingestor ingestor = Ingestor.open(
                Home.at(home), bundled(embedder), Consent.GIVEN, IngestSettings.standard(), OtherFormats.NONE)) {
            ingestor.ingest(Request.of(ASKER, COLLECTION, List.of(folder.toString())), events);
        }
    }

    /** Written down as the encoder that the program itself opens when asked. */
    private static Encoders bundled(Embedder embedder) {
        return new Encoders() {
            @Override
            public EncoderSource wanted(String collection) {
                return EncoderSource.of("");
            }

            @Override
            public Embedder open(String tenant, EncoderSource source, @Nullable Encoder as) {
                return embedder;
            }
        };
    }

    /** One asker, one question after another, each embedded anew, by words and meaning. */
    private void removal(Path home, Path folder) throws IOException, InterruptedException, ExecutionException {
        List<String> questions = BeirSuite.read(data.resolve("aws-docs-qa")).cases().stream()
                .map(each -> each.text())
                .toList();
        try (Wiring wiring = Wiring.of(home, Map.of());
                var remover = Executors.newSingleThreadExecutor()) {
            Searcher searcher = wiring.searcher(ASKER);
            ask(searcher, questions, times -> times < LEAST_QUESTIONS);
            double before = Percentiles.of(ask(searcher, questions, times -> times < LEAST_QUESTIONS))
                    .p99();
            try (Stream<Path> all = Files.walk(folder)) {
                int number = 0;
                for (Path file :
                        (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
                    if (number++ % 2 == 0) {
                        Files.delete(file);
                    }
                }
            }
            long start = System.nanoTime();
            Future<?> removing = remover.submit(() -> ingest(home, new Drawn(encoder.encoder()), folder, _ -> {}));
            double[] during = ask(searcher, questions, _ -> !removing.isDone());
            double seconds = (System.nanoTime() - start) / 1e9;
            removing.get();
            System.out.printf(
                    Locale.ROOT,
                    "half of them removed in %.1f s, %,d questions meanwhile; p99 before %.1f ms, meanwhile %.1f ms%n",
                    seconds,
                    during.length,
                    before,
                    Percentiles.of(during).p99());
            say(
                    "p99 of questions while half is removed, to that before",
                    Percentiles.of(during).p99() / before,
                    BAR_P99_TIMES,
                    "times");
        }
    }

    /** @param more whether another is asked after so many */
    private static double[] ask(Searcher searcher, List<String> questions, IntPredicate more) {
        var times = new ArrayList<Double>();
        while (more.test(times.size())) {
            long start = System.nanoTime();
            searcher.search(query(questions.get(times.size() % questions.size())));
            times.add((System.nanoTime() - start) / 1e6);
        }
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private void contracts() throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createDirectories(scratch.resolve("contracts"));
        var files = new ArrayList<Path>();
        for (String text : Contracts.read(data.resolve("cuad")).values()) {
            files.add(Files.writeString(folder.resolve(files.size() + ".txt"), text));
        }
        Path home = scratch.resolve("contracts-home");
        ingest(home, new Drawn(encoder.encoder()), folder, _ -> {});
        var slowest = 0.0;
        try (Wiring wiring = Wiring.of(home, Map.of());
                var changer = Executors.newSingleThreadExecutor()) {
            Answerer answerer = wiring.assistant(ASKER);
            for (int round = 0; round < 5; round++) {
                Path contract = files.get(round * 97);
                String name = "Quarrystone" + round;
                String fact = 1_000 + 7 * round + " barrels";
                Files.writeString(
                        contract, "The yearly quota of " + name + " is " + fact + ".\n\n" + Files.readString(contract));
                long start = System.nanoTime();
                Future<?> changing = changer.submit(() -> ingest(home, encoder, folder, _ -> {}));
                BooleanSupplier answered = () -> answerer.answer(query("What is the yearly quota of " + name + "?"))
                                instanceof Answer.Grounded answer
                        && answer.text().contains(fact);
                while (!answered.getAsBoolean()) {
                    if (changing.isDone() && !answered.getAsBoolean()) {
                        throw new IllegalStateException("The ingest ended without the new answer: " + contract);
                    }
                    Thread.sleep(20);
                }
                slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
                changing.get();
            }
        }
        say(
                String.format(
                        Locale.ROOT, "one of %d contracts changed, until the new answer; slowest of 5", files.size()),
                slowest,
                BAR_CHANGED_S,
                "s");
    }

    private static Query query(String text) {
        return new Query(text, ASKER, COLLECTION, Filter.everything(), 10);
    }

    /** Unit vectors drawn from the text. */
    private record Drawn(Encoder encoder) implements Embedder {

        @Override
        public List<float[]> embed(List<String> texts, Role role) {
            return texts.stream().map(this::drawn).toList();
        }

        @Override
        public int countTokens(String text) {
            return text.length() / 4;
        }

        private float[] drawn(String text) {
            var random = new Random(text.hashCode());
            float[] vector = new float[encoder.dimensions()];
            double square = 0;
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian();
                square += vector[i] * vector[i];
            }
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= (float) Math.sqrt(square);
            }
            return vector;
        }
    }
}
