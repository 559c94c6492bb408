package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.Chat;
import dev.tandem.catalog.Conversations;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem chat}: questions that may refer to what was said before, one a line. */
@Command(
        name = "chat",
        header = "Ask one question after the other, each with what was said before in mind.",
        description = {
            "Reads a question a line, typed or piped, until the input ends. A follow-up (\"and for the night shift?\") is"
                    + " made to stand alone before anything is searched: by rules, or with one more call of the"
                    + " language model where one is configured. What was asked in fact is shown.",
            "Conversations are kept, and seen by nobody but their owner. At every turn what was said before is authorised"
                    + " again: where it rests on a document that is gone, changed or yours to read no longer, it is"
                    + " withheld, from you and from the language model. tandem forget takes it out for good.",
            "While it runs, /history shows the conversation as you may see it now, and /quit ends it.",
        },
        footer = {
            "  tandem chat",
            "  tandem chat --collection people --as user:ana,group:hr",
            "  printf '%%s\\n' \"Who approves travel?\" \"And above 5,000 pounds?\" | tandem chat --json",
            "  tandem chat --list",
            "  tandem chat --resume 5f0c2a91d3b4",
        },
        mixinStandardHelpOptions = true)
final class ChatCommand implements Callable<Integer> {

    private final Session session;

    /** At most one of them. */
    private static final class Which {
        @Option(names = "--resume", paramLabel = "ID", description = "go on with a conversation of yours")
        @Nullable
        String resume;

        @Option(names = "--list", description = "list your conversations, newest first")
        boolean list;

        @Option(
                names = "--delete",
                paramLabel = "ID",
                description = "delete a conversation of yours: no byte of it is left")
        @Nullable
        String delete;
    }

    @ArgGroup
    private Which which = new Which();

    @Mixin
    private Filters filters = new Filters();

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(names = "--no-cache", description = "answer anew, and do not remember the answers")
    private boolean noCache;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    ChatCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        Principal asker = scope.asker();
        var view = new ChatView(session.terminal(), json);
        try (Wiring wiring = Wiring.forgiving(place.home(session.environment()), session.environment())) {
            Conversations own = wiring.conversations(asker);
            if (which.list) {
                view.list(own.all());
                return 0;
            }
            if (which.delete != null) {
                own.delete(which.delete);
                view.deleted(which.delete);
                return 0;
            }
            Assistant assistant = wiring.assistant(asker);
            Chat.Table table =
                    wiring.table(asker, assistant, noCache ? assistant::reply : wiring.remembering(asker, assistant));
            Chat chat = which.resume == null ? table.begin(collection.name) : table.resume(which.resume);
            if (which.resume != null) {
                view.history(chat.turns());
            }
            return talk(wiring, chat, view, wiring.catalog(asker).readsAll(asker, chat.collection()));
        }
    }

    /** Until the input ends; a question that failed is said, and the next one read. */
    private int talk(Wiring wiring, Chat chat, ChatView view, boolean scores) throws IOException {
        var lines = new TypedLines(session.terminal().in);
        var edge = new Edge(session.terminal(), session.environment());
        Filter filter = filters.filter();
        int answered = 0;
        int failed = 0;
        while (true) {
            view.prompt();
            String line = lines.next();
            if (line == null || List.of("/quit", "/exit").contains(line)) {
                break;
            }
            if (line.isEmpty()) {
                continue;
            }
            if (line.equals("/history")) {
                view.history(chat.turns());
                continue;
            }
            if (line.matches("/[a-z]+")) {
                session.terminal().err.println("There is no " + line + " here, only /history, /quit and /exit.");
                continue;
            }
            try {
                view.asks(line);
                var draft = new DraftView(session.terminal());
                Chat.Said said;
                try {
                    said = chat.say(line, filter, draft::add);
                } finally {
                    draft.erase();
                }
                wiring.wordsAlone().ifPresent(why -> WordsAlone.say(session.terminal(), why));
                view.show(chat.id(), said, scores);
                answered++;
            } catch (Failure e) {
                failed = edge.report(e);
                if (e.kind() == Failure.Kind.BROKEN) {
                    break;
                }
            }
        }
        view.end(chat.id(), answered);
        return failed == 0 ? 0 : answered == 0 ? failed : 1;
    }
}
