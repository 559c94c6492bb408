package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.catalog.Catalog;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Authority;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of probes, ten thousand each night, find no leak; with a bug planted a few hundred find it. */
class PermissionProbesTest {

    /** The last one has no documents, and no catalog on disk. */
    private static final List<String> TENANTS = List.of("acme", "globex", "empty");

    private static final long SEED = Long.getLong("tandem.seed", 20_261_121L);

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    @Test
    void threeThousandProbesFindNoLeak() {
        probe(3_000);
    }

    @Test
    @Tag("nightly")
    void tenThousandProbesFindNoLeak() {
        probe(10_000);
    }

    private void probe(int count) {
        System.out.println("PermissionProbesTest: replay with -Dtandem.seed=" + SEED);
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 60, "acme", "globex")) {
            var probes = new PermissionProbes(world, TENANTS, Sights::new);

            assertThat(probes.run(SEED, Integer.getInteger("tandem.probes", count)))
                    .isEmpty();

            assertThat(probes.sawSomething)
                    .allSatisfy((kind, times) -> assertThat(times)
                            .as("how often %s showed something", kind)
                            .isGreaterThan(100));
        }
    }

    @Test
    void probesCatchADroppedFilter() {
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 30, "acme", "globex")) {
            var probes = new PermissionProbes(
                    world, TENANTS, (_, catalog) -> new Sights(world, catalog, everythingReadable(catalog)));

            assertThat(probes.run(SEED, 400)).anyMatch(leak -> leak.contains("search"));
        }
    }

    /** As if the access filter had been left out of the index query and of the authorisation of hits. */
    private static Authority everythingReadable(Catalog catalog) {
        return new Authority() {
            @Override
            public boolean isLocalOnly(String collection) {
                return false;
            }

            private Principal insider(Principal asker) {
                var groups = new TreeSet<String>();
                for (int i = 0; i < 5; i++) {
                    groups.add("g" + i);
                }
                return new Principal(asker.tenant(), "ana", groups);
            }

            @Override
            public Set<Long> readableAccessSets(Principal asker) {
                return catalog.readableAccessSets(insider(asker));
            }

            @Override
            public boolean readsAll(Principal asker, String collection) {
                return true;
            }

            @Override
            public Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds) {
                return catalog.readable(insider(asker), documentIds);
            }
        };
    }

    @Test
    void probesCatchACacheKeyWithoutThePrincipal() {
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 30, "acme", "globex")) {
            var cache = new HashMap<String, Answer>();
            var probes = new PermissionProbes(world, TENANTS, (_, catalog) -> {
                var sights = new Sights(world, catalog);
                return sights.answeringWith(query -> cache.computeIfAbsent(
                        query.text() + query.collection() + query.filter(), _ -> sights.assistant.answer(query)));
            });

            assertThat(probes.run(SEED, 2_000)).anyMatch(leak -> leak.contains("ask"));
        }
    }

    @Test
    void probesCatchACountBeforeTheFilter() {
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 30, "acme");
                Catalog catalog = world.catalog("acme")) {
            var insider = Principal.parse("tenant:acme,user:ana,group:g0,group:g1,group:g2,group:g3,group:g4");
            var probes = new PermissionProbes(world, List.of("acme"), Sights::new)
                    .counting(asker -> catalog.status(insider));

            assertThat(probes.run(SEED, 200)).anyMatch(leak -> leak.contains("status counts"));
        }
    }

    @Test
    void whoMayReadADocumentFindsIt() {
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 40, "acme");
                Catalog catalog = world.catalog("acme")) {
            var sights = new Sights(world, catalog);
            for (ProbedWorld.Secret secret : world.secrets) {
                if (secret.readable) {
                    List<Hit> hits = sights.hits(
                            2, sights.query(secret.asOwner(), secret.collection, secret.marker, Filter.everything()));

                    assertThat(hits).extracting(hit -> hit.document().id()).contains(secret.id);
                }
            }
        }
    }

    @Test
    void aRevocationHoldsFromItsCommitInAnIndexThatWasOpenBefore() {
        try (var world = new ProbedWorld(folder, folder.resolve("home"), SEED, 20, "acme");
                Catalog catalog = world.catalog("acme")) {
            var sights = new Sights(world, catalog);
            ProbedWorld.Secret secret = world.secrets.stream()
                    .filter(each -> each.readable)
                    .findFirst()
                    .orElseThrow();
            var guest = Principal.parse("tenant:acme,user:guest");
            world.setAccess(secret, AccessSet.parse("user:guest"));
            var query = sights.query(guest, secret.collection, secret.marker, Filter.everything());
            try (Catalog fresh = world.catalog("acme")) {
                assertThat(new Sights(world, fresh).search(2, query)).contains(secret.id);
            }

            world.setAccess(secret, AccessSet.parse("user:somebody"));

            for (int channel = 0; channel < 3; channel++) {
                assertThat(sights.search(channel, query)).doesNotContain(secret.id);
            }
            assertThat(sights.ask(query)).doesNotContain(secret.id);
            assertThat(sights.text(guest, secret.id)).isEqualTo("Optional.empty");
        }
    }

    @Test
    void aTenantIsTheSameWithAndWithoutAnother(@TempDir(factory = MemoryFolder.class) Path alone) {
        try (var both = new ProbedWorld(folder, folder.resolve("home"), SEED, 40, "globex", "acme");
                var one = new ProbedWorld(folder, alone, SEED, 40, "acme");
                Catalog ofBoth = both.catalog("acme");
                Catalog ofOne = one.catalog("acme")) {
            var inBoth = new Sights(both, ofBoth);
            var inOne = new Sights(one, ofOne);
            var random = new SplittableRandom(SEED);
            int compared = 0;
            for (int i = 0; i < 500; i++) {
                Principal asker = one.somebody(random, List.of("acme"));
                String collection = ProbedWorld.COLLECTIONS.get(random.nextInt(3));
                String question = one.question(random);
                int channel = random.nextInt(3);
                List<Hit> left = inBoth.hits(channel, inBoth.query(asker, collection, question, Filter.everything()));
                List<Hit> right = inOne.hits(channel, inOne.query(asker, collection, question, Filter.everything()));

                assertThat(left).hasSameSizeAs(right);
                for (int at = 0; at < left.size(); at++) {
                    assertThat(left.get(at).chunk().id())
                            .isEqualTo(right.get(at).chunk().id());
                    assertThat(left.get(at).score()).isCloseTo(right.get(at).score(), within(1e-6));
                    compared++;
                }
                assertThat(ofBoth.status(asker).stream()
                                .map(each -> each.collection() + each.documents())
                                .toList())
                        .isEqualTo(ofOne.status(asker).stream()
                                .map(each -> each.collection() + each.documents())
                                .toList());
            }
            assertThat(compared).isGreaterThan(500);
        }
    }
}
