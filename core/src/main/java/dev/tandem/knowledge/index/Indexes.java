package dev.tandem.knowledge.index;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Finds the index of a collection in the asker's tenant, and in no other; empty where there is none. */
@FunctionalInterface
public interface Indexes extends AutoCloseable {

    Optional<CollectionIndex> of(Principal asker, String collection);

    /**
     * Indexes read from disk, each opened at its first use and kept open until this is closed.
     *
     * @param directories the directory of (tenant, collection)
     * @param encoder asked for when the first index is opened
     */
    static Indexes reading(BiFunction<String, String, Path> directories, Supplier<Encoder> encoder) {
        return new OpenIndexes(directories, encoder);
    }

    @Override
    default void close() {}
}
