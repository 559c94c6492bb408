package dev.tandem.evidence.compare;

import dev.tandem.domain.Failure;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cases of a suite that an arm was trained on: what it scores on them says nothing of what it will do on others.
 *
 * @param ids of those cases, in the order of the suite
 * @param allowed whether the comparison was run all the same; every report then says so
 */
public record Leakage(List<String> ids, boolean allowed) {

    public static final Leakage NONE = new Leakage(List.of(), false);

    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    public Leakage {
        ids = List.copyOf(ids);
    }

    /** Cases whose input stands among those trained on, whatever its case and spacing. */
    public static Leakage of(Suite suite, Collection<String> trainedOn, boolean allowed) {
        Set<String> known = new HashSet<>();
        trainedOn.forEach(text -> known.add(key(text)));
        return new Leakage(
                suite.cases().stream()
                        .filter(each -> known.contains(key(each.input())))
                        .map(Case::id)
                        .toList(),
                allowed);
    }

    private static String key(String text) {
        return SPACE.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
    }

    void requireAllowed(Suite suite) {
        if (!ids.isEmpty() && !allowed) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    ids.size() + " of " + suite.cases().size() + " cases of the suite " + suite.name()
                            + " stand among the training examples, the first is " + ids.getFirst() + ".",
                    "Measure on cases that no arm was trained on; to go on all the same, and have every report say so,"
                            + " add --allow-leakage.");
        }
    }
}
