package dev.tandem.knowledge.index;

import java.io.IOException;
import java.util.function.IntPredicate;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.FileDataHint;
import org.apache.lucene.store.FileTypeHint;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.CloseableRandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;
import org.apache.lucene.util.quantization.QuantizedVectorsReader;
import org.jspecify.annotations.Nullable;

/**
 * Writes vectors as another writer does, but lets the builder of the graph see no two of them as equal. A vector becomes a
 * neighbour of another only where it is nearer to it than to all neighbours before; of something that stands in the corpus a hundred
 * times, each copy would have the others for its only neighbours, and no walk comes to them from outside. So whoever builds
 * is told similarities that differ by up to {@value #MOST}, by a number drawn from the pair's ordinals. What is written, and
 * what a question is compared with, stays as it is.
 */
final class EqualsApart extends FlatVectorsWriter {

    /** Of a similarity between 0 and 1: far less than quantising moves it by, far more than a float can tell apart. */
    private static final float MOST = 1e-5f;

    private final FlatVectorsWriter writer;
    private final SegmentWriteState state;

    EqualsApart(FlatVectorsWriter writer, SegmentWriteState state) {
        super(new Scores(writer.getFlatVectorScorer()));
        this.writer = writer;
        this.state = state;
    }

    @Override
    public FlatFieldVectorsWriter<?> addField(FieldInfo field) throws IOException {
        return writer.addField(field);
    }

    @Override
    public void mergeOneFlatVectorField(FieldInfo field, MergeState merge) throws IOException {
        writer.mergeOneFlatVectorField(field, merge);
    }

    @Override
    public MergeScorerData mergeOneFlatVectorFieldForMergeScorer(
            FieldInfo field, MergeState merge, IntPredicate needsScorer) throws IOException {
        MergeScorerData data = writer.mergeOneFlatVectorFieldForMergeScorer(field, merge, needsScorer);
        return new MergeScorerData() {
            @Override
            public @Nullable CloseableRandomVectorScorerSupplier scorerSupplier(FlatVectorsReader reader)
                    throws IOException {
                CloseableRandomVectorScorerSupplier exact = data == null ? null : data.scorerSupplier(reader);
                if (exact == null && reader instanceof QuantizedVectorsReader quantised) {
                    exact = quantised.getRandomVectorScorerSupplierForMerge(
                            field, state.withHints(FileTypeHint.DATA, FileDataHint.KNN_VECTORS, DataAccessHint.RANDOM));
                }
                return exact == null
                        ? null
                        : CloseableRandomVectorScorerSupplier.create(
                                new Supplier(exact), exact.totalVectorCount(), exact);
            }

            @Override
            public void close() throws IOException {
                if (data != null) {
                    data.close();
                }
            }
        };
    }

    @Override
    public void flush(int documents, Sorter.DocMap order) throws IOException {
        writer.flush(documents, order);
    }

    @Override
    public void finish() throws IOException {
        writer.finish();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    @Override
    public long ramBytesUsed() {
        return writer.ramBytesUsed();
    }

    private record Scores(FlatVectorsScorer exact) implements FlatVectorsScorer {

        @Override
        public RandomVectorScorerSupplier getRandomVectorScorerSupplier(
                VectorSimilarityFunction similarity, KnnVectorValues values) throws IOException {
            return new Supplier(exact.getRandomVectorScorerSupplier(similarity, values));
        }

        @Override
        public RandomVectorScorer getRandomVectorScorer(
                VectorSimilarityFunction similarity, KnnVectorValues values, float[] target) throws IOException {
            return exact.getRandomVectorScorer(similarity, values, target);
        }

        @Override
        public RandomVectorScorer getRandomVectorScorer(
                VectorSimilarityFunction similarity, KnnVectorValues values, byte[] target) throws IOException {
            return exact.getRandomVectorScorer(similarity, values, target);
        }
    }

    private record Supplier(RandomVectorScorerSupplier exact) implements RandomVectorScorerSupplier {

        @Override
        public UpdateableRandomVectorScorer scorer() throws IOException {
            return new Scorer(exact.scorer());
        }

        @Override
        public RandomVectorScorerSupplier copy() throws IOException {
            return new Supplier(exact.copy());
        }
    }

    private static final class Scorer implements UpdateableRandomVectorScorer {
        private final UpdateableRandomVectorScorer exact;
        private int from;

        Scorer(UpdateableRandomVectorScorer exact) {
            this.exact = exact;
        }

        @Override
        public void setScoringOrdinal(int ordinal) throws IOException {
            from = ordinal;
            exact.setScoringOrdinal(ordinal);
        }

        @Override
        public float score(int ordinal) throws IOException {
            return apart(exact.score(ordinal), ordinal);
        }

        @Override
        public float bulkScore(int[] ordinals, float[] scores, int count) throws IOException {
            exact.bulkScore(ordinals, scores, count);
            float best = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) {
                scores[i] = apart(scores[i], ordinals[i]);
                best = Math.max(best, scores[i]);
            }
            return best;
        }

        /** The same from either side. */
        private float apart(float score, int ordinal) {
            long pair = (long) Math.min(from, ordinal) << 32 | Math.max(from, ordinal);
            // The end of SplitMix64 (Steele, Lea and Flood, 2014): neighbouring pairs get unlike numbers.
            pair = (pair ^ pair >>> 30) * 0xbf58476d1ce4e5b9L;
            pair = (pair ^ pair >>> 27) * 0x94d049bb133111ebL;
            return Math.max(0, score - MOST * ((pair >>> 40) * 0x1p-24f));
        }

        @Override
        public int maxOrd() {
            return exact.maxOrd();
        }

        @Override
        public int ordToDoc(int ordinal) {
            return exact.ordToDoc(ordinal);
        }

        @Override
        public Bits getAcceptOrds(Bits documents) {
            return exact.getAcceptOrds(documents);
        }
    }
}
