package dev.tandem.app.cli;

import dev.tandem.evidence.advice.Advice;
import dev.tandem.evidence.advice.Arm;
import dev.tandem.evidence.advice.ArmCost;
import dev.tandem.evidence.advice.BreakEven;
import dev.tandem.evidence.advice.Cost;
import dev.tandem.evidence.advice.Money;
import dev.tandem.evidence.advice.Payback;
import dev.tandem.evidence.advice.Range;
import dev.tandem.evidence.advice.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Advice as a person reads it: what to do, why, what would change it, what it costs. */
final class AdviceView {

    private static final int INDENT = 4;

    private final Terminal terminal;

    AdviceView(Terminal terminal) {
        this.terminal = terminal;
    }

    void show(Advice advice) {
        terminal.out.println(terminal.accent(advice.recommendation().toString()) + "  "
                + meaning(advice.recommendation()) + "; basis: " + advice.basis());
        for (Reason.Kind kind : Reason.Kind.values()) {
            reasons(advice, kind);
        }
        section("Would change it", advice.wouldChange());
        section("Not measured", advice.notMeasured());
        cost(advice.cost(), advice.recommendation());
    }

    private static String meaning(Arm arm) {
        return switch (arm) {
            case BASELINE -> "the prompt alone";
            case RAG -> "retrieval, with a plain model";
            case TUNED -> "a tuned model, without retrieval";
            case HYBRID -> "retrieval and a tuned model";
        };
    }

    private void reasons(Advice advice, Reason.Kind kind) {
        List<Reason> reasons = advice.reasons().stream()
                .filter(reason -> reason.kind() == kind)
                .toList();
        if (reasons.isEmpty()) {
            return;
        }
        heading(
                switch (kind) {
                    case HARD -> "Hard constraints";
                    case LIMIT -> "Your own limit";
                    case MEASURED -> "Measured";
                    case PRIOR -> "Priors: published, directional";
                    case NOTE -> "Also heard: published, directional";
                });
        int hang = 1
                + reasons.stream()
                        .mapToInt(reason -> reason.name().length())
                        .max()
                        .orElse(0);
        for (Reason reason : reasons) {
            bullet(reason.name(), Math.max(INDENT, hang), reason.text(), source(reason));
        }
    }

    /** What the heading says already is not repeated. */
    private static String source(Reason reason) {
        int kind = reason.source().indexOf(" (");
        return kind < 0 ? reason.source() : reason.source().substring(0, kind);
    }

    private void bullet(String name, int hang, String text, String source) {
        List<String> lines = Text.wrap(text + " [" + source + "]", terminal.width - 2 - hang);
        for (int i = 0; i < lines.size(); i++) {
            String lead = i == 0 ? terminal.bold(name) + " ".repeat(hang - name.length()) : " ".repeat(hang);
            terminal.out.println("  " + lead + lines.get(i));
        }
    }

    private void section(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        heading(title);
        for (String line : lines) {
            List<String> wrapped = Text.wrap(line, terminal.width - INDENT);
            for (int i = 0; i < wrapped.size(); i++) {
                terminal.out.println((i == 0 ? "  - " : "    ") + wrapped.get(i));
            }
        }
    }

    private void cost(Cost cost, Arm recommendation) {
        heading("Cost in USD, tier " + cost.tier() + ", " + Text.number(cost.volume()) + " queries a month"
                + (cost.volumeGiven() ? "" : " (assumed)"));
        row("", "set-up", "a month", "a query", "12 months", "36 months");
        for (Arm arm : Arm.values()) {
            row(
                    arm + (arm == recommendation ? " *" : ""),
                    Money.of(cost.of(arm).setup()),
                    Money.of(cost.of(arm).monthly()),
                    Money.of(cost.of(arm).perQuery()) + mark(cost.of(arm)),
                    Money.of(cost.total(arm, 12)),
                    Money.of(cost.total(arm, 36)));
        }
        terminal.out.println("  * recommended" + (anyMeasured(cost) ? "   m measured" : "")
                + (cost.paidNothing() ? "   p published; measured: $0, nothing was paid to a language model" : ""));
        times(cost);
        for (Cost.Comparison comparison : cost.paybacks()) {
            payback(comparison, cost.paidNothing());
        }
        section("What these figures take for granted", cost.assumptions());
    }

    private static String mark(ArmCost cost) {
        return cost.measured() ? " m" : cost.paidNothing() ? " p" : "";
    }

    private static boolean anyMeasured(Cost cost) {
        return cost.arms().values().stream().anyMatch(ArmCost::measured);
    }

    private void times(Cost cost) {
        terminal.out.println();
        for (Arm arm : Arm.values()) {
            Range cases = cost.workSaved().get(arm);
            terminal.out.println(String.format(
                    "  %-11s takes %s%s",
                    arm,
                    cost.time().get(arm),
                    cases == null
                            ? ""
                            : "; the work saved pays its set-up after "
                                    + Money.of(cases).replace("$", "") + " cases"));
        }
    }

    private void payback(Cost.Comparison comparison, boolean paidNothing) {
        heading("Break-even of " + comparison.arm() + " against " + comparison.against()
                + (paidNothing ? ", with published running costs" : ""));
        pays("queries in all", comparison, Payback::queries);
        pays("months", comparison, Payback::months);
        volume(12, comparison, Payback::volumeFor12);
        volume(36, comparison, Payback::volumeFor36);
    }

    private void pays(String what, Cost.Comparison comparison, Function<Payback, Optional<BreakEven>> figure) {
        ends(what, words(figure.apply(comparison.best())), words(figure.apply(comparison.worst())));
    }

    private void volume(int months, Cost.Comparison comparison, Function<Payback, BreakEven> figure) {
        ends(
                "a month, to pay within " + months,
                volume(figure.apply(comparison.best())),
                volume(figure.apply(comparison.worst())));
    }

    private void ends(String what, String best, String worst) {
        terminal.out.println(String.format("  %-25s at best %-24s at worst %s", what, best, worst));
    }

    private static String volume(BreakEven volume) {
        return volume instanceof BreakEven.AtOnce ? "any volume" : volume.words();
    }

    private static String words(Optional<BreakEven> breakEven) {
        return breakEven.map(BreakEven::words).orElse("unknown without --volume");
    }

    private void row(String arm, String setup, String monthly, String perQuery, String year, String three) {
        terminal.out.println(
                String.format("  %-10s %18s %13s %15s %18s %19s", arm, setup, monthly, perQuery, year, three));
    }

    private void heading(String title) {
        terminal.out.println();
        terminal.out.println(terminal.bold(title));
    }
}
