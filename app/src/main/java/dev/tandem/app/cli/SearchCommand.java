package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem search}: what was found, and why. */
@Command(
        name = "search",
        header = "Find passages, by their words and by their meaning.",
        description = "Nothing is shown that the asker may not read. Scores are shown only to who may read the whole"
                + " collection, as others could read from them what is hidden.",
        footer = {
            "  tandem search \"parental leave\"",
            "  tandem search \"parental leave\" --explain --limit 3",
            "  tandem search \"salary bands\" --as user:ana,group:hr --where source=file --since 2026-01-01",
        },
        mixinStandardHelpOptions = true)
final class SearchCommand implements Runnable {

    private final Session session;

    @Mixin
    private Question question = new Question();

    @Mixin
    private Filters filters = new Filters();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "10",
            description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--explain", description = "the reasons for each rank")
    private boolean explain;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    SearchCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        var query = new Query(question.text(terminal.in), asker, collection.name, filters.filter(), limit);
        try (Wiring wiring = Wiring.forgiving(place.home(session.environment()), session.environment())) {
            List<Hit> hits = wiring.searcher(asker).search(query);
            Optional<Failure> away = wiring.wordsAlone();
            away.ifPresent(why -> WordsAlone.say(terminal, why));
            boolean scores = wiring.catalog(asker).readsAll(asker, collection.name);
            if (json) {
                hits.forEach(hit ->
                        terminal.out.println(Json.line(Json.of(hit, scores).put(WordsAlone.FIELD, away.isPresent()))));
            } else if (hits.isEmpty()) {
                terminal.err.println("Nothing found"
                        + (filters.words().isEmpty() ? "." : " where " + Text.line(filters.words(), 80) + "."));
            } else {
                show(hits, scores, wiring);
            }
        }
    }

    private void show(List<Hit> hits, boolean scores, Wiring wiring) {
        Terminal terminal = session.terminal();
        if (explain) {
            String asked = filters.words().isEmpty() ? "" : ", where " + Text.line(filters.words(), 60);
            terminal.out.println(terminal.dim(Text.line(
                    "collection " + collection.name + ", as "
                            + scope.asker().fingerprint() + asked
                            + (scores ? "" : "; scores are for who reads the whole collection"),
                    terminal.width)));
            terminal.out.println();
        }
        var view = new HitView(
                terminal,
                explain,
                scores,
                language -> wiring.encoder(scope.asker(), collection.name).knows(language));
        hits.forEach(view::show);
    }
}
