package dev.tandem.knowledge.ingest;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A place beyond this machine's files whose items are documents: a web site, a database. */
public interface Source {

    /** What its documents say they came from, such as {@code web}. */
    String kind();

    /** The file that the document of that path stands in: the path itself, or what holds all of them. */
    String file(String path);

    /**
     * Visits the place once and tells the sink of everything that is there, in any order. What is known and not told of stays
     * as it is, until it is said to be gone.
     *
     * @param extractors for what comes as bytes
     * @return the watermark for the next visit
     * @throws Failure where the place as a whole cannot be read; nothing more of it is told then
     */
    String visit(Known known, Extractors extractors, Sink sink);

    /**
     * What the last visit found.
     *
     * @param marks by path; an empty one where the document has to be had again however it looks
     * @param unread paths among them of what was there and could never be read
     * @param watermark how far it was read; empty where never
     */
    record Known(SortedMap<String, String> marks, Set<String> unread, String watermark) {
        public Known {
            marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
            unread = Set.copyOf(unread);
        }

        /** Whether there is a document of it, of this visit's making or a former one's. */
        public boolean wasRead(String path) {
            return marks.containsKey(path) && !unread.contains(path);
        }

        /** By what a change of it is seen. */
        public Optional<String> mark(String path) {
            return Optional.ofNullable(marks.get(path)).filter(mark -> !mark.isEmpty());
        }
    }

    /** Takes what a visit finds; called from one thread. */
    interface Sink {

        /**
         * It is there, and says this.
         *
         * @param bytes as they came, for the count
         * @param modified when it was last changed; null where the place does not say
         * @param mark by which the next visit sees that it did not change
         */
        void found(String path, Extracted content, long bytes, @Nullable Instant modified, String mark);

        /** It is there as the last visit found it. */
        void unchanged(String path);

        /** It is there, or may be, and could not be read this time; what it said before stays. */
        void failed(String path, Failure why);

        /** It is there no more. */
        void gone(String path);

        /** How far the visit is. */
        void progress(long done, long total);
    }
}
