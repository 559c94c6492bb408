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
            Objective objective,
            TrainingSettings settings,
            int epoch,
            int steps,
            int labels,
            TestFigures test,
            TestFigures frozen,
            Interval over,
            Examined examined,
            int examples,
            int leaked) {
        var card = new StringBuilder();
        card.append("# ").append(request.name()).append("\n\n");
        card.append("A classifier of short texts into ")
                .append(labels)
                .append(" labels: low-rank weights beside the layers of a sentence encoder, and a linear head (")
                .append(LoraClassifierTraining.KIND)
                .append(").\n\n## Made from\n\n");
        Card.row(card, "Base model", base.name() + ", `" + base.hash() + "`");
        Card.row(
                card,
                "Dataset",
                request.dataset().reference() + ", `" + request.dataset().hash() + "`");
        Card.row(
                card,
                "Examples",
                examples + " to learn from and to stop by, " + request.dataset().count(Part.TEST) + " to measure on");
        Card.personalData(card, request.consent());
        Card.row(
                card,
                "Low rank",
                String.format(
                        Locale.ROOT,
                        "%d, alpha %s, %s",
                        settings.lora().rank(),
                        settings.lora().alpha(),
                        String.join(", ", settings.lora().targets())));
        Card.row(
                card,
                "Training",
                String.format(
                        Locale.ROOT,
                        "from %s, best of %d steps after epoch %d, batches of %d, learning rate %s, seed %d",
                        objective.word(),
                        steps,
                        epoch,
                        settings.batch(),
                        settings.learningRate(),
                        settings.seed()));
        card.append("\n## Measured on the test examples\n\n");
        Card.row(card, "Accuracy", Card.percent(test.accuracy()));
        Card.row(card, "The head on the frozen encoder", Card.percent(frozen.accuracy()));
        Card.row(
                card,
                "Over it",
                String.format(
                        Locale.ROOT,
                        "%+.1f points (%+.1f to %+.1f)%s",
                        100 * over.value(),
                        100 * over.low(),
                        100 * over.high(),
                        over.low() > 0 ? "" : ": it does not pay to serve this one"));
        Card.row(card, "Macro F1", Card.percent(test.macroF1()));
        Card.row(
                card,
                "Expected calibration error",
                String.format(
                        Locale.ROOT, "%.3f, of the frozen %.3f", test.calibrationError(), frozen.calibrationError()));
        Card.row(
                card,
                "At or above the threshold",
                String.format(
                        Locale.ROOT,
                        "%.1f%% of the cases, %.1f%% of them right",
                        100 * test.kept(),
                        100 * test.keptAccuracy()));
        Card.leaked(card, leaked);
        card.append("\n### Where it is weak\n\n");
        test.worst()
                .forEach(each -> card.append(String.format(
                        Locale.ROOT, "- `%s`: F1 %.3f over %d cases%n", each.label(), each.f1(), each.cases())));
        test.confused()
                .forEach(each -> card.append(String.format(
                        Locale.ROOT, "- `%s` taken for `%s` %d times%n", each.gold(), each.said(), each.cases())));
        examined.into(card);
        card.append(
                "\n## Limits\n\nIt knows the labels that it was trained on and no others, and what was decided after its"
                        + " examples were written it cannot know. Intervals are of 95%, over the cases drawn.\n");
        return card.toString();
    }
}
