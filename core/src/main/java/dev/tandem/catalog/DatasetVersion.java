package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Part;
import java.time.Instant;
import java.util.List;

/**
 * One state of a dataset, known by its content and never changed.
 *
 * @param key of the dataset, in this catalog
 * @param version from 1
 * @param hash SHA-256 in hex over its examples, whatever their order and the names of their files
 * @param at when it was first imported
 * @param format of the files it came from
 * @param files their names, without folders
 * @param rejected rows of the files that are no examples
 * @param train examples to learn from
 * @param validation examples to choose settings by
 * @param test examples to measure on
 * @param access who may read the dataset where they may also read all that it was made from; to be shown to its owner only
 */
public record DatasetVersion(
        long key,
        String owner,
        String name,
        int version,
        String hash,
        Instant at,
        String format,
        List<String> files,
        int rejected,
        int train,
        int validation,
        int test,
        AccessSet access) {

    public DatasetVersion {
        files = List.copyOf(files);
    }

    public int count(Part part) {
        return switch (part) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    public int total() {
        return train + validation + test;
    }

    /** {@code intents@3}: names this state for ever. */
    public String reference() {
        return name + "@" + version;
    }
}
