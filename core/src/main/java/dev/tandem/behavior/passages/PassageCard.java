package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.tuning.Card;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.domain.Part;
import dev.tandem.measure.Interval;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** The card of a retriever, reranker or reader, in Markdown. */
final class PassageCard {

    private static final int LONGEST = 120;

    private PassageCard() {}

    static String of(
            PassageTraining recipe,
            PassageRequest request,
            BaseModel base,
            TrainingSettings settings,
            Trainer.TunedEncoder tuned,
            SortedMap<String, PassageResult.Figure> figures,
            List<Loss> losses,
            List<String> exceeded,
            List<PassageResult.Worse> worse) {
        var card = new StringBuilder();
        card.append("# ").append(request.name()).append("\n\n");
        card.append("A ")
                .append(recipe.kind())
                .append(": low-rank weights beside the layers of an encoder")
                .append(tuned.head().isPresent() ? ", and a linear layer on top.\n\n" : ".\n\n");
        card.append("## Made from\n\n");
        Card.row(card, "Base model", base.name() + ", `" + base.hash() + "`");
        Card.row(
                card,
                "Dataset",
                request.dataset().reference() + ", `" + request.dataset().hash() + "`");
        Card.personalData(card, request.consent());
        Card.row(
                card,
                "Examples",
                request.dataset().count(Part.TRAIN) + " to learn from and to stop by, "
                        + request.dataset().count(Part.TEST) + " to measure on");
        Card.row(
                card,
                "Low rank",
                String.format(
                        Locale.ROOT,
                        "%d, alpha %s, layers from %d on: %s",
                        settings.lora().rank(),
                        settings.lora().alpha(),
                        settings.lora().lowestLayer(),
                        String.join(", ", settings.lora().targets())));
        Card.row(
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
        figures.forEach((name, figure) -> Card.row(
                card,
                name,
                text(figure.after()) + "; what it began from " + text(figure.before()) + "; gained "
                        + text(figure.over()) + (figure.over().low() > 0 ? "" : ", which may be chance")));
        card.append("\n## Held against besides\n\n");
        losses.forEach(loss -> Card.row(card, loss.of(), "worse by " + text(loss.by())));
        card.append(exceeded.isEmpty() ? "\nNothing is beyond its budget.\n" : "\nIt may not be promoted:\n\n");
        exceeded.forEach(why -> card.append("- ").append(why).append('\n'));
        if (!worse.isEmpty()) {
            card.append("\n### What got worse\n\n");
            worse.forEach(each -> card.append(String.format(
                    Locale.ROOT, "- %s: %.2f, before %.2f%n", cut(each.question()), each.after(), each.before())));
        }
        card.append("\n## Limits\n\nIt was measured on questions like those that it learned from, and on no others than"
                + " those named above. Intervals are of 95%, over the questions drawn.\n");
        return card.toString();
    }

    private static String cut(String question) {
        String line = question.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String text(Interval interval) {
        return String.format(Locale.ROOT, "%.4f (%.4f to %.4f)", interval.value(), interval.low(), interval.high());
    }
}
