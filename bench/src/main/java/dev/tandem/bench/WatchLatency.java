package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.Main;
import dev.tandem.app.Wiring;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * From the moment when a file was saved to the one when the same question has its new answer: {@code tandem ingest --watch}
 * in a process of its own over a folder of contracts, questions from here, every 20 ms. A clause with an invented fact is
 * put into one contract after the other, in place, by a file put over it in one step, and by two writes with a pause.
 *
 * <p>Arguments: the folder of CUAD's contracts; how many of them (500), cut at how many characters (3,000), how many saves
 * (120). The figures are for docs/benchmarks.md.
 */
final class WatchLatency {

    private static final Principal ASKER = Principal.ofUser("bench");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private WatchLatency() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path contracts = Path.of(args.length > 0 ? args[0] : "../shared/data/cuad");
        int files = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        int characters = args.length > 2 ? Integer.parseInt(args[2]) : 3_000;
        int saves = args.length > 3 ? Integer.parseInt(args[3]) : 120;
        Path folder = Files.createTempDirectory("watch-latency");
        Path docs = Files.createDirectories(folder.resolve("docs"));
        List<Path> written = write(contracts, docs, files, characters);
        Process watch = watch(folder, docs);
        try (BufferedReader events = watch.inputReader();
                Wiring wiring = Wiring.of(folder.resolve("home"), Map.of())) {
            long chunks = begun(events);
            Thread.ofVirtual().start(() -> events.lines().forEach(_ -> {}));
            var answerer = wiring.assistant(ASKER);
            var random = new SplittableRandom(1);
            double[] seconds = new double[saves];
            for (int i = 0; i < saves; i++) {
                seconds[i] = save(written.get(random.nextInt(written.size())), i, answerer);
            }
            Arrays.sort(seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%d contracts, %d chunks, %d saves: p50 %.2f s, p95 %.2f s, p99 %.2f s, slowest %.2f s%n",
                    written.size(),
                    chunks,
                    saves,
                    at(seconds, .50),
                    at(seconds, .95),
                    at(seconds, .99),
                    seconds[saves - 1]);
        } finally {
            watch.destroyForcibly();
        }
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** Seconds from the end of the save to the answer. */
    private static double save(Path file, int number, Answerer answerer) throws IOException, InterruptedException {
        String name = "Quarrystone" + number;
        String fact = 1_000 + 7 * number + " barrels";
        String clause = "# " + name + "\n\nThe yearly quota of " + name + " is " + fact + ".\n\n";
        String text = clause + Files.readString(file).replaceFirst("(?s)^# Quarrystone.*?\\.\n\n", "");
        switch (number % 3) {
            case 0 -> Files.writeString(file, text);
            case 1 -> {
                Path draft = Files.writeString(file.resolveSibling("." + number + ".tmp"), text);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
            default -> {
                Files.writeString(file, text.substring(0, text.length() / 2));
                Thread.sleep(100);
                Files.writeString(file, text);
            }
        }
        long saved = System.nanoTime();
        var question = new Query("What is the yearly quota of " + name + "?", ASKER, "default", Filter.everything(), 3);
        while (System.nanoTime() - saved < PATIENCE.toNanos()) {
            if (answerer.answer(question) instanceof Answer.Grounded answer
                    && answer.text().contains(fact)) {
                return (System.nanoTime() - saved) / 1e9;
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("No new answer after a minute: " + file);
    }

    private static long begun(BufferedReader events) throws IOException {
        var json = new ObjectMapper();
        long chunks = 0;
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            JsonNode event = json.readTree(line);
            if (event.path("event").asText().equals("done")) {
                chunks = event.path("chunks").asLong();
            }
            if (event.path("event").asText().equals("watching")) {
                return chunks;
            }
        }
        throw new IllegalStateException("The watch ended.");
    }

    private static List<Path> write(Path contracts, Path docs, int most, int characters) throws IOException {
        var written = new ArrayList<Path>();
        for (String text : Contracts.read(contracts).values()) {
            if (written.size() < most) {
                written.add(Files.writeString(
                        docs.resolve(written.size() + ".md"), text.substring(0, Math.min(text.length(), characters))));
            }
        }
        return written;
    }

    private static Process watch(Path folder, Path docs) throws IOException {
        var command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "ingest",
                "--watch",
                docs.toString(),
                "--json",
                "--as",
                "user:bench");
        command.environment().put("TANDEM_HOME", folder.resolve("home").toString());
        return command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
