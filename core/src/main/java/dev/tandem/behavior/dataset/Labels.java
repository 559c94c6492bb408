package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/** The outputs of examples, where they are labels. */
public final class Labels {

    private Labels() {}

    /** The label without what only its writing adds: case, blanks of any kind and compatibility forms make no difference. */
    public static String form(String label) {
        return Texts.form(label).replace(" ", "");
    }

    /** How many examples each output has, by output. */
    public static SortedMap<String, Integer> counts(Collection<Example> examples) {
        var counts = new TreeMap<String, Integer>();
        examples.forEach(example -> counts.merge(example.output(), 1, Integer::sum));
        return counts;
    }

    /**
     * Whether outputs are labels, rather than texts of their own: on average each is there at least twice. Case and blanks
     * make no difference here, so that labels written in several ways are still seen to be labels.
     */
    public static boolean are(Collection<Example> examples) {
        return !examples.isEmpty()
                && 2
                                * counts(examples).keySet().stream()
                                        .map(Texts::form)
                                        .distinct()
                                        .count()
                        <= examples.size();
    }
}
