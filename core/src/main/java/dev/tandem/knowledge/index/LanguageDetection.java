package dev.tandem.knowledge.index;

import com.optimaize.langdetect.DetectedLanguage;
import com.optimaize.langdetect.LanguageDetector;
import com.optimaize.langdetect.LanguageDetectorBuilder;
import com.optimaize.langdetect.ngram.NgramExtractors;
import com.optimaize.langdetect.profiles.LanguageProfile;
import com.optimaize.langdetect.profiles.LanguageProfileReader;
import dev.tandem.domain.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.lucene.analysis.CharArraySet;

/**
 * Tells the language of a document by its letters in groups of one to three (Nakatani Shuyo, "Language Detection Library for
 * Java", 2010), and believes it only where the words that hold sentences together say the same: tables, code and lists of names
 * look like many languages and are none. Better to be unsure, and to go by what is usual in the collection, than to be wrong.
 *
 * <p>The profiles are read at the first document that is not plainly English, which takes half a second.
 */
public final class LanguageDetection {

    /** Characters looked at, from three places of the document. */
    private static final int SAMPLE = 3_000;

    private static final int PLACES = 3;

    /** Letters below this say too little. */
    private static final int FEWEST_LETTERS = 60;

    /** Two languages that are close share what a short text shows; the small words decide. */
    private static final double SURE = .7;

    /** Of the words of running text at least so many are function words, in every language that has them as words. */
    private static final double FUNCTION_WORDS = .12;

    /** More than texts of other languages ever have of English ones. */
    private static final double PLAINLY = .2;

    private static final int FEWEST_WORDS = 20;

    private static final class Holder {
        static final LanguageDetector DETECTOR = detector();
    }

    private LanguageDetection() {}

    /** The language that most of the text is in; empty where it is too short to tell, or not told clearly. */
    public static Optional<Language> of(String text) {
        String sample = sample(text);
        if (isPlainEnglish(sample)) {
            return Optional.of(Language.ENGLISH);
        }
        if (sample.codePoints()
                        .filter(Character::isLetter)
                        .limit(FEWEST_LETTERS)
                        .count()
                < FEWEST_LETTERS) {
            return Optional.empty();
        }
        List<DetectedLanguage> found = Holder.DETECTOR.getProbabilities(sample);
        if (found.isEmpty() || found.getFirst().getProbability() < SURE) {
            return Optional.empty();
        }
        return Language.of(found.getFirst().getLocale().getLanguage())
                .filter(language -> isHeldTogether(sample, language));
    }

    /** So many of its words hold English sentences together that it can be nothing else. */
    private static boolean isPlainEnglish(String sample) {
        CharArraySet english = WordAnalysis.functionWords(Language.ENGLISH);
        String[] words = words(sample);
        long held = Arrays.stream(words).filter(english::contains).count();
        return words.length >= FEWEST_WORDS && held >= PLAINLY * words.length;
    }

    private static String[] words(String sample) {
        return sample.strip().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}]+", -1);
    }

    private static boolean isHeldTogether(String sample, Language language) {
        CharArraySet own = WordAnalysis.functionWords(language);
        if (own.isEmpty()) {
            return true;
        }
        CharArraySet english = WordAnalysis.functionWords(Language.ENGLISH);
        int words = 0;
        int held = 0;
        int heldInEnglish = 0;
        for (String word : words(sample)) {
            if (!word.isEmpty()) {
                words++;
                held += own.contains(word) ? 1 : 0;
                heldInEnglish += english.contains(word) ? 1 : 0;
            }
        }
        return held >= FUNCTION_WORDS * words && (language == Language.ENGLISH || held > heldInEnglish);
    }

    private static String sample(String text) {
        if (text.length() <= SAMPLE) {
            return text;
        }
        var sample = new StringBuilder(SAMPLE + PLACES);
        int each = SAMPLE / PLACES;
        for (int i = 0; i < PLACES; i++) {
            int from = (int) ((long) (text.length() - each) * i / (PLACES - 1));
            sample.append(text, from, from + each).append(' ');
        }
        return sample.toString();
    }

    private static LanguageDetector detector() {
        var profiles = new ArrayList<LanguageProfile>();
        var reader = new LanguageProfileReader();
        try {
            for (Language language : Language.values()) {
                profiles.addAll(reader.read(
                        language == Language.CHINESE ? List.of("zh-CN", "zh-TW") : List.of(language.code())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LanguageDetectorBuilder.create(NgramExtractors.standard())
                .withProfiles(profiles)
                .shortTextAlgorithm(0)
                .seed(0) // the same text is always told the same way
                .build();
    }
}
