package dev.tandem.app.cli;

import dev.tandem.domain.RetrievalSettings;
import dev.tandem.evidence.tuning.TuningReport;
import dev.tandem.measure.Interval;
import java.util.Comparator;
import java.util.Locale;

/** What was tried, the best first, and what came of it. */
final class TuningView {

    private TuningView() {}

    static void show(Terminal terminal, TuningReport report, boolean taken) {
        terminal.out.println(Text.count(report.documents(), "document") + ", " + Text.count(report.dev(), "question")
                + " to choose by, " + Text.number(report.report()) + " to report on"
                + (report.lost().isEmpty()
                        ? ""
                        : "; " + Text.number(report.lost().size()) + " not used, the first: "
                                + Text.line(report.lost().getFirst(), 60)));
        terminal.out.println();
        terminal.out.printf(
                Locale.ROOT, "%-14s %7s %7s %8s %9s %9s%n", "cut", "reach", "chunks", "parted", "cutting", "embedding");
        report.cuts().stream()
                .sorted(Comparator.comparingDouble((TuningReport.Cut cut) -> -cut.reach()))
                .forEach(cut -> terminal.out.printf(
                        Locale.ROOT,
                        "%-14s %7.3f %7s %8s %7.1f s %7.1f s%n",
                        cut.chunks(),
                        cut.reach(),
                        Text.number(cut.count()),
                        Double.isNaN(cut.parted()) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * cut.parted()),
                        cut.cutting(),
                        cut.embedding()));
        terminal.out.println();
        terminal.out.print("words weigh    ");
        report.weights().forEach(each -> terminal.out.printf(Locale.ROOT, "  %.2f: %.3f", each.words(), each.reach()));
        terminal.out.println();
        terminal.out.print("passages hold  ");
        report.passages().forEach(each -> terminal.out.printf(Locale.ROOT, "  %d: %.3f", each.count(), each.held()));
        terminal.out.println();
        terminal.out.println();
        report.reranked()
                .forEach(each -> terminal.out.printf(
                        Locale.ROOT,
                        "%-14s %7.3f   %.1f ms%n",
                        each.reranker().isEmpty() ? "not reranked" : "reranked",
                        each.reach(),
                        each.millis()));
        if (!report.reranked().isEmpty()) {
            terminal.out.println();
        }
        terminal.out.println(terminal.dim("on questions that nothing was chosen by:"));
        terminal.out.println("in use  " + of(report.current()));
        terminal.out.println("best    " + of(report.best()));
        Interval difference = report.difference();
        terminal.out.println(String.format(
                        Locale.ROOT,
                        "        %+.3f (%+.3f to %+.3f)  ",
                        difference.value(),
                        difference.low(),
                        difference.high())
                + verdict(terminal, report, taken));
    }

    private static String verdict(Terminal terminal, TuningReport report, boolean taken) {
        if (report.best().settings().equals(report.current().settings())) {
            return "what is in use is the best of these";
        }
        if (!report.isBetter()) {
            return "not better than by chance: left as it is";
        }
        return terminal.good(taken ? "better: taken over" : "better; run again without --dry-run to take it over");
    }

    private static String of(TuningReport.Measured measured) {
        return String.format(
                Locale.ROOT,
                "%.3f (%.3f to %.3f)  %s, %.1f ms",
                measured.reach().value(),
                measured.reach().low(),
                measured.reach().high(),
                words(measured.settings()),
                measured.millis());
    }

    /** For people: {@code structure:220, words weigh 0.45, 8 passages}. */
    static String words(RetrievalSettings settings) {
        return settings.chunks()
                + String.format(Locale.ROOT, ", words weigh %.2f, ", settings.lexicalWeight())
                + Text.count(settings.passages(), "passage")
                + (settings.reranker().isEmpty() ? "" : ", reranked by " + Text.tail(settings.reranker(), 40));
    }
}
