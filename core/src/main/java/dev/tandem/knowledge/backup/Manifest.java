package dev.tandem.knowledge.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a backup holds, said at its end.
 *
 * @param format one more for each change that an older Tandem would misread
 * @param at when it was begun, in ISO 8601
 * @param folders POSIX permissions by path below the home, which itself is the empty path
 * @param files by path below the home, with {@code /}
 */
record Manifest(
        @JsonProperty("tandem-backup") int format,
        @JsonProperty("at") String at,
        @JsonProperty("folders") SortedMap<String, String> folders,
        @JsonProperty("files") SortedMap<String, Entry> files) {

    static final int FORMAT_NOW = 1;

    /** The entry of the archive that holds it, the last one. */
    static final String NAME = "tandem-backup.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    Manifest {
        folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * A file.
     *
     * @param sha256 in hex
     * @param mode POSIX permissions, such as {@code rw-------}; empty where there are none
     */
    record Entry(
            @JsonProperty("bytes") long bytes,
            @JsonProperty("sha256") String sha256,
            @JsonProperty("mode") String mode) {}

    byte[] json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers can be written", e);
        }
    }

    static Manifest parse(byte[] json) throws IOException {
        return JSON.readValue(json, Manifest.class);
    }
}
