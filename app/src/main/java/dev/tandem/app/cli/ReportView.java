package dev.tandem.app.cli;

import dev.tandem.evidence.AnswerReport;
import dev.tandem.evidence.RetrievalReport;
import dev.tandem.measure.Interval;
import java.util.Locale;

/** Figures as a person reads them: means with their 95% intervals. */
final class ReportView {

    private ReportView() {}

    static String of(RetrievalReport report, String part) {
        var text = new StringBuilder();
        text.append(report.suite())
                .append(": ")
                .append(Text.count(report.documents(), "document"))
                .append(", ");
        text.append(Text.number(report.queries()))
                .append(" queries (")
                .append(Text.line(part, 40))
                .append(")\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%-9s %-18s %5s %5s %5s %6s %7s %8s %7s %7s%n",
                "",
                "nDCG@10",
                "P@5",
                "R@5",
                "R@10",
                "R@100",
                "MRR@10",
                "p50 ms",
                "p95",
                "p99"));
        report.modes()
                .forEach((name, mode) -> text.append(String.format(
                        Locale.ROOT,
                        "%-9s %-18s %5.3f %5.3f %5.3f %6.3f %7.3f %8.1f %7.1f %7.1f%n",
                        name,
                        of(mode.ndcgAt10()),
                        mode.precisionAt5().value(),
                        mode.recallAt5().value(),
                        mode.recallAt10().value(),
                        mode.recallAt100().value(),
                        mode.mrrAt10().value(),
                        mode.latency().p50(),
                        mode.latency().p95(),
                        mode.latency().p99())));
        text.append('\n');
        report.paired()
                .forEach((name, difference) -> text.append(String.format(
                        Locale.ROOT,
                        "%-15s %+.3f (%+.3f to %+.3f)%s%n",
                        name,
                        difference.value(),
                        difference.low(),
                        difference.high(),
                        difference.low() > 0 ? "  better" : difference.high() < 0 ? "  worse" : "  not significant")));
        if (report.ingest() != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "%ningest %.1f s, embedding %,.0f tokens/s%n",
                    report.ingest().seconds(),
                    report.ingest().tokensPerSecond()));
        }
        return text.toString().stripTrailing();
    }

    static String of(AnswerReport report) {
        var text = new StringBuilder();
        text.append(Text.count(report.cases(), "question")).append(", ");
        text.append(Text.number(report.answered())).append(" answered\n\n");
        text.append("exact match     ").append(of(report.exactMatch())).append('\n');
        text.append("token F1        ").append(of(report.tokenF1())).append('\n');
        AnswerReport.Abstention abstention = report.abstention();
        if (abstention != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "abstention      precision %.3f, recall %.3f, F1 %.3f%n",
                    abstention.precision(),
                    abstention.recall(),
                    abstention.f1()));
        }
        text.append(String.format(
                Locale.ROOT,
                "citations       %.1f %% verbatim, %.1f %% of the answered touch a right answer%n",
                100 * report.citations().verbatim(),
                100 * report.citations().overlapsGold()));
        AnswerReport.Supported supported = report.citations().supported();
        text.append(String.format(
                Locale.ROOT,
                "in the quote    %.1f %% of the words; numbers of %.1f %% and denials of %.1f %% of the statements",
                100 * supported.aligned(),
                100 * supported.numbers(),
                100 * supported.negation()));
        return text.toString();
    }

    private static String of(Interval figure) {
        return String.format(Locale.ROOT, "%.3f (%.3f–%.3f)", figure.value(), figure.low(), figure.high());
    }
}
