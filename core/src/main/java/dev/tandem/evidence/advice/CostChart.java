package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What each arm costs over 36 months, as an SVG image: one panel an arm, all on one scale, each a band from the low to the
 * high end. The scale is logarithmic, as published ranges span tens of thousands of times; what lies below its first mark
 * lies on its floor. Nothing is told by colour alone.
 */
final class CostChart {

    private static final int MONTHS = 36;

    private static final int WIDTH = 1040;
    private static final int HEIGHT = 484;
    private static final int LEFT = 112;
    private static final int RIGHT = 24;
    private static final int TOP = 142;
    private static final int BOTTOM = 86;
    private static final int GAP = 28;
    private static final double PANEL = (WIDTH - LEFT - RIGHT - GAP * 3) / 4.0;

    private static final String INK = "#1f2328";
    private static final String QUIET = "#57606a";
    private static final String GRID = "#d8dee4";
    private static final String OTHER = "#57606a";
    private static final String CHOSEN = "#0b5cad";

    private final Cost cost;
    private final Arm recommendation;
    private final int lowestDecade;
    private final int highestDecade;
    private final StringBuilder svg = new StringBuilder();

    private CostChart(Cost cost, Arm recommendation) {
        this.cost = cost;
        this.recommendation = recommendation;
        double least = Double.MAX_VALUE;
        double most = 1;
        for (Arm arm : Arm.values()) {
            least = Math.min(least, Math.max(1, cost.total(arm, 1).low().doubleValue()));
            most = Math.max(most, cost.total(arm, MONTHS).high().doubleValue());
        }
        this.lowestDecade = (int) Math.floor(Math.log10(least));
        this.highestDecade = Math.max(lowestDecade + 1, (int) Math.ceil(Math.log10(most)));
    }

    static String of(Cost cost, Arm recommendation) {
        return new CostChart(cost, recommendation).draw();
    }

    private String draw() {
        String title = "Cost of each arm over 36 months";
        String setting = Money.number(BigDecimal.valueOf(cost.volume())) + " queries a month"
                + (cost.volumeGiven() ? "" : " (assumed)") + ", prices of tier " + cost.tier();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " role=\"img\" aria-labelledby=\"title description\""
                        + " font-family=\"system-ui, 'DejaVu Sans', Arial, sans-serif\" font-size=\"13\">%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        svg.append("<title id=\"title\">").append(title).append("</title>\n");
        svg.append("<desc id=\"description\">").append(description(setting)).append("</desc>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(LEFT, 32, 19, INK, "start", "600", title);
        text(LEFT, 54, 13, QUIET, "start", "400", setting + "; each band spans its range, low to high");
        scale();
        for (Arm arm : Arm.values()) {
            panel(arm);
        }
        text(LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 46, 13, QUIET, "middle", "400", "months");
        text(LEFT, HEIGHT - 16, 13, INK, "start", "400", paybacks());
        svg.append("</svg>\n");
        return svg.toString();
    }

    private String description(String setting) {
        var text = new StringBuilder("At ").append(setting).append(". ");
        for (Arm arm : Arm.values()) {
            text.append(arm)
                    .append(arm == recommendation ? " (recommended): " : ": ")
                    .append(Money.of(cost.total(arm, 12)))
                    .append(" over 12 months, ")
                    .append(Money.of(cost.total(arm, MONTHS)))
                    .append(" over 36 months. ");
        }
        return text.toString().strip();
    }

    private String paybacks() {
        Cost.Comparison tuned = cost.paybacks().getFirst();
        return "Break-even of " + tuned.arm() + " against " + tuned.against() + ", in total queries: at best "
                + words(tuned.best()) + ", at worst " + words(tuned.worst()) + ".";
    }

    private static String words(Payback payback) {
        return payback.queries().map(BreakEven::words).orElse("unknown without a volume");
    }

    private void scale() {
        for (int decade = lowestDecade; decade <= highestDecade; decade++) {
            double y = y(Math.pow(10, decade));
            for (Arm arm : Arm.values()) {
                line(left(arm), y, left(arm) + PANEL, y, GRID, 1);
            }
            text(LEFT - 10, y + 4.5, 13, QUIET, "end", "400", Money.of(BigDecimal.TEN.pow(decade)));
        }
        double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(16 %.1f) rotate(-90)\" fill=\"%s\" text-anchor=\"middle\">"
                        + "USD in all, logarithmic</text>%n",
                middle,
                QUIET));
    }

    private void panel(Arm arm) {
        boolean chosen = arm == recommendation;
        String colour = chosen ? CHOSEN : OTHER;
        double left = left(arm);
        text(left, TOP - 54, 15, chosen ? CHOSEN : INK, "start", "600", arm + (chosen ? " · recommended" : ""));
        text(left, TOP - 34, 12.5, INK, "start", "400", "12 months " + Money.of(cost.total(arm, 12)));
        text(left, TOP - 16, 12.5, INK, "start", "400", "36 months " + Money.of(cost.total(arm, MONTHS)));

        String upper = points(arm, Range::high, false);
        String lower = points(arm, Range::low, false);
        svg.append(String.format(
                "<polygon points=\"%s %s\" fill=\"%s\" fill-opacity=\"0.22\"/>%n",
                upper, points(arm, Range::low, true), colour));
        for (String edge : new String[] {upper, lower}) {
            svg.append(String.format(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>%n",
                    edge, colour, chosen ? "2.5" : "1.5"));
        }
        double floor = y(Math.pow(10, lowestDecade));
        line(left, floor, left + PANEL, floor, QUIET, 1.2);
        for (int month = 0; month <= MONTHS; month += 12) {
            line(x(arm, month), floor, x(arm, month), floor + 5, QUIET, 1.2);
            text(x(arm, month), floor + 20, 13, QUIET, "middle", "400", String.valueOf(month));
        }
    }

    private String points(Arm arm, Function<Range, BigDecimal> end, boolean backwards) {
        var points = new StringBuilder();
        for (int i = 0; i <= MONTHS; i++) {
            int month = backwards ? MONTHS - i : i;
            double amount = end.apply(cost.total(arm, month)).doubleValue();
            points.append(String.format(Locale.ROOT, "%s%.1f,%.1f", i == 0 ? "" : " ", x(arm, month), y(amount)));
        }
        return points.toString();
    }

    private static double left(Arm arm) {
        return LEFT + List.of(Arm.values()).indexOf(arm) * (PANEL + GAP);
    }

    private static double x(Arm arm, int month) {
        return left(arm) + PANEL * month / MONTHS;
    }

    private double y(double amount) {
        double decades = Math.max(Math.log10(Math.max(amount, 1e-9)), lowestDecade) - lowestDecade;
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * decades / (highestDecade - lowestDecade);
    }

    private void line(double x1, double y1, double x2, double y2, String colour, double width) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                width));
    }

    private void text(double x, double y, double size, String colour, String anchor, String weight, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\" text-anchor=\"%s\" font-weight=\"%s\">%s</text>%n",
                x,
                y,
                size,
                colour,
                anchor,
                weight,
                text));
    }
}
