package dev.tandem.assistant;

import dev.tandem.catalog.Catalog;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Authority;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.retrieve.Retriever;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that one principal of one tenant can be shown, as text. The parts can be replaced, so that a planted bug
 * stands where a real one would.
 */
final class Sights {

    private final ProbedWorld world;
    private final Catalog catalog;
    final List<Searcher> searchers;
    final Answerer assistant;

    Sights(ProbedWorld world, Catalog catalog) {
        this(world, catalog, catalog);
    }

    /** Searching by one authority, listing by the catalog. */
    Sights(ProbedWorld world, Catalog catalog, Authority authority) {
        this(world, catalog, searchers(world, authority), null);
    }

    private Sights(
            ProbedWorld world,
            Catalog catalog,
            List<Searcher> searchers,
            @org.jspecify.annotations.Nullable Answerer assistant) {
        this.world = world;
        this.catalog = catalog;
        this.searchers = searchers;
        this.assistant = assistant != null
                ? assistant
                : Assistant.reading(
                        searchers.getLast(), catalog, world.embedder, AssistantSettings.DEFAULT.withAbstainBelow(.05));
    }

    Sights answeringWith(Answerer other) {
        return new Sights(world, catalog, searchers, other);
    }

    private static List<Searcher> searchers(ProbedWorld world, Authority authority) {
        return List.of(
                Retriever.lexical(world.indexes(), authority),
                Retriever.dense(world.indexes(), world.embedder, authority),
                Retriever.fused(world.indexes(), world.embedder, authority));
    }

    List<Hit> hits(int channel, Query query) {
        try {
            return searchers.get(channel).search(query);
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.MISSING) {
                return List.of();
            }
            throw e;
        }
    }

    String search(int channel, Query query) {
        return shown(() -> searchers.get(channel).search(query));
    }

    String ask(Query query) {
        return shown(() -> assistant.answer(query));
    }

    String documents(Principal asker, String collection) {
        return shown(() -> catalog.documents(asker, collection));
    }

    String document(Principal asker, String collection, String idOrPath) {
        return shown(() -> catalog.document(asker, collection, idOrPath));
    }

    String text(Principal asker, String id) {
        return shown(() -> catalog.text(asker, id, 1));
    }

    String status(Principal asker) {
        return shown(() -> catalog.status(asker));
    }

    String readsAll(Principal asker, String collection) {
        return shown(() -> catalog.readsAll(asker, collection));
    }

    String remove(Principal asker, String collection, String idOrPath) {
        return shown(() -> world.ingestor.remove(asker, collection, idOrPath));
    }

    String access(Principal asker, String collection, String idOrPath) {
        return shown(() -> world.ingestor.setAccess(asker, collection, idOrPath, AccessSet.parse("everyone")));
    }

    Query query(Principal asker, String collection, String text, Filter filter) {
        return new Query(text, asker, collection, filter, 10);
    }

    /** What comes back, or what a person is told instead. */
    private static String shown(Supplier<?> sight) {
        try {
            return String.valueOf(sight.get());
        } catch (Failure e) {
            return e.kind() + " " + e.getMessage() + " " + e.nextStep();
        }
    }
}
