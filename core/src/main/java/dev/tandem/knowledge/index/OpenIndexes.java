package dev.tandem.knowledge.index;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** One open reader for each directory and encoder asked for so far. */
final class OpenIndexes implements Indexes {

    private record Key(Path directory, Encoder encoder) {}

    private final BiFunction<String, String, Path> directories;
    private final Live live;
    private final ConcurrentHashMap<Key, CollectionIndex> open = new ConcurrentHashMap<>();

    OpenIndexes(BiFunction<String, String, Path> directories, Live live) {
        this.directories = directories;
        this.live = live;
    }

    @Override
    public Optional<CollectionIndex> of(Principal asker, String collection) {
        Path directory = directories.apply(asker.tenant(), collection);
        if (!CollectionIndex.exists(directory)) {
            return Optional.empty();
        }
        Encoder encoder = live.encoder(asker, collection);
        return Optional.of(
                open.computeIfAbsent(new Key(directory, encoder), _ -> CollectionIndex.readLive(directory, encoder)));
    }

    @Override
    public void close() {
        open.values().forEach(CollectionIndex::close);
        open.clear();
    }
}
