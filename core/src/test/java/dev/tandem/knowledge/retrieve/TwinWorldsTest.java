package dev.tandem.knowledge.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.Indexes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two worlds that differ only in what another tenant does give a tenant the same hits, to the last digit of a score. */
class TwinWorldsTest {

    private static final Principal ACME = Principal.parse("tenant:acme,user:ana,group:people");

    @TempDir
    Path home;

    @Test
    void anotherTenantsDocumentsChangeNothing() {
        long seed = System.nanoTime();
        assertThat(world(home.resolve("shared"), seed, true))
                .as("seed %d", seed)
                .isEqualTo(world(home.resolve("alone"), seed, false));
    }

    /** Everything that three searchers find, while documents come, change and go. */
    private static List<List<Hit>> world(Path tenants, long seed, boolean shared) {
        var random = new Random(seed);
        var others = new Random(seed + 1);
        var found = new ArrayList<List<Hit>>();
        try (var acme = new Library(tenants.resolve("acme"));
                var other = new Library(tenants.resolve("other"))) {
            Indexes indexes = (asker, collection) ->
                    (asker.tenant().equals("acme") ? acme : other).indexes().of(asker, collection);
            List<Searcher> searchers = List.of(
                    Retriever.lexical(indexes, acme),
                    Retriever.dense(indexes, acme.embedder, acme),
                    Retriever.fused(indexes, acme.embedder, acme));
            for (int i = 0; i < 8; i++) {
                for (int changes = 0; changes < 8; changes++) {
                    change(acme, random);
                    if (shared) {
                        change(other, others);
                    }
                }
                acme.commit();
                other.commit();
                var query = new Query(text(random), ACME, Library.COLLECTION, Filter.everything(), 10);
                searchers.forEach(searcher -> found.add(searcher.search(query)));
            }
        }
        return found;
    }

    private static void change(Library library, Random random) {
        String id = "d" + random.nextInt(12);
        if (random.nextInt(5) == 0 && library.live.size() > 3) {
            library.remove(id);
        } else {
            int version = library.live.containsKey(id)
                    ? library.live.get(id).document().version() + 1
                    : 1;
            library.put(
                    Library.document(id, version, Map.of(), Instant.EPOCH, text(random)),
                    random.nextBoolean() ? "everyone" : "group:people",
                    text(random),
                    text(random));
        }
    }

    private static String text(Random random) {
        return IntStream.range(0, 1 + random.nextInt(9))
                .mapToObj(_ -> "word" + random.nextInt(15))
                .collect(Collectors.joining(" "));
    }
}
