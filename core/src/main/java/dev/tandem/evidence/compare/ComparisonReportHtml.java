package dev.tandem.evidence.compare;

import dev.tandem.catalog.Sha256;
import dev.tandem.measure.Classification;
import dev.tandem.measure.PairedComparison;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A report as one page that needs nothing but itself: style, charts and the few lines of script stand in it, and its content
 * policy forbids everything else, so that no text of a case can load or run anything. Without script all of it can be
 * read; with it, cases can be searched.
 */
public final class ComparisonReportHtml {

    private static final int GROUPS_DRAWN = 12;
    private static final int CONFUSIONS = 12;

    private final ComparisonReport report;
    private final List<ComparisonReport.Measured> measured;
    private final StringBuilder page = new StringBuilder(1 << 20);

    private ComparisonReportHtml(ComparisonReport report) {
        this.report = report;
        this.measured = report.measured();
    }

    public static String of(ComparisonReport report) {
        return new ComparisonReportHtml(report).whole();
    }

    private String whole() {
        String script = resource("report.js");
        String name = Html.line(report.suite().name(), 80);
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.append(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
                        + " script-src 'sha256-");
        page.append(Base64.getEncoder().encodeToString(Sha256.of(script.getBytes(StandardCharsets.UTF_8))));
        page.append("'\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.append("<meta name=\"color-scheme\" content=\"light dark\"><title>")
                .append(leakMark());
        page.append("Arms on ").append(name).append("</title><style>").append(resource("report.css"));
        page.append("</style></head><body><main>");
        head(name);
        leakage();
        table();
        charts();
        groups("tag", "By tag", report.tags());
        groups("class", "By class", report.classes());
        confusions();
        new CaseList(report).write(page);
        page.append(
                "<footer><p>Intervals: 95%, bootstrap over cases, each for itself. Pairs: paired bootstrap and sign-flip test"
                        + " on the same cases, the larger p, adjusted for the number of pairs after Holm; significant below .05,"
                        + " so that an interval may exclude zero and the pair not be significant. Latency: one case at a time,"
                        + " after warm-up.</p></footer></main><script>");
        page.append(script).append("</script></body></html>\n");
        return page.toString();
    }

    private String leakMark() {
        return report.leaked() ? "LEAKED: " : "";
    }

    private void head(String name) {
        page.append("<header><p class=\"kicker\">Comparison ")
                .append(Html.text(report.run()))
                .append("</p><h1>Arms on ");
        page.append(name)
                .append("</h1><p class=\"meta\">")
                .append(Html.number(report.suite().cases().size()));
        page.append(" cases to ").append(report.suite().task());
        if (!report.classes().isEmpty()) {
            page.append(" in ").append(Html.number(report.classes().size())).append(" classes");
        }
        Setup.Train train = report.train();
        if (train != null) {
            page.append(" · trained on ").append(Html.line(train.name(), 60));
        }
        page.append("</p></header>");
    }

    private void leakage() {
        if (report.leaked()) {
            int cases = report.leakage().ids().size();
            page.append("<p class=\"warning\" role=\"alert\"><b>Leaked.</b> ").append(Html.number(cases));
            page.append(" of ").append(Html.number(report.suite().cases().size()));
            page.append(
                    " cases stand among the training examples, and the comparison was run all the same: figures of arms"
                            + " that learned from them say little about new cases.</p>");
        }
    }

    private void table() {
        page.append("<section aria-labelledby=\"figures\"><h2 id=\"figures\">Figures</h2>");
        page.append("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Arm</th>");
        List<String> names = measured.isEmpty()
                ? List.of()
                : List.copyOf(measured.getFirst().figures().sequencedKeySet());
        names.forEach(name ->
                page.append("<th scope=\"col\">").append(Html.figure(name)).append("</th>"));
        boolean calibrated = measured.stream().anyMatch(arm -> !Double.isNaN(arm.calibrationError()));
        if (calibrated) {
            page.append(
                    "<th scope=\"col\"><abbr title=\"expected calibration error, 15 bins of equal width\">ECE</abbr></th>");
        }
        page.append("<th scope=\"col\">p50</th><th scope=\"col\">p95</th><th scope=\"col\">Cost a case</th>"
                + "<th scope=\"col\">Abstained</th></tr></thead><tbody>");
        int columns = names.size() + (calibrated ? 5 : 4);
        int number = 0;
        for (ComparisonReport.ArmReport arm : report.arms()) {
            page.append("<tr><th scope=\"row\">");
            switch (arm) {
                case ComparisonReport.Measured each -> {
                    page.append("<span class=\"dot arm")
                            .append(number++)
                            .append("\"></span>")
                            .append(Html.text(each.arm()));
                    page.append("</th>");
                    each.figures().values().forEach(figure -> {
                        page.append("<td>").append(Html.percent(figure.value())).append(" <span class=\"dim\">");
                        page.append(Html.percent(figure.low()).replace("\u00a0%", ""))
                                .append("–");
                        page.append(Html.percent(figure.high()).replace("\u00a0%", ""))
                                .append("</span></td>");
                    });
                    if (calibrated) {
                        double error = each.calibrationError();
                        page.append("<td>")
                                .append(Double.isNaN(error) ? "–" : Html.percent(error))
                                .append("</td>");
                    }
                    page.append("<td>")
                            .append(Html.millis(each.latency().p50()))
                            .append("</td><td>");
                    page.append(Html.millis(each.latency().p95())).append("</td><td>");
                    page.append(Html.dollars(each.costUsd()))
                            .append("</td><td>")
                            .append(Html.number(each.abstained()));
                    page.append("</td>");
                }
                case ComparisonReport.NotRun not -> {
                    page.append("<span class=\"dot\"></span>")
                            .append(Html.text(not.arm()))
                            .append("</th><td class=\"words\"");
                    page.append(" colspan=\"")
                            .append(columns)
                            .append("\"><span>not run: ")
                            .append(Html.text(not.reason()));
                    page.append("<br><code>").append(Html.text(not.command())).append("</code></span></td>");
                }
            }
            page.append("</tr>");
        }
        page.append("</tbody></table></div></section>");
    }

    private void charts() {
        if (measured.isEmpty()) {
            return;
        }
        List<String> arms =
                measured.stream().map(ComparisonReport.Measured::arm).toList();
        page.append("<div class=\"charts\">");
        for (String name : measured.getFirst().figures().sequencedKeySet()) {
            page.append("<figure><figcaption>").append(Html.figure(name)).append(", with 95% intervals</figcaption>");
            page.append(Chart.intervals(
                    Html.figure(name),
                    arms,
                    measured.stream()
                            .map(arm -> Objects.requireNonNull(arm.figures().get(name)))
                            .toList()));
            page.append("</figure>");
        }
        page.append("</div>");
        if (!report.pairs().isEmpty()) {
            page.append(
                    "<section aria-labelledby=\"pairs\"><h2 id=\"pairs\">Arm against arm</h2><div class=\"charts\"><figure>"
                            + "<figcaption>Difference in points of ");
            page.append(Html.figure(report.suite().task().metric())).append(", same cases</figcaption>");
            page.append(Chart.differences(report.pairs())).append("</figure><ul class=\"words\">");
            for (PairedComparison pair : report.pairs()) {
                page.append("<li")
                        .append(pair.significant() ? "" : " class=\"dim\"")
                        .append('>');
                page.append(Html.text(pair.words())).append(" <span class=\"dim\">adjusted p = ");
                page.append(p(pair.pHolm())).append("</span></li>");
            }
            page.append("</ul></div></section>");
        }
    }

    private static String p(double p) {
        return p < 0.001 ? "&lt; .001" : String.format(Locale.ROOT, "%.3f", p).replaceFirst("^0", "");
    }

    /** The groups on which arms lie furthest apart drawn, all of them in a table. */
    private void groups(String kind, String title, List<ComparisonReport.Group> groups) {
        if (groups.isEmpty() || measured.isEmpty()) {
            return;
        }
        page.append("<section aria-labelledby=\"")
                .append(kind)
                .append("\"><h2 id=\"")
                .append(kind)
                .append("\">");
        page.append(title).append("</h2><p class=\"legend\">");
        for (int i = 0; i < measured.size(); i++) {
            page.append("<span><span class=\"dot arm").append(i).append("\"></span>");
            page.append(Html.text(measured.get(i).arm())).append("</span>");
        }
        page.append("</p>");
        List<ComparisonReport.Group> drawn = groups.size() <= GROUPS_DRAWN
                ? groups
                : groups.stream()
                        .sorted(Comparator.comparingDouble(ComparisonReportHtml::spread)
                                .reversed())
                        .limit(GROUPS_DRAWN)
                        .toList();
        if (drawn.size() < groups.size()) {
            page.append("<p class=\"note\">The ")
                    .append(drawn.size())
                    .append(" of ")
                    .append(groups.size());
            page.append(" on which the arms lie furthest apart; a group of few cases moves far by chance.</p>");
        }
        String metric = Html.figure(report.suite().task().metric());
        page.append("<div class=\"charts\">");
        int half = (drawn.size() + 1) / 2;
        for (List<ComparisonReport.Group> column : List.of(drawn.subList(0, half), drawn.subList(half, drawn.size()))) {
            if (!column.isEmpty()) {
                page.append("<figure>")
                        .append(Chart.groups(metric + " " + title, column))
                        .append("</figure>");
            }
        }
        page.append("</div><details><summary>All ").append(groups.size()).append(" as a table</summary>");
        page.append("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">")
                .append(kind);
        page.append("</th><th scope=\"col\">cases</th>");
        measured.forEach(arm ->
                page.append("<th scope=\"col\">").append(Html.text(arm.arm())).append("</th>"));
        page.append("</tr></thead><tbody>");
        for (ComparisonReport.Group group : groups) {
            page.append("<tr><th scope=\"row\">")
                    .append(Html.text(group.name()))
                    .append("</th><td>");
            page.append(Html.number(group.cases())).append("</td>");
            group.scores()
                    .values()
                    .forEach(score ->
                            page.append("<td>").append(Html.percent(score)).append("</td>"));
            page.append("</tr>");
        }
        page.append("</tbody></table></div></details></section>");
    }

    private static double spread(ComparisonReport.Group group) {
        var scores = group.scores().values();
        return scores.stream().mapToDouble(each -> each).max().orElse(0)
                - scores.stream().mapToDouble(each -> each).min().orElse(0);
    }

    private void confusions() {
        if (report.suite().task() != Task.CLASSIFY || measured.isEmpty()) {
            return;
        }
        page.append("<section aria-labelledby=\"confused\"><h2 id=\"confused\">Taken for another class</h2>"
                + "<div class=\"charts\">");
        for (ComparisonReport.Measured arm : measured) {
            List<Classification.Confusion> all = ComparisonReport.classification(report.suite(), arm.outcomes())
                    .confusions(CONFUSIONS);
            page.append("<details><summary>")
                    .append(Html.text(arm.arm()))
                    .append("</summary><ol class=\"confusions\">");
            for (Classification.Confusion each : all) {
                page.append("<li><span class=\"count\">").append(each.cases()).append("</span> ");
                page.append(Html.text(each.gold())).append(" → ");
                page.append(each.said().isEmpty() ? "<i>nothing</i>" : Html.text(each.said()))
                        .append("</li>");
            }
            page.append("</ol></details>");
        }
        page.append("</div></section>");
    }

    private static String resource(String name) {
        try (InputStream in = ComparisonReportHtml.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
