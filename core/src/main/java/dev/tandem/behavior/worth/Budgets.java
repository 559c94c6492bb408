package dev.tandem.behavior.worth;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much worse than what it began from a tuned adapter may be, in each of what is looked at, as a share of one. A loss
 * counts as larger than its budget where its whole interval lies beyond.
 *
 * @param most by the name of the loss; what has none is reported, and keeps nothing back
 */
public record Budgets(SortedMap<String, Double> most) {

    /** Of the test examples, by what the frozen encoder's head gets right. */
    public static final String ACCURACY = "accuracy";

    /** Of what perturbed texts cost, over what they cost the frozen encoder's head; of each perturbation. */
    public static final String ROBUSTNESS = "robustness";

    /** Of texts that belong to no label, how many more get one at or above the threshold. */
    public static final String OUTSIDE = "outside";

    /** Of the expected calibration error. */
    public static final String CALIBRATION = "calibration";

    /** Of the test examples, how many more get a wrong label with a probability of .9 or more. */
    public static final String CONFIDENT = "confident";

    /** Of nDCG@10 on questions to documents that it was not tuned for. */
    public static final String FORGETTING = "forgetting";

    private static final Set<String> NAMES = Set.of(ACCURACY, ROBUSTNESS, OUTSIDE, CALIBRATION, CONFIDENT, FORGETTING);

    /**
     * For an encoder that labels and finds nothing: what it forgets of finding is reported, and keeps nothing back unless a
     * budget is said for it.
     */
    public static final Budgets OF_LABELS =
            of(Collections.emptySortedMap(), "accuracy=0,robustness=.05,outside=.1,calibration=.03,confident=.02");

    /** For an encoder that finds passages. */
    public static final Budgets OF_FINDING =
            of(Collections.emptySortedMap(), "accuracy=0,robustness=.05,forgetting=.02");

    public Budgets {
        most = Collections.unmodifiableSortedMap(new TreeMap<>(most));
    }

    /**
     * These, but for what is said otherwise.
     *
     * @param text such as {@code robustness=.02,forgetting=.05}
     * @throws Failure INVALID where it says something else
     */
    public Budgets with(String text) {
        return of(most, text);
    }

    private static Budgets of(SortedMap<String, Double> from, String text) {
        var most = new TreeMap<>(from);
        for (String part : text.split(",", -1)) {
            String[] sides = part.strip().split("=", 2);
            String name = sides[0].strip().toLowerCase(Locale.ROOT);
            String share = sides.length < 2 ? "" : sides[1].strip();
            if (!NAMES.contains(name) || !share.matches("\\d?\\.?\\d{1,6}") || Double.parseDouble(share) > 1) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "'" + Printable.of(part) + "' is no budget.",
                        "Give names with shares from 0 to 1, such as robustness=.02,forgetting=.05; the names are "
                                + NAMES.stream().sorted().collect(Collectors.joining(", ")) + ".");
            }
            most.put(name, Double.parseDouble(share));
        }
        return new Budgets(most);
    }
}
