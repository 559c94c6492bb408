package dev.tandem.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.Wiring;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.evidence.CorpusIds;
import dev.tandem.evidence.RetrievalEvaluation;
import dev.tandem.evidence.RetrievalReport;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.measure.Interval;
import dev.tandem.measure.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What analysis by a document's own language is worth: manual pages in another language, each to be found by the line that
 * says what it is for ("Verzeichnisinhalte auflisten"), which is taken out of the page. The same pages stand in two collections:
 * one whose languages are told from the text, one that is said to be English, where words are reduced by English rules and the
 * bundled encoder, which knows English alone, weighs in.
 *
 * <p>Arguments: folders with manual pages, such as {@code /usr/share/man/de} of Debian's package {@code manpages-de}; the name
 * is the language's code. At most {@value #PAGES} pages of each, drawn by a fixed seed, and {@value #CHARACTERS} characters of a
 * page.
 */
final class LanguageStudy {

    private static final int PAGES = 600;
    private static final int CHARACTERS = 2_000;
    private static final int FEWEST_CHARACTERS = 400;
    private static final String TOLD = "told";
    private static final String AS_ENGLISH = "english";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LanguageStudy() {}

    /** @param purpose what it is for, in a line */
    private record Page(String id, String purpose, String text) {}

    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println(
                    "Usage: bench/run LanguageStudy /usr/share/man/de …  (Debian: manpages-de, manpages-fr, …)");
            System.exit(2);
        }
        for (String folder : args) {
            Path pages = Path.of(folder);
            study(Language.named(pages.getFileName().toString()), read(pages));
        }
    }

    private static void study(Language language, List<Page> pages) throws IOException {
        Principal asker = Principal.ofUser("bench");
        try (var scratch = Scratch.of("languages");
                var wiring = Wiring.of(scratch.resolve("home"), Map.of())) {
            BeirSuite suite = written(pages, scratch.resolve(language.code()));
            String corpus = BeirSuite.corpus(scratch.resolve(language.code())).toString();
            try (Ingestor ingestor = wiring.ingestor()) {
                ingestor.ingest(Request.of(asker, TOLD, List.of(corpus)), _ -> {});
                var english = new TreeMap<>(Map.of("language", Language.ENGLISH.code()));
                ingestor.ingest(Request.of(asker, AS_ENGLISH, List.of(corpus)).with(english), _ -> {});
            }
            System.out.printf(
                    Locale.ROOT,
                    "%n%s: %,d pages, each looked for by its own line; told to be %s: %,d%n",
                    language.word(),
                    pages.size(),
                    language.word(),
                    wiring.catalog(asker).documents(asker, TOLD).stream()
                            .filter(document -> document.language() == language)
                            .count());
            var rows = new LinkedHashMap<String, RetrievalReport>();
            rows.put("by English rules", run(asker, AS_ENGLISH, suite, wiring));
            rows.put("by its own", run(asker, TOLD, suite, wiring));
            rows.forEach((name, report) -> report.modes()
                    .forEach((mode, figures) -> System.out.printf(
                            Locale.ROOT,
                            "  %-17s %-8s nDCG@10 %s  recall@10 %s%n",
                            name,
                            mode,
                            text(figures.ndcgAt10()),
                            text(figures.recallAt10()))));
        }
    }

    private static RetrievalReport run(Principal asker, String collection, BeirSuite suite, Wiring wiring) {
        var modes = new LinkedHashMap<String, Searcher>();
        modes.put("lexical", wiring.lexical(asker));
        modes.put("hybrid", wiring.searcher(asker));
        return new RetrievalEvaluation(asker, collection, CorpusIds.ofRecords()).run(suite, modes);
    }

    private static List<Page> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = new ArrayList<>(walk.filter(file -> file.toString().endsWith(".gz") && Files.isRegularFile(file))
                    .sorted()
                    .toList());
        }
        Collections.shuffle(files, Random.from(Seeds.stream(1, "manual pages")));
        var byPurpose = new LinkedHashMap<String, Page>();
        for (Path file : files) {
            Page page = page(file);
            if (page != null && page.text().length() >= FEWEST_CHARACTERS && byPurpose.size() < PAGES) {
                byPurpose.putIfAbsent(page.purpose(), page);
            }
        }
        return List.copyOf(byPurpose.values());
    }

    /** The page's purpose is what stands behind a dash in its first section; null where it is not written so. */
    private static @Nullable Page page(Path file) throws IOException {
        var name = new StringBuilder();
        var body = new StringBuilder();
        int section = 0;
        try (var reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(".SH") || line.startsWith(".Sh")) {
                    section++;
                }
                String words = words(line);
                if (section == 1 && !line.startsWith(".SH")) {
                    name.append(words).append(' ');
                } else if (section > 1) {
                    body.append(words).append('\n');
                }
            }
        }
        String[] parts = name.toString().strip().split("\\s+[-–—]\\s+", 2);
        if (parts.length < 2 || parts[1].isBlank()) {
            return null;
        }
        String text = body.substring(0, Math.min(body.length(), CHARACTERS)).strip();
        return new Page(file.getFileName().toString().replaceAll("\\.gz$", ""), parts[1].strip(), text);
    }

    /** What is left of a line of a manual page when its commands are taken out. */
    private static String words(String line) {
        if (line.startsWith(".\\\"") || line.startsWith("'\\\"")) {
            return "";
        }
        String content = line.startsWith(".") ? line.replaceFirst("^\\.\\s*\\S+\\s*", "") : line;
        return content.replace("\\-", "-")
                .replace("\\(en", "–")
                .replace("\\(em", "—")
                .replaceAll("\\\\f(\\(..|\\[[^]]*]|.)", "")
                .replaceAll("\\\\[&%|^,/]|\\\\s[-+]?\\d", "")
                .replace("\\e", "\\");
    }

    private static BeirSuite written(List<Page> pages, Path folder) throws IOException {
        Files.createDirectories(folder.resolve("qrels"));
        var corpus = new ArrayList<String>();
        var queries = new ArrayList<String>();
        var judgements = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        for (Page page : pages) {
            corpus.add(JSON.writeValueAsString(Map.of("_id", page.id(), "text", page.text())));
            queries.add(JSON.writeValueAsString(Map.of("_id", page.id(), "text", page.purpose())));
            judgements.add(page.id() + "\t" + page.id() + "\t1");
        }
        Files.write(folder.resolve("corpus.jsonl"), corpus);
        Files.write(folder.resolve("queries.jsonl"), queries);
        Files.write(folder.resolve("qrels/test.tsv"), judgements);
        return BeirSuite.read(folder);
    }

    private static String text(Interval figure) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", figure.value(), figure.low(), figure.high());
    }
}
