package dev.tandem.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is said of tuning on questions and passages, beside how. */
final class PassageOptions {

    @Option(
            names = "--data",
            paramLabel = "NAME",
            required = true,
            description = "a dataset of questions with passages, or a state of it: faq@3")
    @SuppressWarnings("NullAway.Init") // set by the parser
    String data;

    @Option(names = "--name", paramLabel = "NAME", description = "of the adapter (default: the dataset's)")
    @Nullable
    String name;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            description = "your documents: passages of theirs that only look as if they answered are learned from, and"
                    + " it is measured among them")
    @Nullable
    String collection;

    @Option(
            names = "--allow-pii",
            paramLabel = "REASON",
            description = "learn from personal data all the same; the reason goes to the audit trail and the card")
    @Nullable
    String allowPii;

    @Option(names = "--seed", paramLabel = "N", description = "of all that is drawn (1)")
    long seed = 1;

    @Option(names = "--promote", description = "make it the one in production at once, if its budgets allow")
    boolean promote;

    @Option(names = "--json", description = "the figures as one JSON object, last line of the output")
    boolean json;
}
