package dev.tandem.assistant;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A home full of documents of several owners, collections and tenants, each with a marker word in its path, title, text
 * and metadata that stands nowhere else; and, kept apart from Tandem, who may read which of them.
 */
final class ProbedWorld implements AutoCloseable {

    static final List<String> COLLECTIONS = List.of("handbook", "vault", "lab");
    private static final List<String> OWNERS = List.of("ana", "ben", "cho");
    private static final List<String> TOPICS =
            List.of("notice period", "travel budget", "salary band", "release plan", "audit finding", "pump seal");

    /** What the test knows of a document; {@code readers} changes when its access does. */
    static final class Secret {
        final String marker;
        final String tenant;
        final String collection;
        final String owner;
        final Path path;
        final boolean readable;
        AccessSet readers;
        String id = "";

        Secret(String marker, String tenant, String collection, String owner, Path path, boolean readable) {
            this.marker = marker;
            this.tenant = tenant;
            this.collection = collection;
            this.owner = owner;
            this.path = path;
            this.readable = readable;
            this.readers = AccessSet.of(List.of("user:" + owner));
        }

        Principal asOwner() {
            return new Principal(tenant, owner, Collections.emptySortedSet());
        }

        /** May be found and quoted; a document that could not be read may only be listed, by its owner. */
        boolean visibleTo(Principal asker) {
            return tenant.equals(asker.tenant()) && (readable ? readers.allows(asker) : owner.equals(asker.user()));
        }
    }

    final Home home;
    final Embedder embedder = new HashingEmbedder();
    final List<Secret> secrets = new ArrayList<>();
    final Ingestor ingestor;
    private final Path folder;
    private final Map<String, CollectionIndex> opened = new HashMap<>();

    /** {@code documents} in each of these tenants, their files under {@code folder}, which other worlds may share. */
    ProbedWorld(Path folder, Path homeFolder, long seed, int documents, String... tenants) {
        this.folder = folder;
        this.home = Home.at(homeFolder);
        this.ingestor = Ingestor.open(this.home, embedder);
        for (String tenant : tenants) {
            // Each tenant has its own stream, so that it is the same with and without the others.
            populate(tenant, new SplittableRandom(seed + tenant.hashCode()), documents);
        }
    }

    private void populate(String tenant, SplittableRandom random, int documents) {
        for (int i = 0; i < documents; i++) {
            String collection = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
            String owner = OWNERS.get(random.nextInt(OWNERS.size()));
            boolean readable = random.nextInt(12) > 0;
            String marker = "zq%s%04d".formatted(tenant, i);
            var secret = new Secret(
                    marker,
                    tenant,
                    collection,
                    owner,
                    folder.resolve(tenant).resolve(collection).resolve(marker + ".md"),
                    readable);
            write(secret, random);
            Request request = Request.of(secret.asOwner(), collection, List.of(secret.path.toString()))
                    .with(new TreeMap<>(Map.of("case", marker, "kind", random.nextBoolean() ? "memo" : "note")));
            if (random.nextInt(4) > 0) {
                AccessSet given = readers(random);
                request = request.allowing(given);
                secret.readers = given.withOwner(secret.asOwner());
            }
            ingestor.ingest(request, event -> {});
            secrets.add(secret);
        }
        try (Catalog catalog = catalog(tenant)) {
            for (Secret secret : secrets) {
                if (secret.tenant.equals(tenant)) {
                    secret.id = catalog.document(secret.asOwner(), secret.collection, secret.path.toString())
                            .map(DocumentEntry::id)
                            .orElseThrow();
                }
            }
        }
    }

    private static void write(Secret secret, SplittableRandom random) {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        String text = secret.readable
                ? "# About the %s %s\n\nThe %s of %s is %d days. Ask %s about the %s.\n\n## Details %s\n\nMore on %s.\n"
                        .formatted(
                                topic,
                                secret.marker,
                                topic,
                                secret.marker,
                                random.nextInt(10, 99),
                                secret.marker,
                                TOPICS.get(random.nextInt(TOPICS.size())),
                                secret.marker,
                                secret.marker)
                : "\0\1\2" + secret.marker + "\0\0";
        try {
            Files.createDirectories(secret.path.getParent());
            Files.writeString(secret.path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AccessSet readers(SplittableRandom random) {
        var names = new TreeSet<String>();
        int count = random.nextInt(1, 4);
        while (names.size() < count) {
            int choice = random.nextInt(10);
            names.add(
                    choice == 0
                            ? "everyone"
                            : choice < 7 ? "group:g" + random.nextInt(5) : "user:u" + random.nextInt(8));
        }
        return AccessSet.of(names);
    }

    /** Somebody: an owner, a reader, a stranger, at times of a tenant where nothing is. */
    Principal somebody(SplittableRandom random, List<String> tenants) {
        String tenant = tenants.get(random.nextInt(tenants.size()));
        String user = random.nextInt(4) == 0 ? OWNERS.get(random.nextInt(OWNERS.size())) : "u" + random.nextInt(8);
        var groups = new TreeSet<String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            groups.add("g" + random.nextInt(5));
        }
        return new Principal(tenant, user, groups);
    }

    String question(SplittableRandom random) {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        Secret about = secrets.get(random.nextInt(secrets.size()));
        return switch (random.nextInt(4)) {
            case 0 -> "What is the " + topic + " of " + about.marker + "?";
            case 1 -> about.marker;
            case 2 -> "How many days is the " + topic + "?";
            default -> "details " + topic + " ask about";
        };
    }

    Set<String> hiddenFrom(Principal asker) {
        var hidden = new HashSet<String>();
        for (Secret secret : secrets) {
            if (!secret.visibleTo(asker)) {
                hidden.add(secret.marker);
                hidden.add(secret.id);
            }
        }
        return hidden;
    }

    void setAccess(Secret secret, AccessSet readers) {
        ingestor.setAccess(secret.asOwner(), secret.collection, secret.id, readers);
        secret.readers = readers.withOwner(secret.asOwner());
    }

    Catalog catalog(String tenant) {
        return Catalog.read(home, tenant);
    }

    /** Opened once and kept, as a server does: what is revoked must be gone from an index that was open before. */
    Indexes indexes() {
        return (asker, collection) -> {
            Path directory = home.index(asker.tenant(), collection);
            return CollectionIndex.exists(directory)
                    ? Optional.of(opened.computeIfAbsent(
                            directory.toString(), _ -> CollectionIndex.read(directory, embedder.encoder())))
                    : Optional.empty();
        };
    }

    @Override
    public void close() {
        opened.values().forEach(CollectionIndex::close);
        ingestor.close();
    }
}
