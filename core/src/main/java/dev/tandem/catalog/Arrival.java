package dev.tandem.catalog;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One state of a document, on its way into the catalog.
 *
 * @param file the path, or for a record the file that holds it
 * @param access who may read it; the owner always may
 * @param given metadata given by the owner
 * @param contentHash SHA-256 of the bytes in hex; null where they could not be read
 * @param modified when the file was last changed
 */
public record Arrival(
        String collection,
        Principal owner,
        String path,
        String file,
        String source,
        AccessSet access,
        SortedMap<String, String> given,
        @Nullable String contentHash,
        long bytes,
        Instant modified) {

    /** The source of what cannot be read again: its bytes are kept. */
    public static final String INPUT = "stdin";

    public Arrival {
        Home.requireCollection(collection);
        access = access.withOwner(owner);
        given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
    }

    /** 16 hex digits of SHA-256 over collection, owner and path: the same in every home, and telling of no other. */
    public static String documentId(String collection, String owner, String path) {
        byte[] hash = Sha256.of((collection + '\0' + owner + '\0' + path).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 8);
    }

    String documentId() {
        return documentId(collection, owner.user(), path);
    }
}
