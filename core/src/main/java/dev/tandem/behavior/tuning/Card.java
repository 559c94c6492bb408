package dev.tandem.behavior.tuning;

import dev.tandem.behavior.dataset.PersonalDataConsent;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Part;
import dev.tandem.measure.Interval;
import java.util.Locale;

/** The adapter's card, in Markdown: what it is, what it was made from, how well it does and where it does not. */
public final class Card {

    private Card() {}

    static String of(
            ClassifierTraining.Request request,
            Encoder base,
            HeadTraining.Trained trained,
            TestFigures test,
            Examined examined,
            int examples,
            int leaked) {
        var card = new StringBuilder();
        card.append("# ").append(request.name()).append("\n\n");
        card.append("A classifier of short texts into ")
                .append(trained.head().labels().size())
                .append(" labels: a linear head on a sentence encoder that stays as it is (")
                .append(ClassifierTraining.KIND)
                .append(").\n\n## Made from\n\n");
        row(card, "Base model", base.name() + ", `" + base.hash() + "`");
        row(
                card,
                "Dataset",
                request.dataset().reference() + ", `" + request.dataset().hash() + "`");
        row(card, "Examples", examples + " to learn from, " + request.dataset().count(Part.TEST) + " to measure on");
        personalData(card, request.consent());
        row(
                card,
                "Chosen by " + request.settings().folds() + "-fold cross-validation",
                String.format(
                        Locale.ROOT,
                        "L2 penalty %s, temperature %.3f, threshold %.3f",
                        trained.penalty(),
                        trained.temperature(),
                        trained.head().threshold()));
        row(card, "Seed", Long.toString(request.settings().seed()));
        card.append("\n## Measured on the test examples\n\n");
        row(card, "Accuracy", percent(test.accuracy()));
        row(card, "Macro F1", percent(test.macroF1()));
        row(card, "Expected calibration error", String.format(Locale.ROOT, "%.3f", test.calibrationError()));
        row(
                card,
                "At or above the threshold",
                String.format(
                        Locale.ROOT,
                        "%.1f%% of the cases, %.1f%% of them right",
                        100 * test.kept(),
                        100 * test.keptAccuracy()));
        leaked(card, leaked);
        card.append("\n### Where it is weak\n\n");
        if (test.worst().isEmpty()) {
            card.append("No label had an error.\n");
        }
        test.worst()
                .forEach(each -> card.append(String.format(
                        Locale.ROOT, "- `%s`: F1 %.3f over %d cases%n", each.label(), each.f1(), each.cases())));
        test.confused()
                .forEach(each -> card.append(String.format(
                        Locale.ROOT, "- `%s` taken for `%s` %d times%n", each.gold(), each.said(), each.cases())));
        examined.into(card);
        card.append(
                        "\n## Limits\n\nIt knows the labels that it was trained on and no others, and what was decided after its"
                                + " examples were written it cannot know. It reads ")
                .append(base.maxTokens())
                .append(" tokens of a text. Intervals are of 95%, over the cases drawn.\n");
        return card.toString();
    }

    /** Why personal data was learned from, if it was. */
    public static void personalData(StringBuilder card, PersonalDataConsent consent) {
        consent.reason()
                .ifPresent(reason -> row(card, "Learned from personal data", "`--allow-pii`, because: " + reason));
    }

    static void leaked(StringBuilder card, int leaked) {
        if (leaked > 0) {
            card.append("\n**")
                    .append(leaked)
                    .append(leaked == 1 ? " test text was" : " test texts were")
                    .append(" trained on (`--allow-leakage`): the figures say more than they should.**\n");
        }
    }

    /** {@code - name: value}. */
    public static void row(StringBuilder card, String name, String value) {
        card.append("- ").append(name).append(": ").append(value).append('\n');
    }

    static String percent(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%.1f%% (%.1f to %.1f)",
                100 * interval.value(),
                100 * interval.low(),
                100 * interval.high());
    }
}
