package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Principal;
import java.math.BigDecimal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem usage}: what language models were used for, by month and model. */
@Command(
        name = "usage",
        header = "Show tokens and money of language models, by month and model.",
        description =
                "Sums over everybody of the asker's tenant, who share its budget; what one user asked or spent is not"
                        + " recorded. Months are of UTC. Calls that are under way stand with the most that they can cost.",
        footer = {"  tandem usage", "  tandem usage --json --as tenant:acme,user:ana"},
        mixinStandardHelpOptions = true)
final class UsageCommand implements Runnable {

    private final Session session;

    @Option(names = "--json", description = "one JSON object a line, for each month and model")
    private boolean json;

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    UsageCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            List<Usage.OfModel> all = wiring.usage(asker).all();
            if (json) {
                all.forEach(each -> session.terminal().out.println(Json.line(json(each))));
            } else {
                show(all);
                budget(wiring.usage(asker).month().microUsd(), wiring.settings().budgetUsd());
            }
        }
    }

    private void show(List<Usage.OfModel> all) {
        Terminal terminal = session.terminal();
        if (all.isEmpty()) {
            terminal.err.println("No language model was used yet.");
            return;
        }
        int name = Math.max(
                5,
                Math.min(
                        terminal.width - 58,
                        all.stream()
                                .mapToInt(each -> Text.line(each.model(), 60).length())
                                .max()
                                .orElse(5)));
        String row = "%-7s  %-" + name + "s %7s %13s %13s %11s";
        terminal.out.println(
                terminal.dim(row.formatted("month", "model", "calls", "prompt tokens", "answer tokens", "cost")));
        for (Usage.OfModel each : all) {
            Usage.Month used = each.used();
            terminal.out.println(row.formatted(
                    each.month(),
                    Text.line(each.model(), name),
                    Text.number(used.calls()),
                    Text.number(used.promptTokens()),
                    Text.number(used.completionTokens()),
                    each.withoutPrice() > 0 && used.microUsd() == 0 ? "no price" : Usage.dollars(used.microUsd())));
        }
        for (Usage.OfModel each : all) {
            if (each.withoutPrice() > 0) {
                terminal.err.println("Of the " + Text.count(each.used().calls(), "call") + " to "
                        + Text.line(each.model(), 60) + " in " + each.month() + ", "
                        + Text.number(each.withoutPrice())
                        + " had no price: what they cost, and what they take from a budget, is not known here.");
            }
        }
    }

    private void budget(long spent, String budget) {
        if (budget.isEmpty()) {
            return;
        }
        long all = new BigDecimal(budget).movePointRight(6).longValue();
        session.terminal()
                .out
                .println("Of this month's " + Usage.dollars(all) + ", " + Usage.dollars(Math.max(0, all - spent))
                        + " are left.");
    }

    private static ObjectNode json(Usage.OfModel each) {
        ObjectNode json = Json.object();
        json.put("month", each.month());
        json.put("model", each.model());
        json.put("calls", each.used().calls());
        json.put("prompt_tokens", each.used().promptTokens());
        json.put("completion_tokens", each.used().completionTokens());
        json.put("usd", each.used().microUsd() / 1e6);
        json.put("calls_without_price", each.withoutPrice());
        return json;
    }
}
