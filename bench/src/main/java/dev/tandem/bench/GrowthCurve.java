package dev.tandem.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Query time against the size of the index, as a drawing: sizes on a logarithmic axis, milliseconds on one from zero. */
final class GrowthCurve {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 56;
    private static final int RIGHT = 88;
    private static final int TOP = 44;
    private static final int BOTTOM = 52;

    /** Milliseconds of a hybrid query at one size. */
    record Point(int chunks, double p50, double p95, double p99) {}

    private final List<Point> points;
    private final double most;
    private final double first;
    private final double last;

    private GrowthCurve(List<Point> points, double bar) {
        this.points = points;
        double highest =
                Math.max(bar, points.stream().mapToDouble(Point::p99).max().orElse(bar));
        this.most = Math.ceil(highest * 1.1 / 10) * 10;
        this.first = Math.log10(points.getFirst().chunks());
        this.last = Math.log10(points.getLast().chunks());
    }

    /** An SVG document; {@code points} are two or more, ascending in size; {@code bar} is a line at that many milliseconds. */
    static String draw(List<Point> points, double bar) {
        return new GrowthCurve(points, bar).svg(bar);
    }

    private String svg(double bar) {
        var svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12">
                <title>Time of a hybrid query against the number of chunks</title>
                <rect width="%d" height="%d" fill="#fff"/>
                <text x="%d" y="22" font-size="14" font-weight="600" fill="#1f2937">Time of a hybrid query, in ms, against chunks</text>
                """, WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT));
        for (double ms = 0; ms <= most; ms += most > 60 ? 20 : 10) {
            line(svg, LEFT, y(ms), WIDTH - RIGHT, y(ms), "#e5e7eb", "");
            text(svg, LEFT - 8, y(ms) + 4, "end", "#4b5563", String.format(Locale.ROOT, "%.0f", ms));
        }
        for (Point point : points) {
            line(svg, x(point), y(0), x(point), y(0) + 5, "#6b7280", "");
            text(svg, x(point), y(0) + 20, "middle", "#4b5563", String.format(Locale.ROOT, "%,d", point.chunks()));
        }
        line(svg, LEFT, y(bar), WIDTH - RIGHT, y(bar), "#b91c1c", " stroke-dasharray=\"4 4\"");
        text(svg, LEFT + 6, y(bar) - 6, "start", "#b91c1c", String.format(Locale.ROOT, "p99 at most %.0f", bar));
        curve(svg, Point::p99, "p99", "#1d4ed8");
        curve(svg, Point::p95, "p95", "#0f766e");
        curve(svg, Point::p50, "p50", "#6b7280");
        return svg.append("</svg>\n").toString();
    }

    private void curve(StringBuilder svg, ToDoubleFunction<Point> of, String name, String colour) {
        svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        points.forEach(
                each -> svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(each), y(of.applyAsDouble(each)))));
        svg.append("\"/>\n");
        points.forEach(each -> svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                x(each),
                y(of.applyAsDouble(each)),
                colour)));
        double end = of.applyAsDouble(points.getLast());
        text(svg, WIDTH - RIGHT + 8, y(end) + 4, "start", colour, String.format(Locale.ROOT, "%s %.1f ms", name, end));
    }

    private double x(Point point) {
        return LEFT + (Math.log10(point.chunks()) - first) / (last - first) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double ms) {
        return HEIGHT - BOTTOM - ms / most * (HEIGHT - TOP - BOTTOM);
    }

    private static void line(
            StringBuilder svg, double x1, double y1, double x2, double y2, String colour, String more) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>\n",
                x1,
                y1,
                x2,
                y2,
                colour,
                more));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String colour, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
                x,
                y,
                anchor,
                colour,
                text));
    }
}
