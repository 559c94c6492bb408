package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem reembed}: the vectors of another encoder for what is there already. */
@Command(
        name = "reembed",
        header = "Give a collection another encoder, or the one before again.",
        description = {
            "Without --encoder it is the configured one. Documents, words and access stay as they are. Until the new vectors are whole, questions are answered with the"
                    + " encoder before; then all of them go over at once. When it is interrupted, the same command goes on"
                    + " and embeds nothing twice.",
            "The encoder before stays, so that --rollback takes a moment. What was added since then is found by its words"
                    + " until --fill, or the next ingest, has embedded it. --drop-old gives back the room it takes.",
        },
        footer = {
            "  tandem reembed --collection handbook --encoder ~/models/e5-small",
            "  tandem reembed --collection handbook --rollback",
            "  tandem reembed --collection handbook --drop-old",
        },
        mixinStandardHelpOptions = true)
final class ReembedCommand implements Callable<Integer> {

    private final Session session;

    /** What else is to be done than embedding. */
    static final class Instead {
        @Option(names = "--rollback", description = "answer with the encoder before again, from the next question on")
        private boolean rollback;

        @Option(names = "--fill", description = "embed what the collection's own encoder has no vectors of yet")
        private boolean fill;

        @Option(names = "--drop-old", description = "let go of the vectors of every encoder but the one that answers")
        private boolean dropOld;
    }

    @ArgGroup
    private Instead instead = new Instead();

    @Mixin
    private OwnEncoder encoder = new OwnEncoder();

    @Option(names = "--yes", description = "do not ask before many texts go to a served encoder, which may cost money")
    private boolean yes;

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
        try (Wiring wiring = encoder.wiring(place.home(session.environment()), session.environment(), scope.asker());
                Ingestor ingestor = wiring.ingestor(new SpendingConsent(terminal, yes));
                var _ = Interrupted.saying(terminal, "Stopped. What was embedded is kept; the same command goes on.")) {
            if (instead.rollback) {
                said(terminal, ingestor.rollback(asker, collection.name, events));
            } else if (instead.dropOld) {
                dropped(terminal, ingestor.dropFormerEncoders(asker, collection.name));
            } else if (instead.fill) {
                ingestor.fill(asker, collection.name, events);
            } else {
                ingestor.reembed(asker, collection.name, events);
            }
            return 0;
        } finally {
            view.clear();
        }
    }

    /**
     * Gives a collection the vectors of a retriever that was trained here.
     *
     * @param quiet whether nothing is told of how far it is
     */
    static void by(Session session, Path home, Principal asker, String adapter, String collection, boolean quiet) {
        Terminal terminal = session.terminal();
        var view = new IngestView(terminal, true);
        Consumer<Event> events = quiet ? _ -> {} : view::show;
        try (Wiring wiring = OwnEncoder.wiring(home, session.environment(), asker, OwnEncoder.ADAPTER + adapter);
                Ingestor ingestor = wiring.ingestor(new SpendingConsent(terminal, false))) {
            ingestor.reembed(asker, collection, events);
        } finally {
            view.clear();
        }
    }

    private void said(Terminal terminal, long lacking) {
        if (json) {
            terminal.out.println(
                    Json.line(Json.object().put("event", "rollback").put("lacking", lacking)));
        } else if (lacking > 0) {
            terminal.out.println(Text.count(lacking, "text") + " came since and " + (lacking == 1 ? "is" : "are")
                    + " found by words alone until tandem reembed --fill, or the next ingest, has embedded them.");
        }
    }

    private void dropped(Terminal terminal, long bytes) {
        terminal.out.println(
                json
                        ? Json.line(Json.object().put("event", "dropped").put("bytes", bytes))
                        : bytes == 0 ? "nothing to drop" : ProgressLine.megabytes(bytes) + " are free again");
    }
}
