package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.app.sample.SampleRetrieval;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Outside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an adapter is held against besides its test examples. */
final class WorthOptions {

    private static final int MOST_DAYS = 3_650;

    /** More say no more, and take their time. */
    private static final int MOST_OUTSIDE = 1_000;

    @Option(
            names = "--budget",
            paramLabel = "NAME=SHARE,…",
            description = "how much worse than the frozen head it may be and still be promoted, such as"
                    + " robustness=.02,forgetting=.05; docs/classifiers.md has the names and the defaults")
    private @Nullable String budget;

    @Option(
            names = "--outside",
            paramLabel = "NAME",
            description = "a dataset whose texts belong to none of the labels (default: 200 general questions)")
    private @Nullable String outside;

    @Option(
            names = "--due",
            paramLabel = "DAYS",
            defaultValue = "90",
            description = "after which it should be measured again (default: ${DEFAULT-VALUE})")
    private int days = Due.DAYS;

    /** @throws Failure INVALID or MISSING where something that was said cannot be taken */
    Conditions conditions(Wiring wiring, Principal owner, Budgets usual, boolean encoderChanges) {
        LocalDate due = due(days);
        String name = outside;
        List<String> strange = name == null ? Outside.texts() : texts(wiring, owner, name);
        return new Conditions(
                budget == null ? usual : usual.with(budget),
                strange,
                encoderChanges ? SampleRetrieval.suite() : null,
                due);
    }

    /** @throws Failure INVALID where nobody waits that long, or not at all */
    static LocalDate due(int days) {
        if (days < 1 || days > MOST_DAYS) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "--due cannot be " + days + " days.",
                    "Give a number from 1 to " + MOST_DAYS + ".");
        }
        return Due.in(days);
    }

    private static List<String> texts(Wiring wiring, Principal owner, String dataset) {
        return wiring.catalog(owner).datasets().examples(owner, TrainCommand.known(wiring, owner, dataset)).stream()
                .map(Example::input)
                .distinct()
                .limit(MOST_OUTSIDE)
                .toList();
    }
}
