package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.FormatMethod;
import dev.tandem.app.cli.TandemCommand;
import dev.tandem.app.cli.Terminal;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * The loop on {@code banking77}, by the commands that a person types: a classifier from files to production, the four arms
 * compared, the comparison started again, and classifiers from ten examples a class.
 *
 * <pre>bench/run LoopBench</pre>
 *
 * <p>Training texts that stand in the test file are left out ({@code --drop-leaked}). The ten examples of a class are drawn
 * by five fixed seeds.
 */
public final class LoopBench {

    private static final int FEW = 10;
    private static final int SEEDS = 5;

    private final ObjectMapper json = new ObjectMapper();
    private final Path home;
    private final Path train;
    private final Path test;

    private LoopBench(Path home, Path data) {
        this.home = home;
        this.train = data.resolve("banking77/train.jsonl.gz");
        this.test = data.resolve("banking77/test.jsonl.gz");
    }

    public static void main(String[] args) throws IOException {
        try (Scratch scratch = Scratch.of("loop")) {
            new LoopBench(scratch.resolve("home"), Path.of(System.getProperty("tandem.data"))).run(scratch);
        }
    }

    private void run(Scratch scratch) throws IOException {
        long start = System.nanoTime();
        JsonNode all = tandem(
                "train",
                "classifier",
                "--train",
                train.toString(),
                "--test",
                test.toString(),
                "--name",
                "intents",
                "--drop-leaked",
                "--promote",
                "--json");
        double seconds = since(start);
        say(
                "all %,d examples: accuracy %s (bar .925), macro F1 %s, ECE %.4f",
                all.path("examples").asInt(),
                figure(all.path("test").path("accuracy")),
                figure(all.path("test").path("macro_f1")),
                all.path("test").path("ece").asDouble());
        say(
                "from JSONL to production %.1f s (bar 150), of which the head %.1f s (bar 10)",
                seconds, all.path("head_seconds").asDouble());

        String[] compare = {
            "compare",
            "--task",
            "classify",
            "--train",
            train.toString(),
            "--suite",
            test.toString(),
            "--drop-leaked",
            "--json"
        };
        start = System.nanoTime();
        JsonNode compared = tandem(compare);
        say(
                "compare, %,d cases, four arms, embeddings cached: %.1f s (bar 60)",
                compared.path("cases").asInt(), since(start));
        for (JsonNode arm : compared.path("arms")) {
            say(
                    "  %-9s accuracy %s, macro F1 %s, p50 %.1f ms, p95 %.1f ms",
                    arm.path("arm").asText(),
                    figure(arm.path("figures").path("accuracy")),
                    figure(arm.path("figures").path("macro_f1")),
                    arm.path("latency_ms").path("p50").asDouble(),
                    arm.path("latency_ms").path("p95").asDouble());
        }
        for (JsonNode pair : compared.path("pairs")) {
            say(
                    "  %s (Holm-adjusted p %.3f)",
                    pair.path("words").asText(), pair.path("p_holm").asDouble());
        }
        start = System.nanoTime();
        JsonNode again = tandem(compare);
        say(
                "the same again: %.1f s, the same JSON apart from times: %s",
                since(start), timeless(again).equals(timeless(compared)));

        var few = new double[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            Path file = scratch.resolve("few-" + seed + ".jsonl");
            Files.writeString(file, few(seed));
            JsonNode trained = tandem(
                    "train",
                    "classifier",
                    "--train",
                    file.toString(),
                    "--test",
                    test.toString(),
                    "--name",
                    "few-" + seed,
                    "--drop-leaked",
                    "--json");
            few[seed] = trained.path("test").path("accuracy").path("value").asDouble();
            say(
                    "%d a class, seed %d: accuracy %s, head %.1f s",
                    FEW,
                    seed,
                    figure(trained.path("test").path("accuracy")),
                    trained.path("head_seconds").asDouble());
        }
        say(
                "%d a class, mean of %d seeds: %.4f (bar .86)",
                FEW, SEEDS, Arrays.stream(few).average().orElse(0));
    }

    /** So many examples of each class, drawn by the seed. */
    private String few(int seed) throws IOException {
        var byLabel = new TreeMap<String, List<String>>();
        try (var in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(train)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                byLabel.computeIfAbsent(json.readTree(line).path("label").asText(), any -> new ArrayList<>())
                        .add(line);
            }
        }
        var text = new StringBuilder();
        var random = new Random(seed);
        byLabel.values().forEach(lines -> {
            Collections.shuffle(lines, random);
            lines.stream().limit(FEW).forEach(line -> text.append(line).append('\n'));
        });
        return text.toString();
    }

    /** The last line that a command prints, as JSON. */
    private JsonNode tandem(String... args) throws IOException {
        var out = new ByteArrayOutputStream();
        Terminal terminal = Terminal.plain(
                new ByteArrayInputStream(new byte[0]), new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
        int exitCode = TandemCommand.run(terminal, Map.of("TANDEM_HOME", home.toString()), args);
        if (exitCode != 0) {
            throw new IllegalStateException("tandem " + String.join(" ", args) + " ended with " + exitCode);
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        return json.readTree(lines.getLast());
    }

    private static JsonNode timeless(JsonNode report) {
        ObjectNode copy = report.deepCopy();
        copy.remove("seconds");
        copy.path("arms").forEach(arm -> ((ObjectNode) arm).remove("latency_ms"));
        return copy;
    }

    private static String figure(JsonNode figure) {
        return String.format(
                Locale.ROOT,
                "%.4f [%.4f, %.4f]",
                figure.path("value").asDouble(),
                figure.path("low").asDouble(),
                figure.path("high").asDouble());
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    @FormatMethod
    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
