package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Perturbation;
import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Calibration;
import dev.tandem.measure.Interval;
import dev.tandem.measure.Separation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of an {@link Examination}: of a classifier alone, or of a tuned one beside the head on the frozen encoder, case
 * by case.
 */
public final class Examined {

    /** From this probability on an answer counts as sure of itself. */
    private static final double CONFIDENT = .9;

    private static final int SHOWN = 5;

    /**
     * One perturbation.
     *
     * @param accuracy on the perturbed texts
     * @param lost accuracy on the same texts unperturbed less that
     * @param over what the frozen one lost less that; null where there is none to compare with
     */
    public record Perturbed(
            Interval accuracy, Interval lost, @Nullable Interval over) {}

    /** A label whose examples are answered otherwise than by the frozen one: how many rightly, before and now. */
    public record Change(String label, int cases, int before, int now, Interval by) {}

    private final Examination.Sheet sheet;
    private final Examination.@Nullable Sheet frozen;
    private final List<String> gold;
    private final Map<Perturbation, Perturbed> robustness = new EnumMap<>(Perturbation.class);
    private final int perturbedCases;
    private final Interval answered;
    private final @Nullable Interval answeredOver;
    private final Interval auroc;
    private final Interval calibration;
    private final @Nullable Interval calibrationOver;
    private final Interval confident;
    private final @Nullable Interval confidentOver;
    private final List<Change> changes;
    private final @Nullable RetrievalSuite general;
    private final Budgets budgets;

    Examined(Examination examination, Examination.Sheet sheet, Examination.@Nullable Sheet frozen) {
        this.sheet = sheet;
        this.frozen = frozen;
        this.gold = examination.gold();
        this.budgets = examination.conditions().budgets();
        this.general = sheet.ndcg.length == 0 ? null : examination.conditions().general();
        int[] some = examination.some();
        this.perturbedCases = some.length;
        for (Perturbation each : Perturbation.values()) {
            double[] lost = lost(sheet, some, each);
            robustness.put(
                    each,
                    new Perturbed(
                            Bootstrap.mean(numbers(sheet.perturbed(each))),
                            Bootstrap.mean(lost),
                            frozen == null ? null : Bootstrap.difference(lost, lost(frozen, some, each))));
        }
        this.answered = Bootstrap.mean(answered(sheet));
        this.auroc = Separation.auroc(sheet.probabilities, sheet.outside);
        this.calibration = Calibration.error(sheet.probabilities, sheet.right);
        this.confident = Bootstrap.mean(confidentlyWrong(sheet));
        if (frozen == null) {
            this.answeredOver = null;
            this.calibrationOver = null;
            this.confidentOver = null;
            this.changes = List.of();
        } else {
            this.answeredOver = Bootstrap.difference(answered(sheet), answered(frozen));
            this.calibrationOver =
                    Calibration.difference(sheet.probabilities, sheet.right, frozen.probabilities, frozen.right);
            this.confidentOver = Bootstrap.difference(confidentlyWrong(sheet), confidentlyWrong(frozen));
            this.changes = changes(gold, sheet, frozen);
        }
    }

    /** Of each case: 1 where perturbing broke a right answer, -1 where it mended a wrong one. */
    private static double[] lost(Examination.Sheet sheet, int[] some, Perturbation each) {
        boolean[] perturbed = sheet.perturbed(each);
        return IntStream.range(0, some.length)
                .mapToDouble(i -> number(sheet.right[some[i]]) - number(perturbed[i]))
                .toArray();
    }

    private static double[] answered(Examination.Sheet sheet) {
        return DoubleStream.of(sheet.outside)
                .map(p -> number(p >= sheet.threshold))
                .toArray();
    }

    private static double[] confidentlyWrong(Examination.Sheet sheet) {
        return IntStream.range(0, sheet.right.length)
                .mapToDouble(i -> number(!sheet.right[i] && sheet.probabilities[i] >= CONFIDENT))
                .toArray();
    }

    /** Worst first. */
    private static List<Change> changes(List<String> gold, Examination.Sheet sheet, Examination.Sheet frozen) {
        var cases = new TreeMap<String, List<Integer>>();
        for (int i = 0; i < gold.size(); i++) {
            cases.computeIfAbsent(gold.get(i), _ -> new ArrayList<>()).add(i);
        }
        var changes = new ArrayList<Change>();
        cases.forEach((label, those) -> {
            double[] now =
                    those.stream().mapToDouble(i -> number(sheet.right[i])).toArray();
            double[] before =
                    those.stream().mapToDouble(i -> number(frozen.right[i])).toArray();
            int rightNow = (int) DoubleStream.of(now).sum();
            int rightBefore = (int) DoubleStream.of(before).sum();
            if (rightNow != rightBefore) {
                changes.add(new Change(label, those.size(), rightBefore, rightNow, Bootstrap.difference(now, before)));
            }
        });
        changes.sort(
                Comparator.comparingDouble((Change each) -> each.by().value()).thenComparing(Change::label));
        return List.copyOf(changes);
    }

    static double[] numbers(boolean[] cases) {
        return IntStream.range(0, cases.length)
                .mapToDouble(i -> number(cases[i]))
                .toArray();
    }

    private static double number(boolean yes) {
        return yes ? 1 : 0;
    }

    /** How much worse it is than the frozen one; empty where there is none. */
    public List<Loss> losses() {
        var losses = new ArrayList<Loss>();
        if (frozen == null) {
            return losses;
        }
        losses.add(new Loss(
                Budgets.ACCURACY,
                "accuracy on the test examples",
                Bootstrap.difference(frozen.scores(), sheet.scores())));
        robustness.forEach((each, figures) -> add(
                losses, Budgets.ROBUSTNESS, "accuracy lost by " + each.word().replace('_', ' '), figures.over()));
        add(losses, Budgets.OUTSIDE, "texts of no label that get one", answeredOver);
        add(losses, Budgets.CALIBRATION, "calibration error", calibrationOver);
        add(losses, Budgets.CONFIDENT, "wrong answers with a probability of .9 or more", confidentOver);
        add(losses, Budgets.FORGETTING, "nDCG@10 on questions that it was not tuned for", forgotten());
        return List.copyOf(losses);
    }

    private static void add(List<Loss> losses, String budget, String of, @Nullable Interval by) {
        if (by != null) {
            losses.add(new Loss(budget, of, by));
        }
    }

    private @Nullable Interval forgotten() {
        return general == null || frozen == null ? null : Bootstrap.difference(frozen.ndcg, sheet.ndcg);
    }

    /**
     * One of the figures in a few words.
     *
     * @param value such as {@code -3.2 points}
     * @param remark what it is of
     */
    public record Row(String name, String value, String remark) {}

    /** What a person wants to know first. */
    public List<Row> rows() {
        var rows = new ArrayList<Row>();
        robustness.entrySet().stream()
                .max(Comparator.comparingDouble(each -> each.getValue().lost().value()))
                .ifPresent(worst -> rows.add(new Row(
                        "robustness",
                        points(less(worst.getValue().lost())),
                        "accuracy with " + worst.getKey().word().replace('_', ' ') + ", which costs the most")));
        rows.add(new Row(
                "no label",
                Card.percent(answered),
                String.format(
                        Locale.ROOT,
                        "of %d texts of no label reach it; AUROC %.3f",
                        sheet.outside.length,
                        auroc.value())));
        rows.add(new Row("sure, wrong", Card.percent(confident), "wrong with a probability of .9 or more"));
        RetrievalSuite suite = general;
        Interval forgotten = forgotten();
        if (suite != null && forgotten != null) {
            rows.add(new Row("forgetting", points(less(forgotten)), "nDCG@10 on " + suite.name()));
        }
        if (frozen != null) {
            rows.add(new Row(
                    "changed",
                    count(true) + " mended, " + count(false) + " broken",
                    "test examples, against the frozen head"));
        }
        return List.copyOf(rows);
    }

    /** A loss as what became of it. */
    private static Interval less(Interval loss) {
        // Zero less it: no negative zero.
        return new Interval(0 - loss.value(), 0 - loss.high(), 0 - loss.low());
    }

    /** Puts everything into an adapter's figures. */
    void into(ObjectNode figures) {
        ObjectNode robust = figures.putObject("robustness");
        robust.put("cases", perturbedCases);
        robustness.forEach((each, of) -> {
            ObjectNode one = robust.putObject(each.word());
            put(one, "accuracy", of.accuracy());
            put(one, "lost", of.lost());
            put(one, "lost_over_frozen", of.over());
        });
        ObjectNode outside = figures.putObject("outside");
        outside.put("texts", sheet.outside.length);
        put(outside, "answered", answered);
        put(outside, "answered_over_frozen", answeredOver);
        put(outside, "auroc", auroc);
        ObjectNode calibrated = figures.putObject("calibration");
        put(calibrated, "error", calibration);
        put(calibrated, "error_over_frozen", calibrationOver);
        put(calibrated, "confident_wrong", confident);
        put(calibrated, "confident_wrong_over_frozen", confidentOver);
        figures.set("forgetting", forgetting());
        if (frozen != null) {
            ObjectNode changed = figures.putObject("changes");
            changed.put("mended", count(true));
            changed.put("broken", count(false));
            var labels = changed.putArray("labels");
            changes.forEach(each -> put(
                    labels.addObject()
                            .put("label", each.label())
                            .put("cases", each.cases())
                            .put("frozen", each.before())
                            .put("tuned", each.now()),
                    "change",
                    each.by()));
        }
        figures.set(Worth.FIELD, Worth.json(losses(), budgets));
    }

    private ObjectNode forgetting() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        RetrievalSuite suite = general;
        if (suite == null || frozen == null) {
            // The encoder is the one that it was, or nothing was at hand to ask it.
            boolean same = frozen == null;
            json.put("encoder_changed", !same);
            if (same) {
                put(json, "lost", new Interval(0, 0, 0));
            }
            return json;
        }
        json.put("encoder_changed", true);
        json.put("suite", suite.name());
        json.put("cases", suite.cases().size());
        put(json, "base", Bootstrap.mean(frozen.ndcg));
        put(json, "tuned", Bootstrap.mean(sheet.ndcg));
        put(json, "lost", forgotten());
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable Interval figure) {
        if (figure != null) {
            json.set(name, Worth.json(figure));
        }
    }

    /** Test examples that only one of the two answers rightly. */
    private int count(boolean now) {
        Examination.Sheet before = frozen;
        return before == null
                ? 0
                : (int) IntStream.range(0, gold.size())
                        .filter(i -> sheet.right[i] == now && before.right[i] != now)
                        .count();
    }

    /** The part of a card that tells of it. */
    void into(StringBuilder card) {
        card.append("\n## Besides the test examples\n\n");
        robustness.forEach((each, of) -> Card.row(
                card, "Accuracy lost by " + each.word().replace('_', ' '), points(of.lost()) + over(of.over())));
        Card.row(
                card,
                "Texts of no label that get one at or above the threshold",
                Card.percent(answered) + over(answeredOver));
        Card.row(card, "Told from such texts by the probability (AUROC)", share(auroc));
        Card.row(card, "Calibration error, bins of equal size", points(calibration) + over(calibrationOver));
        Card.row(card, "Wrong with a probability of .9 or more", Card.percent(confident) + over(confidentOver));
        RetrievalSuite suite = general;
        Interval forgotten = forgotten();
        if (suite != null && forgotten != null) {
            Card.row(
                    card,
                    "Forgotten of finding, nDCG@10 on " + suite.name(),
                    points(forgotten) + "; the encoder as it was still answers searches");
        }
        if (frozen != null) {
            card.append("\n### What changed from the frozen encoder\n\n");
            Card.row(card, "Test examples", count(true) + " mended, " + count(false) + " broken");
            changes.stream().limit(SHOWN).filter(each -> each.by().value() < 0).forEach(each -> change(card, each));
            changes.reversed().stream()
                    .limit(SHOWN)
                    .filter(each -> each.by().value() > 0)
                    .forEach(each -> change(card, each));
        }
        List<String> exceeded = Worth.exceeded(losses(), budgets);
        if (!exceeded.isEmpty()) {
            card.append("\n**Not to be promoted, as it is worse than its budgets allow:**\n\n");
            exceeded.forEach(each -> card.append("- ").append(each).append('\n'));
        }
    }

    private static void change(StringBuilder card, Change each) {
        Card.row(
                card,
                "`" + each.label() + "`",
                String.format(
                        Locale.ROOT,
                        "%d of %d right, before %d (%s)",
                        each.now(),
                        each.cases(),
                        each.before(),
                        points(each.by())));
    }

    private static String over(@Nullable Interval over) {
        return over == null ? "" : "; over the frozen one " + points(over);
    }

    private static String points(Interval by) {
        return String.format(
                Locale.ROOT, "%+.1f points (%+.1f to %+.1f)", 100 * by.value(), 100 * by.low(), 100 * by.high());
    }

    private static String share(Interval of) {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", of.value(), of.low(), of.high());
    }
}
