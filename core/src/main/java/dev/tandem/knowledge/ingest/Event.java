package dev.tandem.knowledge.ingest;

import dev.tandem.domain.HiddenText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens while documents are taken in, in order. Only what the owner of the request owns is told. Ids are those of
 * documents, paths as in {@link dev.tandem.domain.DocumentRef#path()}.
 */
public sealed interface Event {

    /** So much was found under the paths, so far or in all. */
    record Scanned(long files, long bytes) implements Event {}

    /** Kept: from here on nothing that happens to this process loses it. */
    record Acknowledged(String document, String path, int version) implements Event {}

    /** Was not there before. */
    record Added(String document, String path, int chunks) implements Event {}

    /** Says something else than before, or is described otherwise. */
    record Changed(String document, String path, int version, int chunks) implements Event {}

    /** The same content stands under another path. */
    record Renamed(String document, String path, String from, int chunks) implements Event {}

    record Deleted(String document, String path) implements Event {}

    record Unchanged(String document, String path) implements Event {}

    /** Only who may read it is different. */
    record AccessChanged(String document, String path) implements Event {}

    /** Was read, and held text that no reader sees; that was taken out. */
    record Hid(String document, String path, HiddenText hidden) implements Event {}

    /** Could not be read, and why; the rest goes on. */
    record Failed(String path, String reason, String nextStep) implements Event {}

    /** Findable by their words. */
    record Indexed(String collection, long documents) implements Event {}

    /**
     * Findable by meaning.
     *
     * @param chunks that were embedded now
     * @param reused whose text had been embedded before
     * @param tokens of the chunks that were embedded now
     */
    record Embedded(String collection, long chunks, long reused, long tokens) implements Event {}

    /** Another encoder answers the collection's questions from now on; their names. */
    record Switched(String collection, String from, String to) implements Event {}

    /**
     * How far the longer work is.
     *
     * @param done of {@code total}: bytes read, items visited or characters embedded
     * @param perSecond of the same unit, lately; 0 while unknown
     * @param tokensPerSecond while embedding; 0 while reading
     * @param left null while unknown
     */
    record Progress(
            Work work,
            long done,
            long total,
            double perSecond,
            double tokensPerSecond,
            @Nullable Duration left) implements Event {}

    /** What takes long. */
    enum Work {
        READING,
        /** A source; counted in its items. */
        VISITING,
        EMBEDDING
    }

    /** Everything is taken in as it is; from here on changes are, as they come. */
    record Watching(long files, long folders) implements Event {}

    /** Cannot be written now, and why; it is tried again until it can. */
    record Waiting(String reason) implements Event {}

    /** The end, or of a watch, the end of a group of changes. */
    record Done(Summary summary) implements Event {}
}
