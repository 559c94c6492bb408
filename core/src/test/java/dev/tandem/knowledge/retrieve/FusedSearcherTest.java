package dev.tandem.knowledge.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FusedSearcherTest extends SearcherContract {

    @Override
    Searcher searcher(Library library) {
        return Retriever.fused(library.indexes(), library.embedder, library);
    }

    private static String text(Random random, int words) {
        return IntStream.range(0, words)
                .mapToObj(_ -> "word" + (int) (400 * Math.pow(random.nextDouble(), 3)))
                .collect(Collectors.joining(" "));
    }

    /**
     * Against both channels on their own, each asked for everything it has: whichever channel put a chunk forward, both
     * scored it, and the rank follows from the fused score alone.
     */
    @Test
    void whatOneChannelFoundIsScoredByTheOtherToo() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 900; i++) {
            library.put(Library.document("d" + i, 1, Map.of(), Instant.EPOCH, ""), "everyone", text(random, 12));
        }
        library.commit();
        Searcher lexical = Retriever.lexical(library.indexes(), library);
        Searcher dense = Retriever.dense(library.indexes(), library.embedder, library);
        int onlyOne = 0;
        for (int i = 0; i < 15; i++) {
            String question = text(random, 5);
            Map<String, Hit> byWords = byChunk(lexical.search(query(question, ANA, 1000)));
            Map<String, Hit> byMeaning = byChunk(dense.search(query(question, ANA, 1000)));
            List<Hit> fused = searcher.search(query(question, ANA, 20));
            for (Hit hit : fused) {
                Hit words = byWords.get(hit.chunk().id());
                Hit meaning = byMeaning.get(hit.chunk().id());
                assertThat(List.of(hit.lexical().raw(), hit.dense().raw()))
                        .as("seed %d, %s", seed, question)
                        .containsExactly(
                                words == null ? Double.NaN : words.lexical().raw(),
                                meaning.dense().raw());
                onlyOne += hit.lexical().rank() == 0 || hit.dense().rank() == 0 ? 1 : 0;
            }
            Map<String, Double> expected = new HashMap<>();
            byMeaning.forEach((id, hit) -> {
                if (isSurelyCandidate(hit, byMeaning) || isSurelyCandidate(byWords.get(id), byWords)) {
                    expected.put(id, fused(byWords.get(id), hit));
                }
            });
            for (Hit hit : fused) {
                String id = hit.chunk().id();
                expected.put(id, fused(byWords.get(id), byMeaning.get(id)));
            }
            assertThat(fused.stream().map(hit -> hit.chunk().id()))
                    .as("seed %d, %s", seed, question)
                    .containsExactlyElementsOf(expected.keySet().stream()
                            .sorted(Comparator.comparingDouble((String id) -> -expected.get(id))
                                    .thenComparing(Comparator.naturalOrder()))
                            .limit(20)
                            .toList());
        }
        assertThat(onlyOne).as("seed %d made no case of it", seed).isPositive();
    }

    /** Which of equal scores at the end of a channel's candidates are among them is nobody's promise. */
    private static boolean isSurelyCandidate(Hit hit, Map<String, Hit> channel) {
        return hit != null
                && channel.values().stream()
                                .filter(other -> other.score() >= hit.score())
                                .count()
                        <= 100;
    }

    private static double fused(Hit words, Hit meaning) {
        return Fusion.standard()
                .fused(
                        words == null ? 0 : words.lexical().normalised(),
                        meaning.dense().normalised());
    }

    private static Map<String, Hit> byChunk(List<Hit> hits) {
        return hits.stream().collect(Collectors.toMap(hit -> hit.chunk().id(), hit -> hit));
    }

    @Test
    void wordsAloneFindWhatHasNoVectorYet() {
        var document = Library.document("d1", 1, Map.of(), Instant.EPOCH, "Tea");
        library.put("d2", "everyone", "water");
        library.putWords(document, "everyone", "kettle");
        Hit best = searcher.search(query("kettle", ANA, 5)).getFirst();
        assertThat(best.document().id()).isEqualTo("d1");
        assertThat(best.dense()).isEqualTo(Hit.Channel.NONE);
        assertThat(best.lexical().rank()).isEqualTo(1);
    }

    @Test
    void aQuestionIsNotEmbeddedWhileThereAreNoVectors() {
        library.putWords(Library.document("d1", 1, Map.of(), Instant.EPOCH, "Tea"), "everyone", "kettle");
        Searcher withoutEncoder = Retriever.fused(
                library.indexes(),
                new HashingEmbedder() {
                    @Override
                    public List<float[]> embed(List<String> texts, Role role) {
                        throw new AssertionError("no need to");
                    }
                },
                library);
        assertThat(withoutEncoder.search(query("kettle", ANA, 5))).hasSize(1);
    }

    @Test
    void meaningFindsWhatSharesNoWordWithTheQuestion() {
        library.put("d1", "everyone", "water");
        List<Hit> hits = searcher.search(new Query("kettle", ANA, Library.COLLECTION, Filter.everything(), 5));
        assertThat(hits).hasSize(1);
        assertThat(hits.getFirst().lexical()).isEqualTo(Hit.Channel.NONE);
        assertThat(hits.getFirst().dense().rank()).isEqualTo(1);
    }
}
