package dev.tandem.evidence.tuning;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What the asker may read of a collection, uncut: the documents that answer something, and of the others as many as there is
 * room for, drawn by a fixed seed.
 */
public final class Corpus {

    /** A document with its text. */
    record Text(DocumentRef document, Extracted extracted) {}

    private final Catalog catalog;
    private final Principal asker;
    private final List<DocumentEntry> readable;

    public Corpus(Catalog catalog, Principal asker, String collection) {
        this.catalog = catalog;
        this.asker = asker;
        this.readable = catalog.documents(asker, collection).stream()
                .filter(entry -> entry.version() > 0)
                .toList();
    }

    public int size() {
        return readable.size();
    }

    List<DocumentEntry> entries() {
        return readable;
    }

    Optional<Text> text(String documentId) {
        return catalog.whole(asker, documentId)
                .map(whole -> new Text(
                        whole.document(),
                        Extracted.kept(
                                whole.document().title(),
                                whole.text(),
                                whole.blocks(),
                                whole.document().metadata())));
    }

    /** Those, and others up to so many in all. */
    List<Text> with(Set<String> answering, int most) {
        var ids = new ArrayList<>(readable.stream()
                .map(DocumentEntry::id)
                .filter(id -> !answering.contains(id))
                .sorted()
                .toList());
        Collections.shuffle(ids, Random.from(Seeds.stream(1, "documents to tune on")));
        var chosen = new HashSet<>(answering);
        ids.stream().limit(Math.max(0, most - answering.size())).forEach(chosen::add);
        return chosen.stream()
                .sorted()
                .map(this::text)
                .flatMap(Optional::stream)
                .toList();
    }
}
