package dev.tandem.knowledge.index;

import static dev.tandem.knowledge.index.Shelf.ENCODER;
import static dev.tandem.knowledge.index.Shelf.EVERYTHING;
import static dev.tandem.knowledge.index.Shelf.chunks;
import static dev.tandem.knowledge.index.Shelf.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LexicalChannelTest {

    private static final double K1 = .9;
    private static final double B = .6;
    private static final List<String> WORDS = List.of("red", "blue", "green", "black", "white", "pink", "grey", "gold");

    @TempDir
    Path directory;

    private static String text(Random random, int most) {
        return IntStream.range(0, 1 + random.nextInt(most))
                .mapToObj(_ -> WORDS.get((int) (WORDS.size() * Math.pow(random.nextDouble(), 2))))
                .collect(Collectors.joining(" "));
    }

    /** The formula by hand, over texts short enough that Lucene keeps their lengths exactly. */
    @Test
    void theScoreIsBm25AndNeverAboveWhatIsAttainable() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var texts = new TreeMap<String, String>();
        try (var index = CollectionIndex.write(directory, ENCODER)) {
            for (int i = 0; i < 40; i++) {
                String text = text(random, 30);
                texts.put("d" + i + "@1#0", text);
                index.put(document("d" + i, 1), 1, chunks(document("d" + i, 1), text));
            }
            index.commit(1);
            try (Snapshot snapshot = index.snapshot()) {
                for (int i = 0; i < 50; i++) {
                    String question = text(random, 6) + (i % 2 == 0 ? "" : " unheardof");
                    Candidates found = snapshot.candidates(question, null, EVERYTHING, 100);
                    Map<String, Double> expected = bm25(question, texts);
                    assertThat(found.all().stream().map(Candidate::chunkId))
                            .as("seed %d, %s", seed, question)
                            .containsExactlyInAnyOrderElementsOf(expected.keySet());

                    for (Candidate each : found.all()) {
                        assertThat(each.attainable()).isCloseTo(attainable(question, texts), within(1e-4));
                        assertThat(each.bm25())
                                .as("seed %d, %s in %s", seed, question, texts.get(each.chunkId()))
                                .isCloseTo(expected.get(each.chunkId()), within(1e-4))
                                .isLessThanOrEqualTo(each.attainable());
                    }
                }
            }
        }
    }

    private static Map<String, Double> bm25(String question, Map<String, String> texts) {
        double mean = texts.values().stream()
                .mapToInt(text -> words(text).size())
                .average()
                .orElseThrow();
        var scores = new TreeMap<String, Double>();
        texts.forEach((id, text) -> {
            double score = 0;
            for (String word : words(question)) {
                long tf = words(text).stream().filter(word::equals).count();
                if (tf > 0) {
                    score += idf(word, texts)
                            * tf
                            / (tf + K1 * (1 - B + B * words(text).size() / mean));
                }
            }
            if (score > 0) {
                scores.put(id, score);
            }
        });
        return scores;
    }

    private static double attainable(String question, Map<String, String> texts) {
        return words(question).stream().mapToDouble(word -> idf(word, texts)).sum();
    }

    private static double idf(String word, Map<String, String> texts) {
        long with = texts.values().stream()
                .filter(text -> words(text).contains(word))
                .count();
        return with == 0 ? 0 : Math.log(1 + (texts.size() - with + .5) / (with + .5));
    }

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }
}
