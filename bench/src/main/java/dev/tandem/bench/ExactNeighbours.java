package dev.tandem.bench;

import dev.tandem.domain.Encoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;

/** All live vectors of an index, read out of its own files, searched by looking at every one. */
final class ExactNeighbours {

    private final List<float[]> vectors = new ArrayList<>();

    ExactNeighbours(Path index, Encoder encoder) throws IOException {
        Path directory = index.resolve("vectors-" + encoder.hash().substring(0, 16));
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
                        vectors.add(values.vectorValue(at.index()).clone());
                    }
                }
            }
        }
    }

    int size() {
        return vectors.size();
    }

    /** What one of the nearest chunks scores at least; equal vectors are equally near, whichever of them is found. */
    double leastOfNearest(float[] question, int count) {
        double[] scores = new double[vectors.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = VectorUtil.dotProduct(question, vectors.get(i));
        }
        Arrays.sort(scores);
        return scores[Math.max(0, scores.length - count)];
    }
}
