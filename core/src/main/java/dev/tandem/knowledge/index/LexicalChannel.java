package dev.tandem.knowledge.index;

import dev.tandem.domain.Language;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.search.similarities.Similarity.SimScorer;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * BM25 over {@link IndexText} (Robertson and Zaragoza, 2009, in Lucene's form without the constant factor
 * {@code k1 + 1}): for one question and the chunks of one language, the words of it that those know, each with its idf among
 * them.
 */
final class LexicalChannel {

    /** Chosen on dev queries of three sets by the bench's FusionStudy; docs/log.md has the figures. */
    private static final BM25Similarity BM25 = new BM25Similarity(.9f, .6f);

    private static final Analyzer ANALYZER = new WordAnalysis();

    /** A pasted page asks with its rarest words; the rest would cost time and change little. */
    private static final int MOST_WORDS = 128;

    /** BM25 never exceeds its value at an endless frequency in the shortest text: the word's weight. */
    private static final float ENDLESS = Float.MAX_VALUE;

    private record Word(Term term, TermStates states, float count, SimScorer scorer) {
        double weight() {
            return scorer.score(ENDLESS, 1L);
        }
    }

    private final IndexSearcher searcher;
    private final String field;
    private final List<Word> words;

    private LexicalChannel(IndexSearcher searcher, String field, List<Word> words) {
        this.searcher = searcher;
        this.field = field;
        this.words = words;
    }

    static IndexWriterConfig writing() {
        return new IndexWriterConfig(ANALYZER).setSimilarity(BM25).setRAMBufferSizeMB(32);
    }

    static Similarity similarity() {
        return BM25;
    }

    static LexicalChannel of(IndexSearcher searcher, Language language, String question) throws IOException {
        String field = WordAnalysis.field(language);
        var words = new ArrayList<Word>();
        CollectionStatistics collection = searcher.collectionStatistics(field);
        if (collection != null) {
            for (Map.Entry<BytesRef, Integer> entry : counts(field, question).entrySet()) {
                var term = new Term(field, entry.getKey());
                TermStates states = TermStates.build(searcher, term, true);
                if (states.docFreq() > 0) {
                    SimScorer scorer = BM25.scorer(
                            entry.getValue(),
                            collection,
                            searcher.termStatistics(term, states.docFreq(), states.totalTermFreq()));
                    words.add(new Word(term, states, entry.getValue(), scorer));
                }
            }
        }
        words.sort(Comparator.comparingDouble(Word::weight).reversed().thenComparing(Word::term));
        return new LexicalChannel(searcher, field, words.size() > MOST_WORDS ? words.subList(0, MOST_WORDS) : words);
    }

    /**
     * The text with every lone surrogate replaced: one at the end of a text makes the tokenizer drop the words before it.
     */
    static String wellFormed(String text) {
        return text.chars().anyMatch(each -> Character.isSurrogate((char) each))
                ? new BytesRef(text).utf8ToString()
                : text;
    }

    /** The question's words, analysed as the chunks are, with how often it says each. */
    private static Map<BytesRef, Integer> counts(String field, String question) throws IOException {
        var counts = new LinkedHashMap<BytesRef, Integer>();
        try (TokenStream tokens = ANALYZER.tokenStream(field, wellFormed(question))) {
            var term = tokens.addAttribute(TermToBytesRefAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                counts.merge(BytesRef.deepCopyOf(term.getBytesRef()), 1, Integer::sum);
            }
            tokens.end();
        }
        return counts;
    }

    /** The most that {@link #score} could be for any text of the language: the sum of the words' weights; 0 where it knows none. */
    double attainable() {
        double sum = 0;
        for (Word word : words) {
            sum += word.weight();
        }
        return sum;
    }

    /** Of the documents within the filter, about the best by BM25, at most {@code most}, in no order to rely on. */
    int[] candidates(@Nullable Query filter, int most) throws IOException {
        if (words.isEmpty()) {
            return new int[0];
        }
        var any = new BooleanQuery.Builder();
        for (Word word : words) {
            Query one = new TermQuery(word.term(), word.states());
            any.add(word.count() == 1 ? one : new BoostQuery(one, word.count()), BooleanClause.Occur.SHOULD);
        }
        Query query = any.build();
        if (filter != null) {
            query = new BooleanQuery.Builder()
                    .add(query, BooleanClause.Occur.MUST)
                    .add(filter, BooleanClause.Occur.FILTER)
                    .build();
        }
        ScoreDoc[] found = searcher.search(query, new TopScoreDocCollectorManager(most, most)).scoreDocs;
        int[] documents = new int[found.length];
        for (int i = 0; i < found.length; i++) {
            documents[i] = found[i].doc;
        }
        return documents;
    }

    /**
     * BM25 of each document, summed in the words' order whatever the segment, so that equal chunks score equally.
     *
     * @param ascending document numbers
     * @return NaN where a document shares no word with the question
     */
    double[] score(int[] ascending) throws IOException {
        double[] scores = new double[ascending.length];
        int from = 0;
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            int to = from;
            while (to < ascending.length
                    && ascending[to] < leaf.docBase + leaf.reader().maxDoc()) {
                to++;
            }
            if (from < to) {
                score(leaf, ascending, from, to, scores);
            }
            from = to;
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scores[i] == 0 ? Double.NaN : scores[i];
        }
        return scores;
    }

    private void score(LeafReaderContext leaf, int[] ascending, int from, int to, double[] scores) throws IOException {
        if (leaf.reader().terms(field) == null) {
            return;
        }
        TermsEnum terms = leaf.reader().terms(field).iterator();
        for (Word word : words) {
            var state = word.states().get(leaf);
            var found = state == null ? null : state.get();
            if (found == null) {
                continue;
            }
            terms.seekExact(word.term().bytes(), found);
            PostingsEnum postings = terms.postings(null, PostingsEnum.FREQS);
            NumericDocValues norms = leaf.reader().getNormValues(field);
            for (int i = from; i < to; i++) {
                int document = ascending[i] - leaf.docBase;
                int at = postings.docID() < document ? postings.advance(document) : postings.docID();
                if (at == document) {
                    long norm = norms != null && norms.advanceExact(document) ? norms.longValue() : 1;
                    scores[i] += word.scorer().score(postings.freq(), norm);
                }
            }
        }
    }
}
