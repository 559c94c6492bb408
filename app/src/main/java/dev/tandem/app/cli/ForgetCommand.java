package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.Forgetting;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Ingestor;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tandem forget}: documents of which no byte is left. */
@Command(
        name = "forget",
        header = "Forget a document: no byte of it is left in this home.",
        description = {
            "Text, vectors, kept bytes, examples of every dataset that was made from it, comparisons that quote it, turns of"
                    + " conversations that were made from it and cached answers are gone from the files on disk, not only"
                    + " from answers. Adapters trained on such a dataset stay listed and cannot be used any more. A"
                    + " dataset made from several documents loses all of its examples: which one came from which"
                    + " document is not recorded.",
            "Only its owner can forget a document; one that was removed before can be forgotten, too. The file that it came"
                    + " from is left alone: delete it, or the next ingest reads it again. Backups made before still"
                    + " hold the document: delete them, or forget it again after a restore.",
        },
        footer = {"  tandem forget people/letter.md", "  tandem forget 5f0c2a91d3b4e677 --collection people"},
        mixinStandardHelpOptions = true)
final class ForgetCommand implements Runnable {

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "DOCUMENT", description = "ids or paths, as tandem documents lists them")
    private List<String> documents = List.of();

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    ForgetCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                Ingestor ingestor = wiring.ingestor()) {
            for (String document : documents) {
                String name = DocumentName.orAbsolute(wiring, asker, collection.name, document);
                Forgetting.Forgotten gone = ingestor.forget(asker, collection.name, name);
                terminal.out.println(terminal.bad("forgotten") + "  " + Text.path(document));
                wiring.catalog(asker).documents(asker, null).stream()
                        .filter(DocumentName.matching(document))
                        .forEach(each -> terminal.out.println("           it also stands in "
                                + Text.line(each.collection(), 60) + ", as a document of its own: tandem forget "
                                + each.id() + " --collection " + Text.line(each.collection(), 60)));
                gone.datasets()
                        .forEach(each -> terminal.out.println("           your dataset " + Text.line(each, 60)
                                + " lost its examples: it was made from it"));
                gone.adapters()
                        .forEach(each -> terminal.out.println(
                                "           your adapter " + Text.line(each, 60) + " is blocked: it learned from it"));
            }
            terminal.out.println(terminal.dim(
                    "What others made from it is gone and blocked as well. Backups made before still hold it."));
        }
    }
}
