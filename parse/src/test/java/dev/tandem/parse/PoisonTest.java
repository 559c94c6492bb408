package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.Extracted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hostile files: each is read or has its reason, in time, and the process that asked is none the worse. */
class PoisonTest {

    static final ParseLimits TIGHT = ParseLimits.standard()
            .withTime(Duration.ofSeconds(10))
            .withMemory(192)
            .withUnpacked(50)
            .withChildren(1);

    @Test
    void hundredsOfHostileFilesEndNothing() throws IOException {
        survive(Long.getLong("tandem.seed", 7), 1);
    }

    @Test
    @Tag("nightly")
    void thousandsOfHostileFilesEndNothing() throws IOException {
        survive(Long.getLong("tandem.seed", new Random().nextLong()), 20);
    }

    private static void survive(long seed, int eachWay) throws IOException {
        System.out.println("PoisonTest: replay with -Dtandem.seed=" + seed);
        Documents real = Documents.require();
        List<Poison.Doc> docs = Poison.of(seed, real, eachWay);
        var reasons = new TreeMap<String, Integer>();
        int read = 0;
        Duration longest = Duration.ZERO;
        try (var pool = ParserPool.within(TIGHT)) {
            Documents.read("first.docx", real.bytes("testWORD_various.docx"), pool);
            long before = heap();
            for (Poison.Doc doc : docs) {
                byte[] bytes = doc.bytes().make();
                long started = System.nanoTime();
                try {
                    Extracted extracted = Documents.read(doc.name(), bytes, pool);
                    assertThat(extracted.text())
                            .as(doc.name())
                            .doesNotContain("root:x:0")
                            .isNotBlank();
                    read++;
                } catch (Failure why) {
                    assertThat(why.getMessage()).as(doc.name()).isNotBlank().endsWith(".");
                    assertThat(why.nextStep()).as(doc.name()).isNotBlank();
                    reasons.merge(String.valueOf(why.getMessage()), 1, Integer::sum);
                }
                Duration took = Duration.ofNanos(System.nanoTime() - started);
                assertThat(took).as(doc.name()).isLessThan(Duration.ofSeconds(20));
                if (took.toMillis() > 2_000) {
                    System.out.println("  slow: " + doc.name() + " " + took.toMillis() + " ms");
                }
                longest = took.compareTo(longest) > 0 ? took : longest;
            }
            long grown = (heap() - before) / 1_000_000;
            System.out.printf(
                    "%d hostile files: %d read, longest %d ms, heap grown by %d MB%n",
                    docs.size(), read, longest.toMillis(), grown);
            reasons.forEach((reason, count) -> System.out.println("  " + count + "  " + reason));
            assertThat(grown).isLessThan(50);
            assertThat(Documents.read("last.docx", real.bytes("testWORD_various.docx"), pool)
                            .text())
                    .contains("Bullet 2");
        }
        assertThat(docs).hasSizeGreaterThan(200);
        assertThat(Files.exists(Path.of("/tmp/tandem-climbed.txt"))).isFalse();
    }

    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
