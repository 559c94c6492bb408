package dev.tandem.bench;

import dev.tandem.domain.Encoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;

/** The nearest of all live vectors of an index, read out of its own files once and compared with every question. */
final class ExactNeighbours {

    private final Path directory;

    ExactNeighbours(Path index, Encoder encoder) {
        this.directory = index.resolve("vectors-" + encoder.hash().substring(0, 16));
    }

    /** What a vector has to score to be among the nearest; equal vectors are equally near, whichever of them is found. */
    record Nearest(int vectors, List<Double> least) {}

    /** For each question, in its order, the score of the {@code count}th nearest. */
    Nearest of(List<float[]> questions, int count) throws IOException {
        List<PriorityQueue<Float>> best =
                questions.stream().map(_ -> new PriorityQueue<Float>(count + 1)).toList();
        int vectors = 0;
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(directory))) {
            for (LeafReaderContext leaf : reader.leaves()) {
                FloatVectorValues values = leaf.reader().getFloatVectorValues("vector");
                if (values == null) {
                    continue;
                }
                Bits live = leaf.reader().getLiveDocs();
                DocIndexIterator at = values.iterator();
                for (int doc = at.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = at.nextDoc()) {
                    if (live == null || live.get(doc)) {
                        vectors++;
                        compare(questions, values.vectorValue(at.index()), best, count);
                    }
                }
            }
        }
        return new Nearest(
                vectors, best.stream().map(each -> (double) each.element()).toList());
    }

    private static void compare(List<float[]> questions, float[] vector, List<PriorityQueue<Float>> best, int count) {
        for (int i = 0; i < questions.size(); i++) {
            float score = VectorUtil.dotProduct(questions.get(i), vector);
            PriorityQueue<Float> mine = best.get(i);
            if (mine.size() < count) {
                mine.add(score);
            } else if (score > mine.element()) {
                mine.remove();
                mine.add(score);
            }
        }
    }
}
