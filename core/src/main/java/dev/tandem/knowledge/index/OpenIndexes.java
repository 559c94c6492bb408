package dev.tandem.knowledge.index;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One open reader for each directory asked for so far. */
final class OpenIndexes implements Indexes {

    private final BiFunction<String, String, Path> directories;
    private final Supplier<Encoder> encoder;
    private final ConcurrentHashMap<Path, CollectionIndex> open = new ConcurrentHashMap<>();

    OpenIndexes(BiFunction<String, String, Path> directories, Supplier<Encoder> encoder) {
        this.directories = directories;
        this.encoder = encoder;
    }

    @Override
    public Optional<CollectionIndex> of(Principal asker, String collection) {
        Path directory = directories.apply(asker.tenant(), collection);
        return Optional.ofNullable(open.computeIfAbsent(directory, this::openedIfThere));
    }

    private @Nullable CollectionIndex openedIfThere(Path directory) {
        return CollectionIndex.exists(directory) ? CollectionIndex.read(directory, encoder.get()) : null;
    }

    @Override
    public void close() {
        open.values().forEach(CollectionIndex::close);
        open.clear();
    }
}
