package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an output states, as far as words tell: one of its sentences, or, where it has a few words only, those with the words
 * of its input that carry meaning.
 *
 * @param form the sentence, see {@link Texts#form}; of few words the output
 * @param words of the sentence, and of few words those of the input
 * @param brief whether they are a few
 */
record Fact(String form, Set<String> words, boolean brief) {

    /** An output of fewer words says what it states with its input. */
    private static final int BRIEF = 6;
    /** Words of fewer letters, and these, ask or join rather than mean. */
    private static final int FEWEST_LETTERS = 4;

    private static final Set<String> ASKING = Set.of(
            "what", "when", "where", "which", "whom", "whose", "does", "many", "much", "were", "have", "been", "this",
            "that", "with", "from", "into", "their", "there", "they", "your", "would", "could", "should");

    /** So many of the words have to be there. */
    private static final double MOST = 0.8;
    /** Sentences that differ by a number only are at least so alike otherwise: the Jaccard similarity of their words. */
    private static final double ALIKE = 0.6;

    private static final int FEWEST = 4;

    /** What the output states that its input does not; none where it is a summary of the input, or a choice from it. */
    static List<Fact> of(Example example) {
        List<String> output = Texts.words(Texts.form(example.output()));
        List<String> input = Texts.words(Texts.form(example.input()));
        var given = new HashSet<>(input);
        if (output.isEmpty() || output.stream().filter(given::contains).count() >= MOST * output.size()) {
            return List.of();
        }
        var facts = new ArrayList<Fact>();
        if (output.size() < BRIEF) {
            var words = new TreeSet<>(output);
            input.stream()
                    .filter(word -> isNumber(word) || (word.length() >= FEWEST_LETTERS && !ASKING.contains(word)))
                    .forEach(words::add);
            facts.add(new Fact(Texts.form(example.output()), words, true));
        } else {
            for (String sentence : Texts.sentences(example.output())) {
                String form = Texts.form(sentence);
                if (Texts.words(form).size() >= BRIEF) {
                    facts.add(new Fact(form, new TreeSet<>(Texts.words(form)), false));
                }
            }
        }
        facts.removeIf(fact -> fact.words().size() < FEWEST);
        return facts;
    }

    /** Whether the sentence states it. */
    boolean standsIn(String sentence) {
        var there = new HashSet<>(Texts.words(sentence));
        if (!there.containsAll(numbers())) {
            return false;
        }
        return brief
                ? there.containsAll(Texts.words(form)) && share(words, there) >= MOST
                : Shingles.of(form).sharedBy(Shingles.of(sentence)) >= MOST;
    }

    /** Whether the sentence has the same words around another number. */
    boolean isDeniedBy(String sentence) {
        var there = new HashSet<>(Texts.words(sentence));
        if (there.stream().noneMatch(word -> isNumber(word) && !words.contains(word))) {
            return false;
        }
        var mine = new HashSet<>(words);
        mine.removeIf(Fact::isNumber);
        var others = new HashSet<>(there);
        others.removeIf(Fact::isNumber);
        double shared = share(mine, others) * mine.size();
        return mine.size() >= FEWEST
                && shared >= MOST * mine.size()
                && (brief || shared >= ALIKE * (mine.size() + others.size() - shared));
    }

    /** Of what is stated, not of the input. */
    Set<String> numbers() {
        var numbers = new TreeSet<>(Texts.words(form));
        numbers.removeIf(word -> !isNumber(word));
        return numbers;
    }

    private static double share(Set<String> of, Set<String> in) {
        return (double) of.stream().filter(in::contains).count() / Math.max(1, of.size());
    }

    private static boolean isNumber(String word) {
        return word.chars().allMatch(each -> each >= '0' && each <= '9');
    }
}
