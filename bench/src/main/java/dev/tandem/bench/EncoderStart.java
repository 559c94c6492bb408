package dev.tandem.bench;

import dev.tandem.domain.Embedder.Role;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long the encoder takes from nothing to the first vector: a new JVM each time, timed inside from before the embedder
 * is made, native libraries, model and first run included; JVM start and class loading by this program excluded. The
 * second question tells what a query costs from then on.
 *
 * <p>Argument: starts (default 15, after one that unpacks).
 */
final class EncoderStart {

    private static final String CHILD = "child";

    private EncoderStart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0 && args[0].equals(CHILD)) {
            start();
            return;
        }
        int starts = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        var first = new ArrayList<Double>();
        var second = new ArrayList<Double>();
        for (int start = 0; start <= starts; start++) {
            double[] milliseconds = child();
            if (start > 0) {
                first.add(milliseconds[0]);
                second.add(milliseconds[1]);
            }
        }
        print("to the first vector", first);
        print("a second question", second);
    }

    private static void print(String what, List<Double> milliseconds) {
        List<Double> sorted = milliseconds.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-20s median %.0f ms, least %.0f ms, most %.0f ms of %d starts%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    private static void start() {
        Path cache = Path.of(System.getProperty("tandem.root", "."), "target", "encoder-cache");
        long before = System.nanoTime();
        try (var encoder = OnnxEmbedder.bundled(cache)) {
            encoder.embed(List.of("How many days of leave do I get?"), Role.QUERY);
            long between = System.nanoTime();
            encoder.embed(List.of("When does the office in Lisbon open?"), Role.QUERY);
            long after = System.nanoTime();
            System.out.println((between - before) / 1e6 + " " + (after - between) / 1e6);
        }
    }

    private static double[] child() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dtandem.root=" + System.getProperty("tandem.root", "."),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EncoderStart.class.getName(),
                        CHILD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a start failed");
        }
        return Arrays.stream(line.strip().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
