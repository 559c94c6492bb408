package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.catalog.Audit;
import dev.tandem.domain.Principal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem audit}: which rules the asker passed over, and why. */
@Command(
        name = "audit",
        header = "Show which rules you passed over, when and why.",
        description =
                "Such as training on examples with personal data: tandem train classifier --allow-pii REASON. Rows are"
                        + " added and never changed. Each reader sees their own.",
        footer = {"  tandem audit", "  tandem audit --json"},
        mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Session session;

    @Option(names = "--json", description = "one JSON object a line, for each entry")
    private boolean json;

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment())) {
            List<Audit.Entry> entries = wiring.audit(asker).entries(asker);
            if (json) {
                entries.forEach(each -> terminal.out.println(Json.line(json(each))));
            } else if (entries.isEmpty()) {
                terminal.err.println("You passed over no rule.");
            } else {
                entries.forEach(this::show);
            }
        }
    }

    private void show(Audit.Entry each) {
        Terminal terminal = session.terminal();
        terminal.out.println(terminal.bold(MINUTE.format(each.at()) + " UTC  " + Text.safe(each.action())));
        for (String text : List.of(each.subject(), each.found(), "Reason: " + each.reason())) {
            Text.wrap(Text.safe(text), terminal.width - 2).forEach(line -> terminal.out.println("  " + line));
        }
        if (!each.whole()) {
            terminal.out.println("  " + terminal.bad("This entry is not what was written: tandem repair says more."));
        }
    }

    private static ObjectNode json(Audit.Entry each) {
        ObjectNode json = Json.object();
        json.put("at", each.at().toString());
        json.put("user", each.user());
        json.put("action", each.action());
        json.put("subject", each.subject());
        json.put("found", each.found());
        json.put("reason", each.reason());
        json.put("whole", each.whole());
        return json;
    }
}
