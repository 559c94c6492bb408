package dev.tandem.evidence.compare;

import dev.tandem.domain.Principal;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How arms are compared.
 *
 * @param asker who asks all questions, and owns the comparison
 * @param collection that they are put to
 * @param train what the tuned arms learned from; null where nothing was
 * @param datasets keys in the catalog of the datasets that the arms were made from
 * @param settings whatever else the answers of several arms depend on, by name
 */
public record Setup(
        Principal asker,
        String collection,
        @Nullable Train train,
        Leakage leakage,
        Set<Long> datasets,
        SortedMap<String, String> settings) {

    /**
     * A dataset that was learned from.
     *
     * @param hash SHA-256 over its examples, in hex
     */
    public record Train(String name, String hash) {}

    public Setup {
        datasets = Set.copyOf(datasets);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** Nothing was learned, nothing leaked, nothing but the arms matters. */
    public static Setup of(Principal asker, String collection) {
        return new Setup(asker, collection, null, Leakage.NONE, Set.of(), new TreeMap<>(Map.of()));
    }

    /** Throws INVALID where cases were trained on and that was not allowed. */
    public void requireAllowed(Suite suite) {
        leakage.requireAllowed(suite);
    }

    public Setup trainedOn(Train learned, Leakage found, Set<Long> from) {
        return new Setup(asker, collection, learned, found, from, settings);
    }
}
