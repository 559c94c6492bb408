package dev.tandem.app.cli;

import dev.tandem.evidence.compare.ComparisonReport;
import dev.tandem.evidence.compare.ComparisonReport.Group;
import dev.tandem.evidence.compare.ComparisonReport.Measured;
import dev.tandem.evidence.compare.ComparisonReport.NotRun;
import dev.tandem.measure.Interval;
import dev.tandem.measure.PairedComparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A comparison of arms as a table of at most 80 columns, what may be said of the pairs in words, and where arms differ. */
final class ComparisonView {

    private static final int GROUPS = 5;
    private static final int FIGURE = 19;
    private static final int ARM = 8;
    private static final int NAME = 30;

    private final Terminal terminal;
    private final ComparisonReport report;
    private final List<String> lines = new ArrayList<>();

    private ComparisonView(Terminal terminal, ComparisonReport report) {
        this.terminal = terminal;
        this.report = report;
    }

    static String of(Terminal terminal, ComparisonReport report) {
        var view = new ComparisonView(terminal, report);
        view.head();
        view.leakage();
        view.table();
        view.pairs();
        view.groups("tag", report.tags());
        view.groups("class", report.classes());
        return String.join("\n", view.lines).stripTrailing();
    }

    private void head() {
        String cases = Text.count(report.suite().cases().size(), "case") + " to "
                + report.suite().task()
                + (report.classes().isEmpty() ? "" : " in " + classes());
        String name = Text.line(report.suite().name(), Math.max(8, terminal.width - cases.length() - 2));
        lines.add(terminal.bold(name) + ": " + cases);
        lines.add(terminal.dim("comparison " + report.run()));
        lines.add("");
    }

    private String classes() {
        int classes = report.classes().size();
        return Text.number(classes) + (classes == 1 ? " class" : " classes");
    }

    private void leakage() {
        if (report.leaked()) {
            String said = "LEAKED: " + Text.number(report.leakage().ids().size()) + " of "
                    + Text.count(report.suite().cases().size(), "case")
                    + " stand among the training examples. Figures of arms that learned from them say little about new"
                    + " cases.";
            Text.wrap(said, terminal.width).forEach(line -> lines.add(terminal.bad(line)));
            lines.add("");
        }
    }

    private void table() {
        List<Measured> measured = report.measured();
        if (!measured.isEmpty()) {
            var header = new StringBuilder(" ".repeat(ARM));
            measured.getFirst()
                    .figures()
                    .sequencedKeySet()
                    .forEach(name -> header.append(' ').append(left(name.replace('_', ' ') + " %", FIGURE)));
            header.append(String.format(Locale.ROOT, " %7s %7s %9s %5s", "p50 ms", "p95", "$ a case", "abst."));
            lines.add(terminal.dim(header.toString().stripTrailing()));
        }
        for (ComparisonReport.ArmReport arm : report.arms()) {
            switch (arm) {
                case Measured each -> lines.add(row(each));
                case NotRun not -> {
                    String start = left(not.arm(), ARM) + " ";
                    List<String> why = Text.wrap("not run: " + not.reason(), terminal.width - start.length());
                    for (int i = 0; i < why.size(); i++) {
                        lines.add((i == 0 ? start : " ".repeat(start.length())) + terminal.dim(why.get(i)));
                    }
                    // A command is copied: where it needs another line, it says so as a shell reads it.
                    List<String> command =
                            Text.wrap(Text.line(not.command(), Integer.MAX_VALUE), terminal.width - start.length() - 2);
                    for (int i = 0; i < command.size(); i++) {
                        lines.add(" ".repeat(start.length()) + command.get(i) + (i < command.size() - 1 ? " \\" : ""));
                    }
                }
            }
        }
        lines.add("");
    }

    private static String row(Measured arm) {
        var row = new StringBuilder(left(arm.arm(), ARM));
        arm.figures().values().forEach(figure -> row.append(' ').append(left(percent(figure), FIGURE)));
        row.append(String.format(
                Locale.ROOT,
                " %7s %7s %9s %5d",
                millis(arm.latency().p50()),
                millis(arm.latency().p95()),
                arm.costUsd() == 0 ? "0" : String.format(Locale.ROOT, "%.6f", arm.costUsd()),
                arm.abstained()));
        return row.toString();
    }

    private static String percent(Interval figure) {
        return String.format(
                Locale.ROOT, "%.1f (%.1f–%.1f)", 100 * figure.value(), 100 * figure.low(), 100 * figure.high());
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : millis < 1_000 ? "%.1f" : "%.0f", millis);
    }

    private void pairs() {
        for (PairedComparison pair : report.pairs()) {
            List<String> words = Text.wrap(pair.words(), terminal.width - 2);
            for (int i = 0; i < words.size(); i++) {
                String line = (i == 0 ? "" : "  ") + words.get(i);
                lines.add(pair.significant() ? line : terminal.dim(line));
            }
        }
        if (!report.pairs().isEmpty()) {
            lines.add("");
        }
    }

    /** The few groups on which arms lie furthest apart. */
    private void groups(String kind, List<Group> groups) {
        if (groups.isEmpty() || report.measured().size() < 2) {
            return;
        }
        var header = new StringBuilder(left("by " + kind + ", arms furthest apart first", NAME + 7));
        report.measured().forEach(arm -> header.append(String.format(Locale.ROOT, " %8s", Text.line(arm.arm(), ARM))));
        lines.add(terminal.dim(header.toString()));
        groups.stream()
                .sorted(Comparator.comparingDouble(ComparisonView::spread).reversed())
                .limit(GROUPS)
                .forEach(group -> {
                    var row = new StringBuilder(left(group.name(), NAME));
                    row.append(String.format(Locale.ROOT, " %6s", Text.number(group.cases())));
                    group.scores()
                            .values()
                            .forEach(score -> row.append(String.format(Locale.ROOT, " %8.1f", 100 * score)));
                    lines.add(row.toString());
                });
        if (groups.size() > GROUPS) {
            lines.add(terminal.dim(Text.number(groups.size() - GROUPS) + " more in the report (--html, --json)"));
        }
        lines.add("");
    }

    private static double spread(Group group) {
        return group.scores().values().stream().mapToDouble(each -> each).max().orElse(0)
                - group.scores().values().stream()
                        .mapToDouble(each -> each)
                        .min()
                        .orElse(0);
    }

    private static String left(String text, int width) {
        String line = Text.line(text, width);
        return line + " ".repeat(Math.max(0, width - line.codePointCount(0, line.length())));
    }
}
