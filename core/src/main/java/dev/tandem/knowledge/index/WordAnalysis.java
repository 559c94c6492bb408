package dev.tandem.knowledge.index;

import dev.tandem.domain.Language;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.ta.TamilAnalyzer;
import org.apache.lucene.analysis.te.TeluguAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/**
 * Words of each language by its own rules, each language in a field of its own, so that the same letters are never counted
 * together that mean different words. An analyzer is made when its language is first met: most collections have one.
 */
final class WordAnalysis extends DelegatingAnalyzerWrapper {

    /** What English, which was there first, is called by itself, and the others with their code behind it. */
    private static final String ENGLISH = Fields.WORDS;

    private static final String OTHER = ENGLISH + "_";

    private final Map<String, Analyzer> byField = new ConcurrentHashMap<>();

    WordAnalysis() {
        super(PER_FIELD_REUSE_STRATEGY);
    }

    static String field(Language language) {
        return language == Language.ENGLISH ? ENGLISH : OTHER + language.code();
    }

    /** Whether it is a field of words, of whichever language. */
    static boolean isField(String name) {
        return name.equals(ENGLISH) || name.startsWith(OTHER);
    }

    static Language language(String field) {
        return field.equals(ENGLISH)
                ? Language.ENGLISH
                : Language.of(field.substring(OTHER.length())).orElseThrow();
    }

    @Override
    protected Analyzer getWrappedAnalyzer(String field) {
        return byField.computeIfAbsent(field, name -> analyzer(language(name)));
    }

    private static Analyzer analyzer(Language language) {
        return switch (language) {
            case ENGLISH -> new EnglishWords();
            case CHINESE, JAPANESE, KOREAN -> new CJKAnalyzer();
            case ARABIC -> new ArabicAnalyzer();
            case BASQUE -> new BasqueAnalyzer();
            case BENGALI -> new BengaliAnalyzer();
            case BULGARIAN -> new BulgarianAnalyzer();
            case CATALAN -> new CatalanAnalyzer();
            case CZECH -> new CzechAnalyzer();
            case DANISH -> new DanishAnalyzer();
            case DUTCH -> new DutchAnalyzer();
            case ESTONIAN -> new EstonianAnalyzer();
            case FINNISH -> new FinnishAnalyzer();
            case FRENCH -> new FrenchAnalyzer();
            case GALICIAN -> new GalicianAnalyzer();
            case GERMAN -> new GermanAnalyzer();
            case GREEK -> new GreekAnalyzer();
            case HINDI -> new HindiAnalyzer();
            case HUNGARIAN -> new HungarianAnalyzer();
            case INDONESIAN -> new IndonesianAnalyzer();
            case IRISH -> new IrishAnalyzer();
            case ITALIAN -> new ItalianAnalyzer();
            case LATVIAN -> new LatvianAnalyzer();
            case LITHUANIAN -> new LithuanianAnalyzer();
            case NEPALI -> new NepaliAnalyzer();
            case NORWEGIAN -> new NorwegianAnalyzer();
            case PERSIAN -> new PersianAnalyzer();
            case PORTUGUESE -> new PortugueseAnalyzer();
            case ROMANIAN -> new RomanianAnalyzer();
            case RUSSIAN -> new RussianAnalyzer();
            case SERBIAN -> new SerbianAnalyzer();
            case SPANISH -> new SpanishAnalyzer();
            case SWEDISH -> new SwedishAnalyzer();
            case TAMIL -> new TamilAnalyzer();
            case TELUGU -> new TeluguAnalyzer();
            case THAI -> new ThaiAnalyzer();
            case TURKISH -> new TurkishAnalyzer();
        };
    }

    /** Words that hold sentences of the language together; empty for those that are told by their script. */
    static CharArraySet functionWords(Language language) {
        return switch (language) {
            case ENGLISH -> EnglishAnalyzer.getDefaultStopSet();
            case BASQUE -> BasqueAnalyzer.getDefaultStopSet();
            case BULGARIAN -> BulgarianAnalyzer.getDefaultStopSet();
            case CATALAN -> CatalanAnalyzer.getDefaultStopSet();
            case CZECH -> CzechAnalyzer.getDefaultStopSet();
            case DANISH -> DanishAnalyzer.getDefaultStopSet();
            case DUTCH -> DutchAnalyzer.getDefaultStopSet();
            case ESTONIAN -> EstonianAnalyzer.getDefaultStopSet();
            case FINNISH -> FinnishAnalyzer.getDefaultStopSet();
            case FRENCH -> FrenchAnalyzer.getDefaultStopSet();
            case GALICIAN -> GalicianAnalyzer.getDefaultStopSet();
            case GERMAN -> GermanAnalyzer.getDefaultStopSet();
            case HUNGARIAN -> HungarianAnalyzer.getDefaultStopSet();
            case INDONESIAN -> IndonesianAnalyzer.getDefaultStopSet();
            case IRISH -> IrishAnalyzer.getDefaultStopSet();
            case ITALIAN -> ItalianAnalyzer.getDefaultStopSet();
            case LATVIAN -> LatvianAnalyzer.getDefaultStopSet();
            case LITHUANIAN -> LithuanianAnalyzer.getDefaultStopSet();
            case NORWEGIAN -> NorwegianAnalyzer.getDefaultStopSet();
            case PORTUGUESE -> PortugueseAnalyzer.getDefaultStopSet();
            case ROMANIAN -> RomanianAnalyzer.getDefaultStopSet();
            case RUSSIAN -> RussianAnalyzer.getDefaultStopSet();
            case SPANISH -> SpanishAnalyzer.getDefaultStopSet();
            case SWEDISH -> SwedishAnalyzer.getDefaultStopSet();
            case TURKISH -> TurkishAnalyzer.getDefaultStopSet();
            case ARABIC,
                    BENGALI,
                    CHINESE,
                    GREEK,
                    HINDI,
                    JAPANESE,
                    KOREAN,
                    NEPALI,
                    PERSIAN,
                    SERBIAN,
                    TAMIL,
                    TELUGU,
                    THAI -> CharArraySet.EMPTY_SET;
        };
    }
}
