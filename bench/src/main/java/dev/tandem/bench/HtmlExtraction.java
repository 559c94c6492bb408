package dev.tandem.bench;

import dev.tandem.knowledge.extract.Extractors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import net.dankito.readability4j.Readability4J;
import org.jsoup.Jsoup;

/**
 * How much of a page's content is extracted, and how much else: tokens of the extracted text against tokens of the
 * expected extraction, as multisets, precision, recall and F1 a page, and their means. Three in the same run: this
 * project's extractor, Readability4J and the whole body.
 *
 * <p>With {@code --pages} each page's F1 is told too.
 */
public final class HtmlExtraction {

    private record Score(double precision, double recall) {
        double f1() {
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }

        static Score of(String found, String expected) {
            Map<String, Integer> left = counts(expected);
            int wanted = left.values().stream().mapToInt(Integer::intValue).sum();
            int all = 0;
            int common = 0;
            for (var token : counts(found).entrySet()) {
                all += token.getValue();
                common += Math.min(token.getValue(), left.getOrDefault(token.getKey(), 0));
            }
            return new Score(all == 0 ? 0 : (double) common / all, wanted == 0 ? 1 : (double) common / wanted);
        }

        private static Map<String, Integer> counts(String text) {
            var counts = new HashMap<String, Integer>();
            for (String token : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
                if (!token.isEmpty()) {
                    counts.merge(token, 1, Integer::sum);
                }
            }
            return counts;
        }
    }

    /** One way to extract, and how it did on each page. */
    private static final class Contender {
        private final String name;
        private final Function<byte[], String> extractor;
        private final List<Score> scores = new ArrayList<>();
        private long nanos;

        Contender(String name, Function<byte[], String> extractor) {
            this.name = name;
            this.extractor = extractor;
        }

        Score measure(byte[] html, String expected) {
            long start = System.nanoTime();
            String found = extractor.apply(html);
            nanos += System.nanoTime() - start;
            scores.add(Score.of(found, expected));
            return scores.getLast();
        }

        private double mean(ToDoubleFunction<Score> figure) {
            return scores.stream().mapToDouble(figure).average().orElse(0);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-14s pages %d  precision %.4f  recall %.4f  F1 %.4f  %d ms",
                    name,
                    scores.size(),
                    mean(Score::precision),
                    mean(Score::recall),
                    mean(Score::f1),
                    nanos / 1_000_000);
        }
    }

    private HtmlExtraction() {}

    public static void main(String[] arguments) throws IOException {
        boolean each = Arrays.asList(arguments).contains("--pages");
        var contenders = List.of(
                new Contender(
                        "tandem",
                        html -> Extractors.standard().extract("page.html", html).text()),
                new Contender("readability4j", html -> readability4j(new String(html, StandardCharsets.UTF_8))),
                new Contender(
                        "whole body",
                        html -> Jsoup.parse(new String(html, StandardCharsets.UTF_8))
                                .body()
                                .text()));
        Path data = Path.of(System.getProperty("tandem.data", "../shared/data"));
        for (Path page : pages(data.resolve("html-readability/pages"))) {
            byte[] html = Files.readAllBytes(page.resolve("source.html"));
            String expected =
                    Jsoup.parse(Files.readString(page.resolve("expected.html"))).text();
            var line = new StringBuilder(String.format(Locale.ROOT, "%-30s", page.getFileName()));
            for (Contender contender : contenders) {
                Score score = contender.measure(html, expected);
                line.append(String.format(Locale.ROOT, "  %s %.3f", contender.name, score.f1()));
            }
            if (each) {
                System.out.println(line);
            }
        }
        contenders.forEach(System.out::println);
    }

    private static String readability4j(String html) {
        String text = new Readability4J("http://fakehost/test/page.html", html)
                .parse()
                .getTextContent();
        return text == null ? "" : text;
    }

    private static List<Path> pages(Path folder) throws IOException {
        try (var pages = Files.list(folder)) {
            return pages.sorted().toList();
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
    }
}
