package dev.tandem.evidence.compare;

import dev.tandem.measure.Interval;
import dev.tandem.measure.PairedComparison;
import java.util.ArrayList;
import java.util.List;

/**
 * Charts as SVG: rows with their label and value above a plot, an axis below all. Colours are classes of the page's style
 * sheet, so that they follow light and dark; each chart says in words what it shows.
 */
final class Chart {

    private static final int WIDTH = 440;
    private static final int ROW = 42;
    private static final int AXIS = 26;
    private static final int MARGIN = 12;

    private final StringBuilder svg = new StringBuilder();
    private final int height;

    private Chart(String title, int bodyHeight) {
        height = bodyHeight + AXIS;
        svg.append("<svg role=\"img\" aria-label=\"").append(Html.text(title)).append("\" viewBox=\"0 0 ");
        svg.append(WIDTH).append(' ').append(height).append("\">");
    }

    /** One figure of each arm: a dot with its 95% interval as a whisker. */
    static String intervals(String figure, List<String> arms, List<Interval> values) {
        double low = values.stream().mapToDouble(Interval::low).min().orElse(0);
        double high = values.stream().mapToDouble(Interval::high).max().orElse(1);
        Scale scale = Scale.holding(low, high, MARGIN, WIDTH - MARGIN);
        var said = new ArrayList<String>();
        for (int i = 0; i < arms.size(); i++) {
            said.add(arms.get(i) + " " + range(values.get(i)));
        }
        var chart = new Chart(figure + " with 95% intervals: " + String.join("; ", said), arms.size() * ROW);
        chart.axis(scale, false);
        for (int i = 0; i < arms.size(); i++) {
            chart.labels(i * ROW + 14, arms.get(i), range(values.get(i)), "");
            chart.whisker(scale, values.get(i), i * ROW + 29, "arm" + i, true);
        }
        return chart.end();
    }

    private static String range(Interval value) {
        return Html.percent(value.value()) + " (" + Html.percent(value.low()).replace("\u00a0%", "") + "–"
                + Html.percent(value.high()).replace("\u00a0%", "") + ")";
    }

    /** Differences of pairs about a zero line; a hollow dot where chance may be all there is. */
    static String differences(List<PairedComparison> pairs) {
        double low = Math.min(
                0,
                pairs.stream()
                        .mapToDouble(each -> each.difference().low())
                        .min()
                        .orElse(0));
        double high = Math.max(
                0,
                pairs.stream()
                        .mapToDouble(each -> each.difference().high())
                        .max()
                        .orElse(0));
        Scale scale = Scale.holding(low, high, MARGIN, WIDTH - MARGIN);
        String words =
                String.join("; ", pairs.stream().map(PairedComparison::words).toList());
        var chart = new Chart("Differences between arms in points: " + words, pairs.size() * ROW);
        chart.axis(scale, true);
        for (int i = 0; i < pairs.size(); i++) {
            PairedComparison pair = pairs.get(i);
            Interval by = pair.difference();
            String value = Html.points(by.value()) + " (" + Html.points(by.low()) + " to " + Html.points(by.high())
                    + ")" + (pair.significant() ? "" : " · not significant");
            chart.labels(i * ROW + 14, pair.left() + " − " + pair.right(), value, pair.significant() ? "" : "dim");
            chart.whisker(
                    scale,
                    by,
                    i * ROW + 29,
                    pair.significant() ? by.value() > 0 ? "up" : "down" : "none",
                    pair.significant());
        }
        return chart.end();
    }

    /** A bar of every arm in each group. */
    static String groups(String what, List<ComparisonReport.Group> groups) {
        int arms = groups.isEmpty() ? 0 : groups.getFirst().scores().size();
        int row = 22 + 8 * arms + 8;
        Scale scale = new Scale(0, 1, 0.25, MARGIN, WIDTH - MARGIN);
        var said = new ArrayList<String>();
        for (ComparisonReport.Group group : groups) {
            var scores = new ArrayList<String>();
            group.scores().forEach((arm, score) -> scores.add(arm + " " + Html.percent(score)));
            said.add(group.name() + " " + String.join(", ", scores));
        }
        var chart = new Chart(what + ": " + String.join("; ", said), groups.size() * row);
        chart.axis(scale, false);
        for (int g = 0; g < groups.size(); g++) {
            ComparisonReport.Group group = groups.get(g);
            int top = g * row;
            var scores = new ArrayList<String>();
            group.scores()
                    .forEach((arm, score) -> scores.add(Html.percent(score).replace("\u00a0%", "")));
            chart.labels(top + 14, group.name() + " · " + group.cases(), String.join(" / ", scores), "");
            int bar = 0;
            for (double score : group.scores().values()) {
                int y = top + 20 + 8 * bar;
                chart.rectangle(scale.x(0), y, scale.x(score) - scale.x(0), "arm" + bar);
                bar++;
            }
        }
        return chart.end();
    }

    private void axis(Scale scale, boolean differences) {
        int floor = height - AXIS;
        for (int i = 0; i < scale.ticks(); i++) {
            double value = scale.tick(i);
            boolean zero = differences && Math.abs(value) < scale.step() / 2;
            String x = Scale.px(scale.x(value));
            svg.append("<line class=\"")
                    .append(zero ? "zero" : "grid")
                    .append("\" x1=\"")
                    .append(x);
            svg.append("\" x2=\"")
                    .append(x)
                    .append("\" y1=\"18\" y2=\"")
                    .append(floor)
                    .append("\"/>");
            String label = differences ? Html.points(value) : percentTick(value, scale.step());
            String anchor = i == 0 ? "start" : i == scale.ticks() - 1 ? "end" : "middle";
            double at = i == 0 ? 0 : i == scale.ticks() - 1 ? WIDTH : scale.x(value);
            svg.append("<text class=\"tick\" text-anchor=\"")
                    .append(anchor)
                    .append("\" x=\"")
                    .append(Scale.px(at));
            svg.append("\" y=\"").append(height - 8).append("\">").append(label).append("</text>");
        }
    }

    private static String percentTick(double value, double step) {
        return step < 0.01 ? Html.percent(value) : Math.round(100 * value) + "\u00a0%";
    }

    /** The name to the left, the value to the right, on a strip that hides the grid. */
    private void labels(int baseline, String name, String value, String style) {
        svg.append("<rect class=\"paper\" x=\"0\" width=\"")
                .append(WIDTH)
                .append("\" y=\"")
                .append(baseline - 14);
        svg.append("\" height=\"19\"/><text class=\"name\" x=\"0\" y=\"")
                .append(baseline)
                .append("\">");
        svg.append(Html.line(name, 34)).append("</text><text class=\"value ").append(style);
        svg.append("\" text-anchor=\"end\" x=\"")
                .append(WIDTH)
                .append("\" y=\"")
                .append(baseline)
                .append("\">");
        svg.append(Html.text(value)).append("</text>");
    }

    private void whisker(Scale scale, Interval value, int y, String style, boolean filled) {
        String low = Scale.px(scale.x(value.low()));
        String high = Scale.px(scale.x(value.high()));
        svg.append("<g class=\"whisker ")
                .append(style)
                .append("\"><path d=\"M")
                .append(low)
                .append(' ')
                .append(y);
        svg.append('H')
                .append(high)
                .append('M')
                .append(low)
                .append(' ')
                .append(y - 5)
                .append("v10M")
                .append(high);
        svg.append(' ').append(y - 5).append("v10\"/><circle class=\"").append(filled ? "full" : "hollow");
        svg.append("\" r=\"4.5\" cx=\"")
                .append(Scale.px(scale.x(value.value())))
                .append("\" cy=\"")
                .append(y);
        svg.append("\"/></g>");
    }

    private void rectangle(double x, int y, double width, String style) {
        svg.append("<rect class=\"bar ")
                .append(style)
                .append("\" x=\"")
                .append(Scale.px(x))
                .append("\" y=\"")
                .append(y);
        svg.append("\" height=\"6\" rx=\"2\" width=\"")
                .append(Scale.px(Math.max(0.5, width)))
                .append("\"/>");
    }

    private String end() {
        return svg.append("</svg>").toString();
    }
}
