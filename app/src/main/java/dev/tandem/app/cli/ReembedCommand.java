package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Summary;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem reembed}: the vectors of another encoder for what is there already. */
@Command(
        name = "reembed",
        header = "Give a collection the vectors of the configured encoder.",
        description =
                "For a collection that was ingested with another encoder. Documents, words and access stay as they"
                        + " are; the vectors of the encoder before stay too, so that going back costs nothing. When it is"
                        + " interrupted, the same command goes on.",
        footer = {"  tandem config set encoder ~/models/e5-small", "  tandem reembed --collection handbook"},
        mixinStandardHelpOptions = true)
final class ReembedCommand implements Callable<Integer> {

    private final Session session;

    @Option(names = "--json", description = "one JSON object a line for each event")
    private boolean json;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    ReembedCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        var view = new IngestView(terminal, true);
        Consumer<Event> events = json ? event -> terminal.out.println(Json.line(EventJson.of(event))) : view::show;
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                Ingestor ingestor = wiring.ingestor();
                var _ = Interrupted.saying(terminal, "Stopped. What was embedded is kept; the same command goes on.")) {
            Summary sum = ingestor.reembed(asker, collection.name, events);
            return sum.failed() > 0 ? 1 : 0;
        } finally {
            view.clear();
        }
    }
}
