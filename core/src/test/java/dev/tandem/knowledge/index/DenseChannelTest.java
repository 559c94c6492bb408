package dev.tandem.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Filter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenseChannelTest {

    private static final Encoder ENCODER = new Encoder("random", "9".repeat(64), 48, 512);

    @TempDir
    Path directory;

    /** Random directions around random centres, which is how texts lie. */
    private static List<float[]> vectors(Random random, int count) {
        var centres = new ArrayList<float[]>();
        for (int i = 0; i < 40; i++) {
            centres.add(near(random, new float[ENCODER.dimensions()], 1));
        }
        var vectors = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            vectors.add(near(random, centres.get(random.nextInt(centres.size())), .15));
        }
        return vectors;
    }

    private static float[] near(Random random, float[] centre, double spread) {
        float[] vector = new float[centre.length];
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (centre[i] + spread * random.nextGaussian());
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void theGraphFindsNearlyAllOfTheTrueNearestAndScoresThemExactlyWithAndWithoutAFilter() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<float[]> vectors = vectors(random, 12_000);
        try (var index = CollectionIndex.write(directory, ENCODER)) {
            for (int i = 0; i < vectors.size(); i += 100) {
                String id = "d" + i;
                List<Chunk> chunks =
                        Shelf.chunks(Shelf.document(id, 1), "word ".repeat(100).split("(?<= )", -1));
                index.put(Shelf.document(id, 1), i / 100 % 3, chunks.subList(0, 100));
                index.putVectors(
                        Shelf.document(id, 1), i / 100 % 3, chunks.subList(0, 100), vectors.subList(i, i + 100));
            }
            index.commit(1);
            index.commitVectors(1);
            try (Snapshot snapshot = index.snapshot()) {
                for (Set<Long> readable : List.of(Set.of(0L, 1L, 2L), Set.of(1L))) {
                    double found = 0;
                    int questions = 60;
                    for (int i = 0; i < questions; i++) {
                        float[] question = near(random, vectors.get(random.nextInt(vectors.size())), .1);
                        Set<String> nearest = nearest(vectors, question, readable);
                        List<Candidate> candidates = snapshot.candidates(
                                        null, () -> question, new Scope(readable, Filter.everything()), 100)
                                .all();
                        for (Candidate each : candidates) {
                            ChunkId id = ChunkId.parse(each.chunkId());
                            int at = Integer.parseInt(
                                            id.document(), 1, id.document().length(), 10)
                                    + id.ordinal();
                            assertThat(each.cosine()).isCloseTo(cosine(question, vectors.get(at)), within(1e-5));
                        }
                        assertThat(candidates).hasSize(100);
                        var ids = candidates.stream()
                                .filter(each -> each.denseRank() <= 10)
                                .map(Candidate::chunkId)
                                .collect(Collectors.toCollection(HashSet::new));
                        ids.retainAll(nearest);
                        found += ids.size();
                    }
                    assertThat(found / questions / 10)
                            .as("recall@10, seed %d", seed)
                            .isGreaterThan(.95);
                }
            }
        }
    }

    private static Set<String> nearest(List<float[]> vectors, float[] question, Set<Long> readable) {
        record At(int place, double cosine) {}
        var all = new ArrayList<At>();
        for (int i = 0; i < vectors.size(); i++) {
            if (readable.contains((long) (i / 100 % 3))) {
                all.add(new At(i, cosine(question, vectors.get(i))));
            }
        }
        all.sort(Comparator.comparingDouble(At::cosine).reversed());
        return all.subList(0, 10).stream()
                .map(at -> "d" + at.place() / 100 * 100 + "@1#" + at.place() % 100)
                .collect(Collectors.toSet());
    }

    /** Of footers and licences, say: a graph whose builder takes equals for each other's best neighbours has no way to them. */
    @Test
    void whatStandsThereManyTimesIsFoundLikeAnythingElse() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<float[]> repeated = vectors(random, 100);
        List<float[]> vectors = vectors(random, 8_000);
        for (int i = 0; i < 4_000; i++) {
            vectors.add(repeated.get(i % repeated.size()));
        }
        Collections.shuffle(vectors, random);
        try (var index = CollectionIndex.write(directory, ENCODER)) {
            for (int i = 0; i < vectors.size(); i += 100) {
                String id = "d" + i;
                List<Chunk> chunks =
                        Shelf.chunks(Shelf.document(id, 1), "word ".repeat(100).split("(?<= )", -1));
                index.put(Shelf.document(id, 1), 1, chunks.subList(0, 100));
                index.putVectors(Shelf.document(id, 1), 1, chunks.subList(0, 100), vectors.subList(i, i + 100));
            }
            index.commit(1);
            index.commitVectors(1);
        }
        try (Directory vectorFiles = FSDirectory.open(
                        directory.resolve("vectors-" + ENCODER.hash().substring(0, 16)));
                DirectoryReader reader = DirectoryReader.open(vectorFiles)) {
            var searcher = new IndexSearcher(reader);
            long found = 0;
            for (float[] each : repeated) {
                float[] question = near(random, each, .01);
                double least = cosine(question, each) - 1e-6;
                var channel = new DenseChannel(searcher, question);
                int[] walked = Arrays.stream(channel.walk(null, 100))
                        .mapToInt(hit -> hit.doc)
                        .sorted()
                        .toArray();
                found += Math.min(
                        10,
                        Arrays.stream(channel.score(walked))
                                .filter(cosine -> cosine >= least)
                                .count());
            }
            assertThat((double) found / repeated.size() / 10)
                    .as("recall@10, seed %d", seed)
                    .isGreaterThan(.95);
        }
    }

    @Test
    void vectorsThatAreAllEqualHideNothingBehindThem() {
        float[] common = near(new Random(1), new float[ENCODER.dimensions()], 1);
        float[] rare = near(new Random(2), new float[ENCODER.dimensions()], 1);
        try (var index = CollectionIndex.write(directory, ENCODER)) {
            for (int i = 0; i < 2000; i++) {
                List<Chunk> one = Shelf.chunks(Shelf.document("d" + i, 1), "word");
                index.putVectors(Shelf.document("d" + i, 1), 1, one, List.of(i % 400 == 399 ? rare : common));
                index.put(Shelf.document("d" + i, 1), 1, one);
                index.putVectors(Shelf.document("d" + i, 1), 1, one, List.of(i % 400 == 399 ? rare : common));
            }
            index.commit(1);
            index.commitVectors(1);
            try (Snapshot snapshot = index.snapshot()) {
                assertThat(snapshot.candidates(null, () -> common, Shelf.EVERYTHING, 2000)
                                .all())
                        .hasSize(2000);
                assertThat(snapshot.candidates(null, () -> rare, Shelf.EVERYTHING, 5).all().stream()
                                .map(Candidate::documentId))
                        .containsExactlyInAnyOrder("d399", "d799", "d1199", "d1599", "d1999");
            }
        }
    }
}
