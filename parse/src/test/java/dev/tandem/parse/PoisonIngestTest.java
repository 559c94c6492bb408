package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.State;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile files among ordinary ones, taken in by a process with little memory: it ends well, holds no more than before, each
 * file that was not read has its reason, and every ordinary one is found by a word of its own.
 */
class PoisonIngestTest {

    private static final Principal ANA = Principal.parse("user:ana");
    private static final int HEAP = 256;
    private static final int BOOK = 4_900_000;

    /** 20,000 pages of text: long, and in order. */
    private static final String LONG = "poison-written.pdf";

    /** Between white space: what is joined by other signs may be one word or several. */
    private static final Pattern WORD = Pattern.compile("(?<!\\S)[\\p{L}\\p{N}]{1,30}(?=[.,;:!?]?(?!\\S))");

    @TempDir
    private Path folder;

    @Test
    void aSampleOfHostileFilesHarmsNoIngest() throws Exception {
        survive(Long.getLong("tandem.seed", 7), 20, 180);
    }

    @Test
    @Tag("nightly")
    void hundredsOfHostileFilesHarmNoIngest() throws Exception {
        survive(Long.getLong("tandem.seed", new Random().nextLong()), Integer.MAX_VALUE, 1_200);
    }

    private void survive(long seed, int most, int seconds) throws Exception {
        System.out.println("PoisonIngestTest: replay with -Dtandem.seed=" + seed);
        Documents real = Documents.require();
        Path docs = Files.createDirectory(folder.resolve("docs"));
        int files = write(docs, real, seed, most);
        Path warm = Files.createDirectory(folder.resolve("warm"));
        Files.write(warm.resolve("warm.docx"), real.bytes("testWORD_various.docx"));
        Files.write(warm.resolve("warm.pdf"), real.bytes("testPDF.pdf"));
        // The tables that tell languages apart are loaded once, whatever is read then.
        Files.writeString(
                warm.resolve("warm.txt"),
                "Die Fähre legt um sieben Uhr vom alten Pier ab, und Karten werden an Bord verkauft. ".repeat(20));
        Files.writeString(warm.resolve("book.txt"), book(seed));

        long[] grown = Stream.of(ingest(docs, warm, seconds).split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        System.out.printf(
                "%d files under -Xmx%dm: heap grown by %d MB; at its height by %d MB, with ordinary files by %d MB%n",
                files, HEAP, grown[0], grown[2], grown[1]);
        assertThat(grown[0]).as("afterwards").isLessThan(50);
        assertThat(grown[2]).as("at its height").isLessThan(50);

        Home home = Home.at(folder.resolve("home"));
        try (Catalog catalog = Catalog.read(home, ANA.tenant());
                CollectionIndex index =
                        CollectionIndex.read(home.index(ANA.tenant(), "default"), new PoisonIngest.Flat().encoder())) {
            Map<String, DocumentEntry> entries = new TreeMap<>();
            for (DocumentEntry entry : catalog.documents(ANA, null)) {
                if (entry.path().startsWith(docs.toString())) {
                    entries.put(docs.relativize(Path.of(entry.path())).toString(), entry);
                }
            }
            assertThat(entries.keySet().stream().map(PoisonIngestTest::file).distinct())
                    .hasSize(files);
            everyFailureHasItsReason(entries);
            everyOrdinaryFileIsFound(catalog, index, real, entries);
            if (entries.containsKey(LONG)) {
                var found = Retriever.lexical((_, _) -> Optional.of(index), catalog)
                        .search(new Query(Poison.word(19_998), ANA, "default", Filter.everything(), 3));
                assertThat(found.getFirst().document().path()).endsWith(LONG);
                assertThat(found.getFirst().chunk().page()).isBetween(19_900, 19_998);
            }
        }
        assertThat(Files.exists(Path.of("/tmp/tandem-climbed.txt"))).isFalse();
    }

    /** An ordinary file, about as long as a file of text may be: invented words. */
    private static String book(long seed) {
        var random = new Random(seed);
        var book = new StringBuilder(BOOK + 100);
        while (book.length() < BOOK) {
            book.append(Integer.toString(random.nextInt(60_000), 36)).append(random.nextInt(12) == 0 ? ". " : " ");
            if (random.nextInt(150) == 0) {
                book.append("\n\n");
            }
        }
        return book.toString();
    }

    private static int write(Path docs, Documents real, long seed, int most) throws IOException {
        int files = 0;
        for (Documents.Entry each : real.entries()) {
            Files.write(docs.resolve(each.file()), real.bytes(each.file()));
            files++;
        }
        var poison = new ArrayList<>(Poison.of(seed, real, 1));
        assertThat(poison).hasSizeGreaterThan(200);
        if (most < poison.size()) {
            Collections.shuffle(poison, new Random(seed));
        }
        for (Poison.Doc doc : poison.subList(0, Math.min(most, poison.size()))) {
            Files.write(docs.resolve("poison-" + doc.name()), doc.bytes().make());
            files++;
        }
        return files;
    }

    private String ingest(Path docs, Path warm, int seconds) throws Exception {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PoisonIngest.class.getName(),
                        folder.resolve("home").toString(),
                        warm.toString(),
                        docs.toString())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        String errors = Files.readString(folder.resolve("err"));
        assertThat(ended).as("it hangs: " + errors).isTrue();
        assertThat(process.exitValue()).as(errors).isZero();
        return Files.readAllLines(out).getLast();
    }

    /** The file that a document stands in. */
    private static String file(String path) {
        return path.replaceFirst("#.*", "");
    }

    private static void everyFailureHasItsReason(Map<String, DocumentEntry> entries) {
        var reasons = new TreeMap<String, Integer>();
        entries.forEach((name, entry) -> {
            assertThat(entry.state()).as(name).isIn(State.READY, State.FAILED);
            if (entry.state() == State.FAILED) {
                assertThat(entry.reason()).as(name).isNotBlank().doesNotContain("broke down", "Exception", "null");
                reasons.merge(String.valueOf(entry.reason()), 1, Integer::sum);
            }
        });
        reasons.forEach((reason, count) -> System.out.println("  " + count + "  " + reason));
    }

    /** By the word of its text that fewest other documents have. */
    private static void everyOrdinaryFileIsFound(
            Catalog catalog, CollectionIndex index, Documents real, Map<String, DocumentEntry> entries) {
        Map<String, Set<String>> words = new HashMap<>();
        Map<String, Integer> holders = new HashMap<>();
        entries.forEach((name, entry) -> {
            if (entry.state() == State.READY) {
                String text = catalog.text(ANA, entry.id(), entry.version()).orElseThrow();
                var own = new HashSet<String>();
                WORD.matcher(text.toLowerCase(Locale.ROOT)).results().forEach(word -> own.add(word.group()));
                words.computeIfAbsent(file(name), _ -> new HashSet<>()).addAll(own);
            }
        });
        words.values().forEach(own -> own.forEach(word -> holders.merge(word, 1, Integer::sum)));
        List<String> ordinary = real.entries().stream()
                .filter(each -> each.category().equals("normal"))
                .map(Documents.Entry::file)
                .filter(file -> !FormatsTest.WITHOUT_TEXT.contains(file))
                .toList();
        var searcher = Retriever.lexical((_, _) -> Optional.of(index), catalog);
        var missing = new ArrayList<String>();
        for (String file : ordinary) {
            String canary = words.getOrDefault(file, Set.of()).stream()
                    .min(Comparator.comparingInt((String word) -> holders.getOrDefault(word, 0))
                            .thenComparingInt(word -> -word.length())
                            .thenComparing(Comparator.naturalOrder()))
                    .orElse("");
            boolean found = !canary.isEmpty()
                    && searcher.search(new Query(canary, ANA, "default", Filter.everything(), 100)).stream()
                            .anyMatch(hit -> file(hit.document().path()).endsWith("/" + file));
            if (!found) {
                missing.add(file + " by '" + canary + "'");
            }
        }
        assertThat(missing).isEmpty();
        assertThat(ordinary).hasSizeGreaterThan(35);
    }
}
