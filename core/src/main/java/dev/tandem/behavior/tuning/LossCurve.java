package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the loss went, as JSON lines and as a picture: of each step, smoothed, and of what is not learned from after each epoch. */
public final class LossCurve implements Trainer.Listener {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 360;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 56;
    private static final int BOTTOM = 48;
    /** Share of the mean of former steps in the smoothed line. */
    private static final double SMOOTH = .95;

    private static final String INK = "#1f2328";
    private static final String QUIET = "#57606a";
    private static final String LEARNED = "#0b5cad";
    private static final String HELD = "#9a4f0b";

    private final List<Trainer.Event.Step> steps = new ArrayList<>();
    private final List<Trainer.Event.Epoch> epochs = new ArrayList<>();
    /** After which step each epoch ended. */
    private final List<Integer> ends = new ArrayList<>();

    @Override
    public void on(Trainer.Event event) {
        switch (event) {
            case Trainer.Event.Step step -> steps.add(step);
            case Trainer.Event.Epoch epoch -> {
                epochs.add(epoch);
                ends.add(steps.isEmpty() ? 0 : steps.getLast().step());
            }
            case Trainer.Event.Planned _, Trainer.Event.Resumed _ -> {}
        }
    }

    /** A line for each step and each epoch, in their order. */
    public String jsonLines() {
        var lines = new StringBuilder();
        int epoch = 0;
        for (Trainer.Event.Step step : steps) {
            lines.append(node("step", step.step()).put("loss", step.loss())).append('\n');
            while (epoch < ends.size() && ends.get(epoch) == step.step()) {
                Trainer.Event.Epoch it = epochs.get(epoch);
                lines.append(node("epoch", it.epoch())
                                .put("loss", it.loss())
                                .put("figure", it.figure())
                                .put("best", it.best()))
                        .append('\n');
                epoch++;
            }
        }
        return lines.toString();
    }

    private static ObjectNode node(String what, int number) {
        return JsonNodeFactory.instance.objectNode().put(what, number);
    }

    /** Nothing in it is told by colour alone: the line is of what is learned from, the points of what is not. */
    public String svg() {
        int first = steps.isEmpty() ? 0 : steps.getFirst().step();
        int last = steps.isEmpty() ? 1 : Math.max(first + 1, steps.getLast().step());
        double[] smooth = smooth();
        double most = 0;
        for (double each : smooth) {
            most = Math.max(most, each);
        }
        for (Trainer.Event.Epoch each : epochs) {
            most = Math.max(most, each.loss());
        }
        double top = most > 0 ? 1.05 * most : 1;
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\""
                        + " font-size=\"13\" role=\"img\" aria-label=\"Loss by step\">%n<rect width=\"%d\" height=\"%d\""
                        + " fill=\"#ffffff\"/>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        text(svg, LEFT, 24, "start", INK, "Loss: a line for what is learned from (smoothed), points for what is not");
        for (int i = 0; i <= 4; i++) {
            double loss = top * i / 4;
            double y = y(loss, top);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#d8dee4\"/>%n",
                    LEFT,
                    y,
                    WIDTH - RIGHT,
                    y));
            text(svg, LEFT - 8, y + 4, "end", QUIET, String.format(Locale.ROOT, "%.2f", loss));
        }
        text(svg, LEFT, HEIGHT - 16, "start", QUIET, "step " + first);
        text(svg, WIDTH - RIGHT, HEIGHT - 16, "end", QUIET, "step " + last);
        var points = new StringBuilder();
        // No more points than there are places for.
        int every = Math.max(1, smooth.length / WIDTH);
        for (int i = 0; i < smooth.length; i += every) {
            points.append(
                    String.format(Locale.ROOT, "%.1f,%.1f ", x(steps.get(i).step(), first, last), y(smooth[i], top)));
        }
        svg.append("<polyline fill=\"none\" stroke=\"" + LEARNED + "\" stroke-width=\"2\" points=\"")
                .append(points.toString().strip())
                .append("\"/>\n");
        for (int i = 0; i < epochs.size(); i++) {
            Trainer.Event.Epoch each = epochs.get(i);
            double x = x(ends.get(i), first, last);
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                    x,
                    y(each.loss(), top),
                    each.best() ? 6 : 4,
                    each.best() ? HELD : "#ffffff",
                    HELD));
            text(svg, x, y(each.loss(), top) - 12, "middle", HELD, String.format(Locale.ROOT, "%.3f", each.loss()));
        }
        return svg.append("</svg>\n").toString();
    }

    private double[] smooth() {
        var smooth = new double[steps.size()];
        double mean = 0;
        for (int i = 0; i < smooth.length; i++) {
            mean = SMOOTH * mean + (1 - SMOOTH) * steps.get(i).loss();
            smooth[i] = mean / (1 - Math.pow(SMOOTH, i + 1));
        }
        return smooth;
    }

    private static double x(int step, int first, int last) {
        return LEFT + (double) (step - first) / (last - first) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double loss, double top) {
        return HEIGHT - BOTTOM - loss / top * (HEIGHT - BOTTOM - TOP);
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String colour, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                words));
    }
}
