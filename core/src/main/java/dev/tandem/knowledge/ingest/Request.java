package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Home;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.ExportMapping;
import dev.tandem.knowledge.extract.Mapping;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be ingested, by whom and for whom.
 *
 * @param owner who ingests, and owns what is new
 * @param collection where it goes
 * @param paths files, folders, globs, or {@code -} for standard input
 * @param access who may read it besides the owner; null leaves what is known as it is, and what is new to its owner only
 * @param metadata given to every document; empty leaves what is known as it is; keys are made lower case
 * @param mapping how records of JSON Lines files are read
 * @param export how exports of other formats are read as records; null where they are files like others
 * @param input what {@code -} stands for; null for nothing
 * @param localOnly makes the collection local-only; false leaves it as it is
 */
public record Request(
        Principal owner,
        String collection,
        List<String> paths,
        @Nullable AccessSet access,
        SortedMap<String, String> metadata,
        Mapping mapping,
        @Nullable ExportMapping export,
        @Nullable InputStream input,
        boolean localOnly) {

    /** What every document has by itself, and by which it is filtered. */
    private static final Set<String> TAKEN = Set.of("source", "title", "path", "document");

    public Request {
        Home.requireCollection(collection);
        paths = List.copyOf(paths);
        if (paths.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID, "Nothing to ingest was named.", "Name files or folders: tandem ingest docs/");
        }
        var lower = new TreeMap<String, String>();
        metadata.forEach((key, value) -> lower.put(key.strip().toLowerCase(Locale.ROOT), value));
        for (String key : lower.keySet()) {
            if (key.isEmpty() || TAKEN.contains(key)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "Metadata cannot be called '" + Printable.of(key) + "'.",
                        "Choose another key than " + String.join(", ", new TreeSet<>(TAKEN)) + ".");
            }
        }
        metadata = Collections.unmodifiableSortedMap(lower);
    }

    public Request(
            Principal owner,
            String collection,
            List<String> paths,
            @Nullable AccessSet access,
            SortedMap<String, String> metadata,
            Mapping mapping,
            @Nullable InputStream input) {
        this(owner, collection, paths, access, metadata, mapping, null, input, false);
    }

    public static Request of(Principal owner, String collection, List<String> paths) {
        return new Request(owner, collection, paths, null, Collections.emptySortedMap(), Mapping.standard(), null);
    }

    public Request allowing(AccessSet readers) {
        return new Request(owner, collection, paths, readers, metadata, mapping, export, input, localOnly);
    }

    public Request with(SortedMap<String, String> given) {
        return new Request(owner, collection, paths, access, given, mapping, export, input, localOnly);
    }

    public Request mapped(Mapping fields) {
        return new Request(owner, collection, paths, access, metadata, fields, export, input, localOnly);
    }

    public Request exported(ExportMapping records) {
        return new Request(owner, collection, paths, access, metadata, mapping, records, input, localOnly);
    }

    /** Whether records are read as everybody's are, so that a file that looks the same says the same. */
    boolean readsAsUsual() {
        return mapping.equals(Mapping.standard()) && export == null;
    }

    /** Where {@code -} is read from. */
    public Request reading(InputStream standardInput) {
        return new Request(owner, collection, paths, access, metadata, mapping, export, standardInput, localOnly);
    }

    /** Nothing of the collection is sent to another machine, from before anything is read. */
    public Request keptLocal() {
        return new Request(owner, collection, paths, access, metadata, mapping, export, input, true);
    }
}
