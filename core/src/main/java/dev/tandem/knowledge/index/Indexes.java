package dev.tandem.knowledge.index;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/** Finds the index of a collection in the asker's tenant, and in no other; empty where there is none. */
@FunctionalInterface
public interface Indexes extends AutoCloseable {

    Optional<CollectionIndex> of(Principal asker, String collection);

    /** Says at each question which encoder's vectors answer it. */
    @FunctionalInterface
    interface Live {
        Encoder encoder(Principal asker, String collection);
    }

    /**
     * Indexes read from disk, each opened at its first use and kept open until this is closed. When a collection changes
     * over to another encoder, the next question is given another index; who holds the former one still can read it.
     *
     * @param directories the directory of (tenant, collection)
     */
    static Indexes reading(BiFunction<String, String, Path> directories, Live live) {
        return new OpenIndexes(directories, live);
    }

    @Override
    default void close() {}
}
