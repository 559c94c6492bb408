package dev.tandem.assistant;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CollectionStatus;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Random combinations of principal, document and question over everything that can be seen. A leak is any id, path,
 * title, text or metadata of what the principal may not read, a count that counts it, and an error that tells a hidden
 * thing from one that is not there.
 */
final class PermissionProbes {

    private static final String NO_ID = "0123456789abcdef";

    private final ProbedWorld world;
    private final List<String> tenants;
    private final Map<String, Sights> sights = new HashMap<>();
    private final List<String> leaks = new ArrayList<>();
    private Function<Principal, List<CollectionStatus>> status;
    /** How often each kind of probe was shown something, so that probes of an empty world cannot pass. */
    final Map<String, Integer> sawSomething = new HashMap<>();

    PermissionProbes(ProbedWorld world, List<String> tenants, BiFunction<ProbedWorld, Catalog, Sights> sights) {
        this.world = world;
        this.tenants = tenants;
        var catalogs = new HashMap<String, Catalog>();
        for (String tenant : tenants) {
            Catalog catalog = world.catalog(tenant);
            catalogs.put(tenant, catalog);
            this.sights.put(tenant, sights.apply(world, catalog));
        }
        this.status = asker -> catalogs.get(asker.tenant()).status(asker);
    }

    PermissionProbes counting(Function<Principal, List<CollectionStatus>> other) {
        this.status = other;
        return this;
    }

    /** Every leak found, said so that it can be looked up; access changes all the while. */
    List<String> run(long seed, int probes) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < probes; i++) {
            if (i % 50 == 49) {
                ProbedWorld.Secret changed = world.secrets.get(random.nextInt(world.secrets.size()));
                world.setAccess(changed, ProbedWorld.readers(random));
            }
            probe(i, random);
        }
        return leaks;
    }

    private void probe(int number, SplittableRandom random) {
        Principal asker = world.somebody(random, tenants);
        Sights seen = sights.get(asker.tenant());
        ProbedWorld.Secret target = world.secrets.get(random.nextInt(world.secrets.size()));
        String collection = random.nextInt(3) == 0
                ? ProbedWorld.COLLECTIONS.get(random.nextInt(ProbedWorld.COLLECTIONS.size()))
                : target.collection;
        Filter filter = switch (random.nextInt(6)) {
            case 0 -> new Filter.Equals("case", target.marker);
            case 1 -> new Filter.Equals("path", target.path.toString());
            case 2 -> new Filter.Equals("document", target.id);
            default -> Filter.everything();
        };
        Query query = seen.query(asker, collection, world.question(random), filter);
        String what = "probe " + number + " by " + asker.fingerprint() + ": ";
        int kind = random.nextInt(10);
        switch (kind) {
            case 0, 1, 2 -> shows(what + "search " + kind + " " + query, asker, query, seen.search(kind, query));
            case 3, 4 -> shows(what + "ask " + query, asker, query, seen.ask(query));
            case 5 -> {
                shows(what + "documents", asker, null, seen.documents(asker, collection));
                shows(what + "status", asker, null, seen.status(asker));
            }
            case 6 -> counts(what, asker);
            case 7 -> {
                alike(what + "document", asker, target, id -> seen.document(asker, target.collection, id));
                alike(what + "text", asker, target, id -> seen.text(asker, id));
            }
            case 8 -> {
                if (!asker.user().equals(target.owner)) {
                    alike(what + "remove", asker, target, id -> seen.remove(asker, target.collection, id));
                    alike(what + "access", asker, target, id -> seen.access(asker, target.collection, id));
                }
            }
            default -> collections(what, asker, seen, query);
        }
    }

    /** Nothing hidden stands in it but what the asker wrote themselves. */
    private void shows(String what, Principal asker, @org.jspecify.annotations.Nullable Query query, String shown) {
        sawSomething.merge(
                what.replaceAll(".*: (\\w+).*", "$1"),
                shown.contains("zq") || shown.contains("CollectionStatus[") ? 1 : 0,
                Integer::sum);
        String own = query == null ? "" : query.toString();
        for (String hidden : world.hiddenFrom(asker)) {
            if (shown.contains(hidden) && !own.contains(hidden)) {
                leaks.add(what + " shows " + hidden);
            }
        }
        if (query != null && own.contains("zq") && isShownOf(query, shown)) {
            leaks.add(what + " shows a document that is hidden and was named");
        }
    }

    /** Where the asker named a hidden document, its path and title give it away: the marker with what stands around it. */
    private boolean isShownOf(Query query, String shown) {
        for (ProbedWorld.Secret secret : world.secrets) {
            boolean shows = shown.contains("Ask " + secret.marker + " about")
                    || shown.contains(secret.path + ", source")
                    || shown.contains("documentId=" + secret.id);
            if (shows && !secret.visibleTo(query.asker())) {
                return true;
            }
        }
        return false;
    }

    /** A hidden document answers as one that does not exist, by id and by path. */
    private void alike(String what, Principal asker, ProbedWorld.Secret target, Function<String, String> ask) {
        if (target.visibleTo(asker)) {
            return;
        }
        String noPath = target.path.toString().replace(target.marker, "zqnothing");
        if (!ask.apply(target.id).replace(target.id, NO_ID).equals(ask.apply(NO_ID))) {
            leaks.add(what + " tells by its id that " + target.marker + " is there");
        }
        if (!ask.apply(target.path.toString())
                .replace(target.path.toString(), noPath)
                .equals(ask.apply(noPath))) {
            leaks.add(what + " tells by its path that " + target.marker + " is there");
        }
    }

    private void counts(String what, Principal asker) {
        var expected = new HashMap<String, List<Long>>();
        for (ProbedWorld.Secret secret : world.secrets) {
            if (secret.visibleTo(asker)) {
                List<Long> so = expected.getOrDefault(secret.collection, List.of(0L, 0L));
                expected.put(
                        secret.collection,
                        secret.readable ? List.of(so.get(0) + 1, so.get(1)) : List.of(so.get(0), so.get(1) + 1));
            }
        }
        var counted = new HashMap<String, List<Long>>();
        status.apply(asker).forEach(each -> counted.put(each.collection(), List.of(each.documents(), each.failed())));
        sawSomething.merge("counts", counted.size(), Integer::sum);
        if (!counted.equals(expected)) {
            leaks.add(what + "status counts " + counted + " where " + expected + " may be read");
        }
    }

    /** A collection of which nothing may be read answers as one that does not exist. */
    private void collections(String what, Principal asker, Sights seen, Query query) {
        boolean sees = world.secrets.stream()
                .anyMatch(secret ->
                        secret.readable && secret.collection.equals(query.collection()) && secret.visibleTo(asker));
        if (sees) {
            return;
        }
        Query nowhere = seen.query(asker, "nowhere", query.text(), query.filter());
        for (int channel = 0; channel < 3; channel++) {
            if (!told(seen.search(channel, query), query).equals(told(seen.search(channel, nowhere), nowhere))) {
                leaks.add(what + "search tells that " + query.collection() + " is there");
            }
        }
        if (!told(seen.ask(query), query).equals(told(seen.ask(nowhere), nowhere))) {
            leaks.add(what + "ask tells that " + query.collection() + " is there");
        }
        if (!seen.readsAll(asker, query.collection()).equals(seen.readsAll(asker, "nowhere"))) {
            leaks.add(what + "readsAll tells that " + query.collection() + " is there");
        }
    }

    /** The name that the asker gave may be said back to them. */
    private static String told(String shown, Query query) {
        return shown.replaceAll("\\b" + query.collection() + "\\b", "COLLECTION");
    }
}
