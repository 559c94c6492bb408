package dev.tandem.app.cli;

import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.ClassifierTraining;
import dev.tandem.behavior.tuning.TestFigures;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.measure.Interval;
import java.util.Locale;

/** What training made, as a person reads it: how good, where it is weak, and what to do next. */
final class TrainView {

    private final Terminal terminal;

    TrainView(Terminal terminal) {
        this.terminal = terminal;
    }

    void show(AdapterEntry adapter, ClassifierTraining.Result result, double precision) {
        TestFigures test = result.test();
        line(terminal.accent(adapter.reference()) + "  " + adapter.kind() + ", "
                + Text.count(result.classes(), "label") + ", " + Text.count(result.examples(), "example")
                + " of " + adapter.dataset());
        line("");
        row("accuracy", percent(test.accuracy()), "on " + Text.count(test.cases(), "test example"));
        row("macro F1", percent(test.macroF1()), "every label counts alike");
        row(
                "calibration",
                String.format(Locale.ROOT, "%.1f points", 100 * test.calibrationError()),
                "expected error of the probabilities");
        row(
                "threshold",
                String.format(Locale.ROOT, "%.2f", result.threshold()),
                String.format(
                        Locale.ROOT,
                        "%.1f%% of the test reach it, %.1f%% of those right",
                        100 * test.kept(),
                        100 * test.keptAccuracy()));
        result.examined().rows().forEach(each -> row(each.name(), each.value(), each.remark()));
        if (test.keptAccuracy() < precision - 0.02) {
            line(terminal.bad(String.format(
                    Locale.ROOT,
                    "             %.0f%% right was asked for: no threshold that keeps half of the texts gives that.",
                    100 * precision)));
        }
        if (result.leaked() > 0) {
            line("");
            line(terminal.bad("Leaked: " + Text.count(result.leaked(), "test text")
                    + " stood in training; the figures say more than they should."));
        }
        if (result.dropped() > 0) {
            line("");
            line(Text.count(result.dropped(), "training example") + " left out for standing in test, too.");
        }
        if (!test.worst().isEmpty()) {
            line("");
            line(terminal.bold(String.format(Locale.ROOT, "%-44s %6s %6s", "weakest labels", "F1", "cases")));
            test.worst()
                    .forEach(each -> line(String.format(
                            Locale.ROOT, "%-44s %6.3f %6d", Text.line(each.label(), 44), each.f1(), each.cases())));
        }
        if (!test.confused().isEmpty()) {
            line("");
            line(terminal.bold(String.format(Locale.ROOT, "%-38s %-38s %6s", "most confused", "taken for", "times")));
            test.confused()
                    .forEach(each -> line(String.format(
                            Locale.ROOT,
                            "%-38s %-38s %6d",
                            Text.line(each.gold(), 38),
                            Text.line(each.said(), 38),
                            each.cases())));
        }
        line("");
        line(terminal.dim(String.format(
                Locale.ROOT,
                "%.1f s, of which %.1f s for the head; intervals are of 95%%",
                result.took().toMillis() / 1000.0,
                result.fitting().toMillis() / 1000.0)));
        String name = adapter.name();
        line(
                adapter.aliases().contains(Registry.PRODUCTION)
                        ? "In production. Next: tandem classify --adapter " + name + " \"…\""
                        : "Registered as " + name + "@candidate. Next: tandem adapters promote " + name
                                + ", then tandem classify \"…\"");
    }

    private void row(String name, String value, String remark) {
        line(row(terminal, name, value, remark));
    }

    static String row(Terminal terminal, String name, String value, String remark) {
        return String.format(Locale.ROOT, "%-12s %-24s ", name, value) + terminal.dim(remark);
    }

    private void line(String text) {
        terminal.out.println(text.stripTrailing());
    }

    static String percent(Interval figure) {
        return String.format(
                Locale.ROOT, "%.1f%% (%.1f–%.1f)", 100 * figure.value(), 100 * figure.low(), 100 * figure.high());
    }
}
