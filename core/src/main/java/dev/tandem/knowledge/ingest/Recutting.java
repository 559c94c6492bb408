package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.WholeText;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Language;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.index.IndexText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A collection's documents in other chunks, out of the texts that the catalog keeps: no file is read again. Vectors of the new
 * chunks are made first; then one transaction of the catalog puts settings and chunks in place of the former ones, and the
 * index follows. Until then questions are answered as before. Interrupted, the next call goes on and embeds nothing twice.
 */
final class Recutting {

    /** Documents whose texts are in memory at a time. */
    private static final int PAGE = 256;

    private final Workshop shop;
    private final String collection;

    Recutting(Workshop shop, String collection) {
        this.shop = shop;
        this.collection = collection;
    }

    private record Cut(
            long key, List<Chunk> chunks, Map<String, String> texts, List<String> hashes, Language language) {}

    /** @param wanted null for what is usual */
    void run(String owner, @Nullable RetrievalSettings wanted, Tally tally) {
        CatalogWriter catalog = shop.catalog();
        shop.feed(collection);
        shop.follow(owner, tally);
        ChunkSettings chunks = wanted == null ? shop.settings().chunks() : ChunkSettings.of(wanted.chunks());
        boolean same = shop.chunker(collection).settings().equals(chunks);
        Chunker chunker = shop.chunker(collection, chunks);
        if (!same) {
            var pace = new Pace(Event.Work.EMBEDDING, tally);
            List<Long> live = catalog.live(collection);
            for (int from = 0; from < live.size(); from += PAGE) {
                var texts = new LinkedHashMap<String, String>();
                for (long key : live.subList(from, Math.min(from + PAGE, live.size()))) {
                    cut(key, chunker)
                            .filter(cut ->
                                    shop.choice().live(collection).encoder().knows(cut.language()))
                            .ifPresent(cut -> texts.putAll(cut.texts()));
                }
                shop.embedAhead(collection, texts, tally);
                pace.at(Math.min(from + PAGE, live.size()), live.size(), 0);
            }
        }
        catalog.inTransaction(() -> {
            if (wanted == null) {
                catalog.retrieval().clear(collection);
            } else {
                catalog.retrieval().set(collection, wanted);
            }
            if (!same) {
                for (long key : catalog.live(collection)) {
                    cut(key, chunker).ifPresent(cut -> catalog.recut(key, cut.chunks(), cut.hashes()));
                }
            }
        });
        shop.follow(owner, tally);
        shop.fillVectors(owner, tally, collection);
        catalog.dropUnusedVectors();
    }

    private Optional<Cut> cut(long key, Chunker chunker) {
        return shop.catalog().whole(key).map(whole -> cut(key, whole, chunker));
    }

    private static Cut cut(long key, WholeText whole, Chunker chunker) {
        var document = whole.document();
        List<Chunk> chunks = chunker.chunk(
                document.id(),
                document.version(),
                Extracted.kept(document.title(), whole.text(), whole.blocks(), document.metadata()));
        var texts = new LinkedHashMap<String, String>();
        var hashes = new ArrayList<String>();
        for (Chunk chunk : chunks) {
            String text = IndexText.of(document, chunk);
            String hash = Sha256.hex(text);
            texts.put(hash, text);
            hashes.add(hash);
        }
        return new Cut(key, chunks, texts, hashes, document.language());
    }
}
