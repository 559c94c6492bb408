package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A place that documents come from again and again, as its owner set it up; nobody else is told of it.
 *
 * @param name its URL, or what its owner calls it
 * @param kind {@code web} or {@code jdbc}
 * @param definition what is read there and how; of credentials only where they are found
 * @param access who may read what comes from it besides the owner; null for nobody
 * @param given metadata for each document
 * @param every between two visits; zero: only when asked
 * @param due when it is to be visited again; never where {@code every} is zero
 * @param visited when it was last read to its end; null where never
 * @param watermark how far it was read then, in the source's own words; empty where never
 * @param failure why the last visit failed; null where it did not
 */
public record SourceEntry(
        String collection,
        String owner,
        String name,
        String kind,
        SortedMap<String, String> definition,
        @Nullable AccessSet access,
        SortedMap<String, String> given,
        Duration every,
        Instant due,
        @Nullable Instant visited,
        String watermark,
        @Nullable String failure) {

    public static final String WEB = "web";
    public static final String JDBC = "jdbc";

    public SourceEntry {
        Home.requireCollection(collection);
        definition = Collections.unmodifiableSortedMap(new TreeMap<>(definition));
        given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
    }

    /** One that was never visited. */
    public static SourceEntry of(
            String collection,
            String owner,
            String name,
            String kind,
            SortedMap<String, String> definition,
            @Nullable AccessSet access,
            SortedMap<String, String> given,
            Duration every) {
        return new SourceEntry(
                collection, owner, name, kind, definition, access, given, every, Instant.EPOCH, null, "", null);
    }
}
