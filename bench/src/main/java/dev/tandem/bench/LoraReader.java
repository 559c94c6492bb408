package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.passages.TopFiles;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.ReaderData;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.SpanReader;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.measure.AnswerText;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Seeds;
import dev.tandem.onnx.OnnxBase;
import dev.tandem.onnx.OnnxReader;
import dev.tandem.tune.LoraTrainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * A reader tuned on the training articles of both SQuAD sets, and what it makes of the test articles where it is given the
 * paragraph that each question is about.
 *
 * <pre>bench/run LoraReader epochs=4 out=target/reader test=yes</pre>
 *
 * <p>Without {@code test=yes} nothing is measured but training articles that are not learned from, which settings are
 * chosen by. Run again with the same arguments after it was stopped, it goes on.
 */
final class LoraReader {

    private static final int HELD_ARTICLES = 3;
    private static final int LOOKED_AT = 500;
    private static final Path DATA = Path.of(System.getProperty("tandem.data", "../shared/data"));

    private final Options options;
    private final OnnxBase base;

    private LoraReader(Options options, OnnxBase base) {
        this.options = options;
        this.base = base;
    }

    public static void main(String[] args) throws IOException {
        var options = new Options(args);
        Path target = Path.of(System.getProperty("tandem.root", "."), "target");
        new LoraReader(
                        options,
                        OnnxBase.bundled(
                                target.resolve("encoder-cache"), name -> LoraReader.class.getResource("/" + name)))
                .run(target);
    }

    private void run(Path target) throws IOException {
        Map<String, List<ReaderData.Case>> cases = cases();
        Set<String> articles = AnswerSuite.articles(DATA.resolve("squad-split.tsv"), "train");
        Set<String> heldArticles = held(articles);
        List<ReaderData.Case> held = of(cases, heldArticles);
        List<ReaderData.Case> learned = of(
                cases,
                articles.stream()
                        .filter(article -> !heldArticles.contains(article))
                        .toList());
        say("%,d questions to learn from, %,d to stop by", learned.size(), held.size());
        Path out = Path.of(options.text("out", target.resolve("reader").toString()));
        var settings = settings(out.resolve("state"));
        int most = (int) options.number("tokens", 160);
        long began = System.nanoTime();
        Trainer.TunedEncoder tuned = new LoraTrainer()
                .reader(
                        base.model(),
                        ReaderData.of(base, learned, most, settings.seed()),
                        ReaderData.of(base, looked(held), 256, settings.seed()),
                        settings,
                        event -> told(event, began));
        say(
                "best epoch %d of %d steps, %.0f tokens/s, %.0f s",
                tuned.epoch(), tuned.steps(), tuned.tokensPerSecond(), (System.nanoTime() - began) / 1e9);
        Linear head = tuned.head().orElseThrow();
        Files.createDirectories(out);
        var files = LoraFiles.write(tuned.lora(), base.model());
        files.put(TopFiles.NAME, TopFiles.write(head));
        for (var file : files.entrySet()) {
            Files.write(out.resolve(file.getKey()), file.getValue());
        }
        String hash = TopFiles.hash(files);
        try (OpenSpanReader merged = base.reader(tuned.lora(), head, hash);
                OpenSpanReader beside = OnnxReader.beside(tuned.lora(), head, hash, target.resolve("encoder-cache"))) {
            measure("merged, float32", merged, cases, held);
            measure("beside the bundled encoder", beside, cases, held);
        }
    }

    private void measure(
            String how, SpanReader reader, Map<String, List<ReaderData.Case>> cases, List<ReaderData.Case> held)
            throws IOException {
        measure(how + ": training articles not learned from", reader, held);
        if (options.says("test")) {
            measure(
                    how + ": test articles",
                    reader,
                    of(cases, AnswerSuite.articles(DATA.resolve("squad-split.tsv"), "test")));
        }
    }

    /** Some of those that are not learned from: to look at all of them after each epoch would take minutes. */
    private static List<ReaderData.Case> looked(List<ReaderData.Case> held) {
        var some = new ArrayList<>(held);
        Collections.shuffle(some, new Random(1));
        return some.subList(0, Math.min(some.size(), LOOKED_AT));
    }

    private static Set<String> held(Set<String> articles) {
        var random = Seeds.stream(1, "held articles");
        var all = new ArrayList<>(articles.stream().sorted().toList());
        var held = new HashSet<String>();
        while (held.size() < HELD_ARTICLES) {
            held.add(all.get(random.nextInt(all.size())));
        }
        return held;
    }

    private TrainingSettings settings(Path state) {
        int rank = (int) options.number("rank", 16);
        TrainingSettings standard = TrainingSettings.ofRank(rank, (long) options.number("seed", 1));
        return new TrainingSettings(
                new LoraSettings(
                        rank,
                        options.number("alpha", standard.lora().alpha()),
                        false,
                        options.number("dropout", 0),
                        standard.lora().targets(),
                        (int) options.number("lowest", 0)),
                (int) options.number("epochs", 4),
                (int) options.number("batch", 32),
                options.number("rate", 6e-4),
                options.number("head", 1e-3),
                options.number("warmup", .06),
                options.number("decay", .01),
                0,
                (int) options.number("patience", 3),
                standard.seed(),
                standard.threads(),
                state,
                Duration.ofMinutes(1));
    }

    private static void told(Trainer.Event event, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        switch (event) {
            case Trainer.Event.Epoch it ->
                say("  epoch %d: loss %.4f, F1 %.4f, after %.0f s", it.epoch(), it.loss(), it.figure(), seconds);
            case Trainer.Event.Step it
            when it.step() % 50 == 0 ->
                say(
                        "  step %d of %d: loss %.3f, %.0f tokens/s, %.0f s",
                        it.step(), it.steps(), it.loss(), it.tokensPerSecond(), seconds);
            case Trainer.Event.Step _ -> {}
            case Trainer.Event.Planned it ->
                say("  %,d steps, about %,d s and %,d MB", it.steps(), it.took().toSeconds(), it.megabytes());
            case Trainer.Event.Resumed it -> say("  going on after step %d", it.step());
        }
    }

    /** By token F1 where there is an answer, and by how well it is told where there is none. */
    private static void measure(String name, SpanReader reader, List<ReaderData.Case> cases) {
        var f1 = new ArrayList<Double>();
        var exact = new ArrayList<Double>();
        int none = 0;
        int saidNone = 0;
        int rightly = 0;
        for (ReaderData.Case each : cases) {
            Optional<SpanReader.Found> found =
                    reader.read(each.question(), List.of(each.passage())).getFirst();
            boolean abstains = found.isEmpty() || found.get().margin() < 0;
            String said = found.map(it -> each.passage().substring(it.from(), it.to()))
                    .orElse("");
            none += each.answers().isEmpty() ? 1 : 0;
            saidNone += abstains ? 1 : 0;
            rightly += abstains && each.answers().isEmpty() ? 1 : 0;
            if (!each.answers().isEmpty()) {
                f1.add(AnswerText.f1(said, each.answers()));
                exact.add(AnswerText.exactMatch(said, each.answers()));
            }
        }
        double precision = saidNone == 0 ? 0 : (double) rightly / saidNone;
        double recall = none == 0 ? 0 : (double) rightly / none;
        say(
                "%s, the paragraph given: token F1 %s and exact match %s of %,d answerable ones, were it never to abstain;"
                        + " that there is no answer (%,d): precision %.3f, recall %.3f, F1 %.3f",
                name,
                Bootstrap.mean(f1.stream().mapToDouble(it -> it).toArray()),
                Bootstrap.mean(exact.stream().mapToDouble(it -> it).toArray()),
                f1.size(),
                none,
                precision,
                recall,
                2 * precision * recall / Math.max(1e-9, precision + recall));
    }

    /** Questions of both sets by the article that they are about, each question once. */
    private static Map<String, List<ReaderData.Case>> cases() throws IOException {
        var cases = new HashMap<String, List<ReaderData.Case>>();
        var seen = new HashSet<String>();
        for (String suite : List.of(SquadHome.HALF_ANSWERED, SquadHome.ANSWERED)) {
            Map<String, String> paragraphs = paragraphs(DATA.resolve(suite));
            for (AnswerSuite.Case each : AnswerSuite.read(DATA.resolve(suite)).cases()) {
                String id = each.documents().iterator().next();
                String paragraph = paragraphs.getOrDefault(id, "");
                String article = id.replaceAll("-\\d+$", "").replace('_', ' ');
                if (!paragraph.isEmpty() && seen.add(each.question() + "\n" + paragraph)) {
                    cases.computeIfAbsent(article, _ -> new ArrayList<>())
                            .add(new ReaderData.Case(each.question(), paragraph, each.answers()));
                }
            }
        }
        return cases;
    }

    private static List<ReaderData.Case> of(Map<String, List<ReaderData.Case>> cases, Collection<String> articles) {
        return articles.stream()
                .sorted()
                .flatMap(article -> cases.getOrDefault(article, List.of()).stream())
                .toList();
    }

    private static Map<String, String> paragraphs(Path folder) throws IOException {
        var paragraphs = new HashMap<String, String>();
        var json = new ObjectMapper();
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve("corpus.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = json.readTree(line);
                paragraphs.put(node.get("_id").asText(), node.get("text").asText());
            }
        }
        return paragraphs;
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
