package dev.tandem.behavior.tuning;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a classifier's encoder learns from. */
public enum Objective {

    /** The label of each text, with the head. */
    LABELS,

    /** Which texts have the same label, pair by pair: the head comes after. A few texts make many pairs. */
    PAIRS;

    /** Up to so many texts of a label are few. */
    private static final int FEW = 16;

    /** What fits training examples with these labels: pairs where most labels have few of them. */
    public static Objective of(Collection<String> labels) {
        Map<String, Integer> counts = new HashMap<>();
        labels.forEach(label -> counts.merge(label, 1, Integer::sum));
        List<Integer> sorted = counts.values().stream().sorted().toList();
        return !sorted.isEmpty() && sorted.get(sorted.size() / 2) <= FEW ? PAIRS : LABELS;
    }

    /**
     * By its word.
     *
     * @throws Failure INVALID where nothing is called that
     */
    public static Objective named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "'" + Printable.of(name) + "' is nothing to learn from.",
                        "Give "
                                + Arrays.stream(values()).map(Objective::word).collect(Collectors.joining(" or "))
                                + ", or leave --objective out."));
    }

    /** As it is written in commands and settings. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
