package dev.tandem.catalog;

import java.util.Locale;

/** Where a document stands. */
public enum State {
    /** Kept, and not yet read. */
    ACKNOWLEDGED,
    /** Its last version is found and read. */
    READY,
    /** Its last version could not be read; an earlier one, where there is one, is still found. */
    FAILED,
    DELETED;

    /** As it stands in the catalog and on a screen. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
