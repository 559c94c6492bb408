package dev.tandem.knowledge.index;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Nearest vectors by a hierarchical navigable small-world graph (Malkov and Yashunin, 2016) over vectors quantised to one
 * byte a dimension; scores are exact cosines of the full-precision vectors, which stand beside the quantised ones.
 */
final class DenseChannel {

    /** Neighbours of each vector in the graph, and how many are considered for that: Lucene's own choice. */
    private static final int NEIGHBOURS = 16;

    private static final int CONSIDERED = 100;

    /**
     * A segment gets a graph only from the size on at which finding this many neighbours by it saves work, which is about
     * nine thousand vectors. Below, looking at all of them takes under a millisecond, needs no graph to be built, and
     * misses nothing: walks stop short where many vectors are equal.
     */
    private static final int GRAPH_PAYS_FOR = 1000;

    private static final ScalarEncoding QUANTISED = ScalarEncoding.UNSIGNED_BYTE;

    private static final Codec CODEC = new Lucene104Codec() {
        private final KnnVectorsFormat quantised = new Graphs();

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return quantised;
        }
    };

    /** Of encoders that are served; Lucene's own bound of 1024 is one of policy, and is asked for when writing only. */
    static final int MOST_DIMENSIONS = 4096;

    /**
     * Lucene's format under its name, by which it is found for reading. It differs in writing: vectors may have more dimensions, and
     * graphs lead to those that stand there many times ({@link EqualsApart}).
     */
    private static final class Graphs extends KnnVectorsFormat {
        private final FlatVectorsFormat flat = new Lucene104ScalarQuantizedVectorsFormat(QUANTISED);
        private final KnnVectorsFormat format = new Lucene104HnswScalarQuantizedVectorsFormat(
                QUANTISED, NEIGHBOURS, CONSIDERED, 1, null, GRAPH_PAYS_FOR);

        Graphs() {
            super(Lucene104HnswScalarQuantizedVectorsFormat.NAME);
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return new Lucene99HnswVectorsWriter(
                    state,
                    NEIGHBOURS,
                    CONSIDERED,
                    flat,
                    new EqualsApart(flat.fieldsWriter(state), state),
                    1,
                    null,
                    GRAPH_PAYS_FOR);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return format.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String field) {
            return MOST_DIMENSIONS;
        }
    }

    /** Walking the graph for more than one vector in this many costs about as much as looking at all of them. */
    private static final int WORTH_A_WALK = 16;

    /**
     * The larger a graph, the sooner a walk that keeps so many on its way stops short of the nearest: for each so many vectors it
     * keeps as many once more. {@code bench/run Growth} has what that finds and costs.
     */
    private static final int ONE_MORE_BREADTH = 150_000;

    private static final int MOST_BREADTHS = 8;

    private final IndexSearcher searcher;
    private final float[] question;

    DenseChannel(IndexSearcher searcher, float[] question) {
        this.searcher = searcher;
        this.question = question;
    }

    static IndexWriterConfig writing() {
        return new IndexWriterConfig().setCodec(CODEC).setRAMBufferSizeMB(64);
    }

    /**
     * Of the documents within the filter, about the nearest, at most {@code most}, in no order to rely on; fewer only where
     * there are no more. The graph may lose sight of vectors, above all where many are equal, so when it comes back with
     * too few, or so many are wanted that walking it saves nothing, every vector is looked at.
     */
    int[] candidates(@Nullable Query filter, int most) throws IOException {
        int vectors = searcher.getIndexReader().numDocs();
        int within = Math.min(most, vectors);
        if (within == 0) {
            return new int[0];
        }
        ScoreDoc[] found = {};
        if (within < vectors / WORTH_A_WALK) {
            found = walk(filter, within);
        }
        if (found.length < within) {
            found = nearest(filter == null ? MatchAllDocsQuery.INSTANCE : filter, within);
        }
        int[] documents = new int[found.length];
        for (int i = 0; i < found.length; i++) {
            documents[i] = found[i].doc;
        }
        return documents;
    }

    /** What the graph alone finds. */
    ScoreDoc[] walk(@Nullable Query filter, int most) throws IOException {
        int breadths = Math.min(MOST_BREADTHS, 1 + searcher.getIndexReader().numDocs() / ONE_MORE_BREADTH);
        return searcher.search(new KnnFloatVectorQuery(Fields.VECTOR, question, most * breadths, filter), most)
                .scoreDocs;
    }

    private ScoreDoc[] nearest(Query filter, int most) throws IOException {
        var nearest = new TopKnnCollector(most, Integer.MAX_VALUE);
        Weight weight = searcher.createWeight(searcher.rewrite(filter), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            Scorer within = weight.scorer(leaf);
            if (within == null) {
                continue;
            }
            Bits live = leaf.reader().getLiveDocs();
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Fields.VECTOR);
            KnnVectorValues.DocIndexIterator at = vectors.iterator();
            DocIdSetIterator documents = within.iterator();
            for (int document = documents.nextDoc();
                    document != DocIdSetIterator.NO_MORE_DOCS;
                    document = documents.nextDoc()) {
                if (live == null || live.get(document)) {
                    at.advance(document);
                    nearest.collect(
                            leaf.docBase + document, VectorUtil.dotProduct(question, vectors.vectorValue(at.index())));
                }
            }
        }
        return nearest.topDocs().scoreDocs;
    }

    /** Exact cosine of each document; {@code ascending} document numbers. */
    double[] score(int[] ascending) throws IOException {
        double[] scores = new double[ascending.length];
        int i = 0;
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            int end = leaf.docBase + leaf.reader().maxDoc();
            if (i == ascending.length || ascending[i] >= end) {
                continue;
            }
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Fields.VECTOR);
            KnnVectorValues.DocIndexIterator at = vectors.iterator();
            for (; i < ascending.length && ascending[i] < end; i++) {
                at.advance(ascending[i] - leaf.docBase);
                scores[i] = cosine(question, vectors.vectorValue(at.index()));
            }
        }
        return scores;
    }

    /**
     * Of two unit vectors. Written out, for the sum must not depend on what the compiler has made of it so far: Lucene's
     * own adds lanes in an order that changes as the program warms up, and with it the last digit and the order of equals.
     */
    private static double cosine(float[] a, float[] b) {
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < a.length; i += 2) {
            even += (double) a[i] * b[i];
            odd += (double) a[i + 1] * b[i + 1];
        }
        return i < a.length ? even + odd + (double) a[i] * b[i] : even + odd;
    }
}
