package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A home and a folder of documents, for tests: everything in it is real but the encoder. */
final class House {

    static final Principal ANA = Principal.parse("user:ana,group:hr");
    static final Principal BEN = Principal.parse("user:ben,group:ops");

    final Home home;
    final Path docs;
    final Embedder embedder = new HashingEmbedder();
    final List<Event> events = new ArrayList<>();

    House(Path folder) {
        home = Home.at(folder.resolve("home"));
        docs = folder.resolve("docs");
        try {
            Files.createDirectories(docs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Written an hour ago, as far as anybody can tell. */
    Path write(String name, String text) {
        return write(name, text, Instant.now().minusSeconds(3_600));
    }

    Path write(String name, String text, Instant modified) {
        try {
            Path file = docs.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.from(modified));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Summary ingest() {
        return ingest(Request.of(ANA, "default", List.of(docs.toString())));
    }

    Summary ingest(Request request) {
        events.clear();
        try (Ingestor ingestor = Ingestor.open(home, embedder)) {
            return ingestor.ingest(request, events::add);
        }
    }

    <E extends Event> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Paths below the folder of documents, best first, by words and meaning. */
    List<String> search(Principal asker, String words) {
        try (Catalog catalog = Catalog.read(home, asker.tenant());
                CollectionIndex index =
                        CollectionIndex.read(home.index(asker.tenant(), "default"), embedder.encoder())) {
            return Retriever.fused((_, _) -> Optional.of(index), embedder, catalog)
                    .search(new Query(words, asker, "default", Filter.everything(), 10))
                    .stream()
                    .map(this::name)
                    .toList();
        } catch (Failure e) {
            // A collection of which the asker may read nothing is not there for them.
            if (e.kind() == Failure.Kind.MISSING) {
                return List.of();
            }
            throw e;
        }
    }

    private String name(Hit hit) {
        return hit.document().path().replace(docs + "/", "");
    }

    List<DocumentEntry> documents(Principal asker) {
        try (Catalog catalog = catalog()) {
            return catalog.documents(asker, null);
        }
    }

    /** The asker's entry of a file below the folder of documents. */
    DocumentEntry entry(Principal asker, String name) {
        try (Catalog catalog = catalog()) {
            return catalog.document(asker, "default", docs.resolve(name).toString())
                    .orElseThrow();
        }
    }

    Optional<String> text(Principal asker, String id, int version) {
        try (Catalog catalog = catalog()) {
            return catalog.text(asker, id, version);
        }
    }

    Catalog catalog() {
        return Catalog.read(home, Principal.DEFAULT_TENANT);
    }
}
