package dev.tandem.catalog;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one training made, or why it made nothing.
 *
 * @param key inside this catalog only
 * @param hash SHA-256 over its files, in hex; null where training failed
 * @param dataset {@code name@version} of what it was trained on
 * @param datasetHash content hash of that version
 * @param kind how it was trained, such as {@code frozen-head}
 * @param task what it does, such as {@code classify}
 * @param base name of the base model
 * @param baseHash content hash of the base model
 * @param settings a JSON object
 * @param figures a JSON object
 * @param card in Markdown, for people
 * @param files SHA-256 of each file in hex, by name
 * @param reason why it failed; null where it did not
 * @param aliases that point at it, sorted
 */
public record AdapterEntry(
        long key,
        String owner,
        String name,
        @Nullable String hash,
        long datasetKey,
        String dataset,
        String datasetHash,
        String kind,
        String task,
        String base,
        String baseHash,
        String settings,
        String figures,
        String card,
        SortedMap<String, String> files,
        @Nullable String reason,
        Instant at,
        List<String> aliases) {

    /** Digits of a hash that people are shown, and may type. */
    public static final int SHORT = 12;

    public AdapterEntry {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        aliases = List.copyOf(aliases);
    }

    public boolean failed() {
        return hash == null;
    }

    /** {@code name@3fa1b2c4d5e6}; of a training that failed, the name alone. */
    public String reference() {
        return hash == null ? name : name + "@" + hash.substring(0, SHORT);
    }
}
