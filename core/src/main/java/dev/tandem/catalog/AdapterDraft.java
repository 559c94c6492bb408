package dev.tandem.catalog;

import dev.tandem.domain.Principal;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of an adapter before it is registered; see {@link AdapterEntry} for the parts.
 *
 * @param files empty where training failed
 */
public record AdapterDraft(
        Principal owner,
        String name,
        DatasetVersion dataset,
        String kind,
        String task,
        String base,
        String baseHash,
        String settings,
        String figures,
        String card,
        SortedMap<String, String> files) {

    public AdapterDraft {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
