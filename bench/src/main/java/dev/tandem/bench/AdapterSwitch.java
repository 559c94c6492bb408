package dev.tandem.bench;

import dev.tandem.app.Wiring;
import dev.tandem.app.cli.TandemCommand;
import dev.tandem.app.cli.Terminal;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.FollowedClassifier;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * What it costs to promote a tuned classifier while others ask it: how long until the new one answers, how long the slowest
 * request takes, and whether any fails. And how much room an adapter takes.
 *
 * <pre>bench/run AdapterSwitch changes=10 callers=4</pre>
 *
 * <p>Two classifiers of rank 8 on all linear layers are trained for an epoch each, on a part of {@code banking77}; how good
 * they are is not looked at.
 */
final class AdapterSwitch {

    private static final Principal ASKER = Principal.ofUser("bench");
    private static final int EVERY = 12;

    private final Path home;

    private AdapterSwitch(Path home) {
        this.home = home;
    }

    public static void main(String[] args) throws Exception {
        var options = new Options(args);
        try (Scratch scratch = Scratch.of("switch")) {
            new AdapterSwitch(scratch.resolve("home"))
                    .run(scratch, (int) options.number("changes", 10), (int) options.number("callers", 4));
        }
    }

    private void run(Scratch scratch, int changes, int callers) throws Exception {
        List<String> references = new ArrayList<>();
        for (int each = 0; each < 2; each++) {
            train(scratch, each);
            try (Wiring wiring = Wiring.of(home, Map.of())) {
                references.add(
                        wiring.registry(ASKER).find(ASKER, "bank@candidate").reference());
            }
        }
        try (Wiring wiring = Wiring.of(home, Map.of())) {
            Registry registry = wiring.registry(ASKER);
            for (String reference : references) {
                say("%s takes %.2f MB (bar 6)", reference, megabytes(registry.find(ASKER, reference)));
            }
            change(wiring, registry, references, changes, callers);
        }
    }

    private void change(Wiring wiring, Registry registry, List<String> references, int changes, int callers)
            throws Exception {
        promote(wiring, registry, references.getFirst());
        var over = new AtomicBoolean();
        var failures = new CopyOnWriteArrayList<Failure>();
        var untilNew = new double[changes];
        long[] slowest = new long[callers];
        int answered = 0;
        try (FollowedClassifier classifier = wiring.followed(ASKER, "bank", failures::add);
                var threads = Executors.newFixedThreadPool(callers)) {
            var asking = new ArrayList<Future<Integer>>();
            for (int caller = 0; caller < callers; caller++) {
                int number = caller;
                asking.add(threads.submit(() -> {
                    int count = 0;
                    while (!over.get()) {
                        long began = System.nanoTime();
                        classifier.classify(List.of("My card has not arrived, order " + count));
                        slowest[number] = Math.max(slowest[number], System.nanoTime() - began);
                        count++;
                    }
                    return count;
                }));
            }
            for (int each = 0; each < changes; each++) {
                String wanted = references.get((each + 1) % 2);
                AdapterEntry now = promote(wiring, registry, wanted);
                long promoted = System.nanoTime();
                while (!Objects.equals(classifier.adapter().hash(), now.hash())) {
                    Thread.sleep(1);
                }
                untilNew[each] = (System.nanoTime() - promoted) / 1e9;
                Thread.sleep(500);
            }
            over.set(true);
            for (Future<Integer> each : asking) {
                // A request that failed ends its caller, and this program with it.
                answered += each.get();
            }
        }
        Arrays.sort(untilNew);
        say(
                "%d changes under %d callers: %,d requests answered, %d failed; the new one answers after %.2f s (median), %.2f s"
                        + " (longest; bar 1); slowest request %.2f s",
                changes,
                callers,
                answered,
                failures.size(),
                untilNew[changes / 2],
                untilNew[changes - 1],
                Arrays.stream(slowest).max().orElse(0) / 1e9);
    }

    private static AdapterEntry promote(Wiring wiring, Registry registry, String reference) {
        return registry.promoteAnyway(
                ASKER,
                reference,
                Registry.PRODUCTION,
                wiring.embedder(ASKER).encoder(),
                wiring.audit(ASKER),
                "How good it is is not looked at here.");
    }

    private double megabytes(AdapterEntry adapter) throws IOException {
        try (Stream<Path> files =
                Files.walk(home.resolve("tenants/default/adapters").resolve(String.valueOf(adapter.hash())))) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes / 1e6;
        }
    }

    /** On every twelfth example, those of the one training not among those of the other. */
    private void train(Scratch scratch, int which) throws IOException {
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"), "banking77");
        Path train =
                Files.write(scratch.resolve("train-" + which + ".jsonl"), some(data.resolve("train.jsonl.gz"), which));
        Path test = Files.write(scratch.resolve("test.jsonl"), some(data.resolve("test.jsonl.gz"), 0));
        tandem(
                "train",
                "classifier",
                "--method",
                "lora",
                "--epochs",
                "1",
                "--train",
                train.toString(),
                "--test",
                test.toString(),
                "--name",
                "bank",
                "--drop-leaked",
                "--as",
                "user:bench");
    }

    private static List<String> some(Path file, int which) throws IOException {
        var lines = new ArrayList<String>();
        try (var in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            int at = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (at++ % EVERY == which) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    private void tandem(String... args) {
        Terminal terminal = Terminal.plain(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                System.err);
        int exitCode = TandemCommand.run(terminal, Map.of("TANDEM_HOME", home.toString()), args);
        if (exitCode != 0) {
            throw new IllegalStateException("tandem " + String.join(" ", args) + " ended with " + exitCode);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
