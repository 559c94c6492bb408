package dev.tandem.behavior.worth;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter is held against besides its test examples, and how long that is good for.
 *
 * @param outside texts that belong to none of its labels
 * @param general a suite that it is not tuned for; null where none is at hand, and nothing is said of forgetting
 * @param due the day after which it should be measured again
 */
public record Conditions(
        Budgets budgets, List<String> outside, @Nullable RetrievalSuite general, LocalDate due) {

    public Conditions {
        outside = List.copyOf(outside);
    }

    /** As they are where nothing is said. */
    public static Conditions ofLabels() {
        return new Conditions(Budgets.OF_LABELS, Outside.texts(), null, Due.in(Due.DAYS));
    }
}
