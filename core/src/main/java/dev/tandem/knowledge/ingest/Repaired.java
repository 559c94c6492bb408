package dev.tandem.knowledge.ingest;

import java.util.ArrayList;
import java.util.List;

/**
 * What a repair found.
 *
 * @param mended what was damaged and is whole again
 * @param left what is damaged still, each with what to do
 * @param embedded texts that had to be embedded: those that never were before
 */
public record Repaired(List<String> mended, List<String> left, long embedded) {

    public Repaired {
        mended = List.copyOf(mended);
        left = List.copyOf(left);
    }

    /** The same, as it comes. */
    static final class Building {
        private final List<String> mended = new ArrayList<>();
        private final List<String> left = new ArrayList<>();
        private long embedded;

        void mended(String what) {
            mended.add(what);
        }

        void left(String what) {
            left.add(what);
        }

        void embedded(long more) {
            embedded += more;
        }

        Repaired done() {
            return new Repaired(mended, left, embedded);
        }
    }
}
