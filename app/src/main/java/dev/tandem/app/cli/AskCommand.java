package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.assistant.Assistant;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem ask}: an answer with citations that were checked, or a reason why there is none. */
@Command(
        name = "ask",
        header = "Answer a question from the documents that the asker may read.",
        description = "Quotes the sentences that answer, each checked to stand in its document word for word, and"
                + " abstains where nothing carries an answer. With a language model configured (tandem config set model"
                + " …) it writes the answer from the same sources, and only what they carry counts as cited. Asked again while nothing has changed, the same answer is"
                + " given again, its citations checked again.",
        footer = {
            "  tandem ask \"How many days of leave do I get?\"",
            "  tandem ask \"What does the night shift earn?\" --as user:ana,group:hr",
            "  tandem ask \"Who approves travel?\" --collection handbook --json",
            "  echo \"Who approves travel?\" | tandem ask -",
        },
        mixinStandardHelpOptions = true)
final class AskCommand implements Runnable {

    /** How many near misses an abstention lists. */
    private static final int NEAREST = 3;

    private final Session session;

    @Mixin
    private Question question = new Question();

    @Mixin
    private Filters filters = new Filters();

    @Option(names = "--reader", description = "answer with the built-in reader, whatever language model is configured")
    private boolean reader;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Option(names = "--no-cache", description = "answer anew, and do not remember the answer")
    private boolean noCache;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    AskCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        var query = new Query(question.text(terminal.in), asker, collection.name, filters.filter(), NEAREST);
        try (Wiring wiring = Wiring.forgiving(place.home(session.environment()), session.environment())) {
            Assistant assistant = reader ? wiring.reading(asker) : wiring.assistant(asker);
            var draft = new DraftView(terminal);
            Assistant.Replies replies = noCache ? assistant::reply : wiring.remembering(asker, assistant);
            Assistant.Reply reply;
            try {
                reply = replies.reply(query, draft::add, wiring.settings().modelTime());
            } finally {
                draft.erase();
            }
            Optional<Failure> away = wiring.wordsAlone();
            away.ifPresent(why -> WordsAlone.say(terminal, why));
            if (json) {
                boolean scores = wiring.catalog(asker).readsAll(asker, collection.name);
                terminal.out.println(Json.line(Json.of(reply, scores).put(WordsAlone.FIELD, away.isPresent())));
            } else {
                new AnswerView(terminal).show(reply.answer());
            }
        }
    }
}
