package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.domain.Part;
import dev.tandem.measure.Interval;
import java.util.Locale;

/** The card of a tuned classifier, in Markdown. */
final class LoraCard {

    private LoraCard() {}

    static String of(
            ClassifierTraining.Request request,
            BaseModel base,
            TrainingSettings settings,
            Trainer.Tuned tuned,
            TestFigures test,
            TestFigures frozen,
            Interval over,
            int examples) {
        var card = new StringBuilder();
        card.append("# ").append(request.name()).append("\n\n");
        card.append("A classifier of short texts into ")
                .append(tuned.head().labels().size())
                .append(" labels: low-rank weights beside the layers of a sentence encoder, and a linear head (")
                .append(LoraClassifierTraining.KIND)
                .append(").\n\n## Made from\n\n");
        row(card, "Base model", base.name() + ", `" + base.hash() + "`");
        row(
                card,
                "Dataset",
                request.dataset().reference() + ", `" + request.dataset().hash() + "`");
        row(
                card,
                "Examples",
                examples + " to learn from and to stop by, " + request.dataset().count(Part.TEST) + " to measure on");
        row(
                card,
                "Low rank",
                String.format(
                        Locale.ROOT,
                        "%d, alpha %s, %s",
                        settings.lora().rank(),
                        settings.lora().alpha(),
                        String.join(", ", settings.lora().targets())));
        row(
                card,
                "Training",
                String.format(
                        Locale.ROOT,
                        "best of %d steps after epoch %d, batches of %d, learning rate %s, seed %d",
                        tuned.steps(),
                        tuned.epoch(),
                        settings.batch(),
                        settings.learningRate(),
                        settings.seed()));
        card.append("\n## Measured on the test examples\n\n");
        row(card, "Accuracy", percent(test.accuracy()));
        row(card, "The head on the frozen encoder", percent(frozen.accuracy()));
        row(
                card,
                "Over it",
                String.format(
                        Locale.ROOT,
                        "%+.1f points (%+.1f to %+.1f)%s",
                        100 * over.value(),
                        100 * over.low(),
                        100 * over.high(),
                        over.low() > 0 ? "" : ": it does not pay to serve this one"));
        row(card, "Macro F1", percent(test.macroF1()));
        row(
                card,
                "Expected calibration error",
                String.format(
                        Locale.ROOT, "%.3f, of the frozen %.3f", test.calibrationError(), frozen.calibrationError()));
        row(
                card,
                "At or above the threshold",
                String.format(
                        Locale.ROOT,
                        "%.1f%% of the cases, %.1f%% of them right",
                        100 * test.kept(),
                        100 * test.keptAccuracy()));
        card.append("\n### Where it is weak\n\n");
        test.worst()
                .forEach(each -> card.append(String.format(
                        Locale.ROOT, "- `%s`: F1 %.3f over %d cases%n", each.label(), each.f1(), each.cases())));
        test.confused()
                .forEach(each -> card.append(String.format(
                        Locale.ROOT, "- `%s` taken for `%s` %d times%n", each.gold(), each.said(), each.cases())));
        card.append(
                "\n## Limits\n\nIt knows the labels that it was trained on and no others, and what was decided after its"
                        + " examples were written it cannot know. Intervals are of 95%, over the cases drawn.\n");
        return card.toString();
    }

    private static void row(StringBuilder card, String name, String value) {
        card.append("- ").append(name).append(": ").append(value).append('\n');
    }

    private static String percent(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%.1f%% (%.1f to %.1f)",
                100 * interval.value(),
                100 * interval.low(),
                100 * interval.high());
    }
}
