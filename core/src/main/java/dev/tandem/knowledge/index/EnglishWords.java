package dev.tandem.knowledge.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * Lucene's English analysis with accents folded, so that who types "Malmo" finds "Malmö". Texts and questions are
 * analysed alike. Changing anything here means that every index is built again.
 */
final class EnglishWords extends Analyzer {

    @Override
    protected TokenStreamComponents createComponents(String field) {
        var source = new StandardTokenizer();
        TokenStream words = normalize(field, new EnglishPossessiveFilter(source));
        words = new StopFilter(words, EnglishAnalyzer.getDefaultStopSet());
        return new TokenStreamComponents(source, new PorterStemFilter(words));
    }

    @Override
    protected TokenStream normalize(String field, TokenStream in) {
        return new ASCIIFoldingFilter(new LowerCaseFilter(in));
    }
}
