package dev.tandem.evidence.advice;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * When tuning has paid for itself, as an SVG image: what retrieval and the tuned arm (hybrid where that is recommended)
 * cost in all, month by month, each a band from the low to the high end, and the points where they break even. The scale
 * is linear, so nothing is $0. Nothing is told by colour alone.
 */
final class CostChart {

    /** Months that are drawn: the fewest that hold the break-even. */
    private static final List<Integer> HORIZONS = List.of(12, 36, 60, 120);

    private static final int USUAL = 36;

    private static final int WIDTH = 1040;
    private static final int HEIGHT = 560;
    private static final int LEFT = 104;
    private static final int RIGHT = 226;
    private static final int TOP = 132;
    private static final int BOTTOM = 104;
    private static final int LABEL = 44;

    private static final String INK = "#1f2328";
    private static final String QUIET = "#57606a";
    private static final String GRID = "#d8dee4";
    private static final String RETRIEVAL = "#57606a";
    private static final String TRAINED = "#9a4f0b";
    private static final String CHOSEN = "#0b5cad";

    /** One end of the ranges: two straight lines, and where they meet. */
    private record End(String name, ArmCost arm, boolean low, Payback payback) {

        double month() {
            return meets().orElseThrow().doubleValue();
        }

        Optional<BigDecimal> meets() {
            return switch (payback.months().orElseThrow()) {
                case BreakEven.After(BigDecimal amount) -> Optional.of(amount);
                case BreakEven.Until(BigDecimal amount) -> Optional.of(amount);
                case BreakEven.AtOnce _, BreakEven.Never _ -> Optional.empty();
            };
        }

        /** {@code after 0.5 months (50,000 queries)}, {@code never}. */
        String words() {
            BreakEven months = payback.months().orElseThrow();
            String queries = " (" + payback.queries().map(BreakEven::words).orElse("unknown") + " queries)";
            return switch (months) {
                case BreakEven.After(BigDecimal amount) when amount.signum() == 0 -> "within the first days" + queries;
                case BreakEven.After(BigDecimal amount) -> "after " + count(amount) + queries;
                case BreakEven.Until(BigDecimal amount) -> "only up to " + count(amount);
                case BreakEven.AtOnce _, BreakEven.Never _ -> months.words();
            };
        }

        private static String count(BigDecimal months) {
            return Money.number(months) + (months.compareTo(BigDecimal.ONE) == 0 ? " month" : " months");
        }

        double cost(double month, long volume) {
            Range running = arm.running(volume);
            return low
                    ? arm.setup().low().doubleValue() + month * running.low().doubleValue()
                    : arm.setup().high().doubleValue() + month * running.high().doubleValue();
        }

        /** What it is held against: so much less at first, so much more a month. */
        double other(double month, long volume) {
            double saving =
                    payback.gap().doubleValue() * volume + payback.fixed().doubleValue();
            return cost(month, volume) - payback.extra().doubleValue() + month * saving;
        }
    }

    private final Cost cost;
    private final Arm recommendation;
    private final Arm trained;
    private final List<End> ends;
    private final int months;
    private final double step;
    private final double most;
    private final StringBuilder svg = new StringBuilder();

    private CostChart(Cost cost, Arm recommendation) {
        this.cost = cost;
        this.recommendation = recommendation;
        this.trained = recommendation == Arm.HYBRID ? Arm.HYBRID : Arm.TUNED;
        ArmCost arm = cost.of(trained);
        ArmCost rag = cost.of(Arm.RAG);
        Optional<Long> volume = Optional.of(cost.volume());
        this.ends = List.of(
                new End("at best", arm, true, Payback.best(arm, rag, volume)),
                new End("at worst", arm, false, Payback.worst(arm, rag, volume)));
        this.months = ends.stream()
                .flatMap(end -> end.meets().stream())
                .min(BigDecimal::compareTo)
                .flatMap(first -> HORIZONS.stream()
                        .filter(horizon -> first.doubleValue() <= 0.8 * horizon)
                        .findFirst())
                .orElse(USUAL);
        double highest = Math.max(
                Math.max(
                        cost.total(trained, months).high().doubleValue(),
                        cost.total(Arm.RAG, months).high().doubleValue()),
                1);
        this.step = step(highest / 5);
        this.most = step * Math.ceil(highest / step);
    }

    static String of(Cost cost, Arm recommendation) {
        return new CostChart(cost, recommendation).draw();
    }

    /** The next of 1, 2 and 5 times a power of ten. */
    private static double step(double least) {
        double decade = Math.pow(10, Math.floor(Math.log10(least)));
        for (int times : new int[] {1, 2, 5}) {
            if (times * decade >= least) {
                return times * decade;
            }
        }
        return 10 * decade;
    }

    private String draw() {
        String title = "When " + trained + " pays against rag";
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
        text(24, 36, 19, INK, "start", "600", title);
        text(24, 60, 14, INK, "start", "400", breakEven());
        text(24, 82, 13, QUIET, "start", "400", setting + "; each band spans its range, low to high");
        scale();
        band(Arm.RAG);
        band(trained);
        labels();
        ends.forEach(this::point);
        if (ends.stream().allMatch(end -> end.meets().isEmpty())) {
            text(
                    LEFT + 12,
                    TOP + 20,
                    14,
                    INK,
                    "start",
                    "600",
                    "Break-even: " + ends.getFirst().words());
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 44, 13, QUIET, "middle", "400", "months");
        text(24, HEIGHT - 16, 13, QUIET, "start", "400", note());
        svg.append("</svg>\n");
        return svg.toString();
    }

    private String note() {
        return cost.paidNothing()
                ? "Measured: $0 a query, as nothing was paid to a language model. Drawn with published running costs."
                : ends.stream().anyMatch(this::shown)
                        ? "Dashed: rag at the end of its range that a break-even is reckoned with."
                        : "";
    }

    private String breakEven() {
        return "Break-even of " + trained + " against rag: "
                + String.join(
                        ", ",
                        ends.stream().map(end -> end.name() + " " + end.words()).toList());
    }

    private String description(String setting) {
        var text = new StringBuilder("At ").append(setting).append(". ");
        for (Arm arm : Arm.values()) {
            text.append(arm)
                    .append(arm == recommendation ? " (recommended): " : ": ")
                    .append(Money.of(cost.total(arm, 12)))
                    .append(" over 12 months, ")
                    .append(Money.of(cost.total(arm, 36)))
                    .append(" over 36 months. ");
        }
        return text.append(breakEven()).append('.').toString();
    }

    private void scale() {
        for (int i = 0; i * step <= most * 1.0001; i++) {
            double y = y(i * step);
            line(LEFT, y, WIDTH - RIGHT, y, i == 0 ? QUIET : GRID, 1.0, "");
            text(LEFT - 10, y + 4.5, 13, QUIET, "end", "400", Money.of(BigDecimal.valueOf(i * step)));
        }
        int every = months <= 12 ? 2 : months <= 36 ? 6 : months <= 60 ? 12 : 24;
        for (int month = 0; month <= months; month += every) {
            line(x(month), y(0), x(month), y(0) + 5, QUIET, 1.0, "");
            text(x(month), y(0) + 21, 13, QUIET, "middle", "400", String.valueOf(month));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(24 %.1f) rotate(-90)\" fill=\"%s\" text-anchor=\"middle\">USD in all</text>%n",
                (TOP + HEIGHT - BOTTOM) / 2.0,
                QUIET));
    }

    private void band(Arm arm) {
        String colour = colour(arm);
        svg.append(String.format(
                Locale.ROOT,
                "<polygon points=\"%s %s %s %s\" fill=\"%s\" fill-opacity=\"0.18\" stroke=\"none\"/>%n",
                at(arm, 0, Range::high),
                at(arm, months, Range::high),
                at(arm, months, Range::low),
                at(arm, 0, Range::low),
                colour));
        edge(arm, Range::high, colour);
        edge(arm, Range::low, colour);
    }

    private void edge(Arm arm, Function<Range, BigDecimal> end, String colour) {
        line(
                x(0),
                y(end.apply(cost.total(arm, 0)).doubleValue()),
                x(months),
                y(end.apply(cost.total(arm, months)).doubleValue()),
                colour,
                arm == recommendation ? 2.5 : 1.6,
                "");
    }

    private String at(Arm arm, int month, Function<Range, BigDecimal> end) {
        return String.format(
                Locale.ROOT,
                "%.1f,%.1f",
                x(month),
                y(end.apply(cost.total(arm, month)).doubleValue()));
    }

    /** Beside the upper end of each band, pushed apart where both would be in one place. */
    private void labels() {
        double rag = y(cost.total(Arm.RAG, months).high().doubleValue()) + 12;
        double other = y(cost.total(trained, months).high().doubleValue()) + 12;
        if (Math.abs(rag - other) < LABEL) {
            double middle = Math.clamp((rag + other) / 2, TOP + LABEL / 2.0, HEIGHT - BOTTOM - LABEL);
            rag = middle + (rag < other ? -LABEL : LABEL) / 2.0;
            other = 2 * middle - rag;
        }
        label(Arm.RAG, Math.min(rag, HEIGHT - BOTTOM - 20.0));
        label(trained, Math.min(other, HEIGHT - BOTTOM - 20.0));
    }

    private void label(Arm arm, double y) {
        double left = WIDTH - RIGHT + 12.0;
        text(left, y, 15, colour(arm), "start", "600", arm + (arm == recommendation ? " · recommended" : ""));
        text(left, y + 18, 12.5, INK, "start", "400", Money.of(cost.total(arm, months)) + " by then");
    }

    private void point(End end) {
        if (!shown(end)) {
            return;
        }
        long volume = cost.volume();
        double month = end.month();
        line(
                x(0),
                y(Math.max(0, end.other(0, volume))),
                x(months),
                y(end.other(months, volume)),
                colour(Arm.RAG),
                1.2,
                " stroke-dasharray=\"5 4\"");
        double x = x(month);
        double y = y(end.cost(month, volume));
        boolean best = end.low();
        double row = TOP + (best ? 18 : 42);
        line(x, y, x, row + 6, INK, 1.0, "");
        line(x, y, x, y(0), INK, 1.0, " stroke-dasharray=\"2 3\"");
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                x,
                y,
                INK));
        boolean right = month < months * 0.5;
        text(
                right ? x + 8 : x - 8,
                row + 4,
                13,
                INK,
                right ? "start" : "end",
                "600",
                // The queries stand above the chart; half of it holds no longer text.
                "Break-even " + end.name() + " " + end.words().replaceFirst(" \\(.*", ""));
    }

    private boolean shown(End end) {
        return end.meets().isPresent() && end.month() <= months;
    }

    private String colour(Arm arm) {
        return arm == recommendation ? CHOSEN : arm == Arm.RAG ? RETRIEVAL : TRAINED;
    }

    private double x(double month) {
        return LEFT + (WIDTH - LEFT - RIGHT) * month / months;
    }

    private double y(double amount) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.min(amount, most) / most;
    }

    private void line(double x1, double y1, double x2, double y2, String colour, double width, String dashes) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                width,
                dashes));
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
