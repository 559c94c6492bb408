package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.index.CollectionIndex;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which encoder's vectors answer a collection's questions: what the catalog says, and the settings where it says nothing. */
final class EncoderChoice {

    private final String tenant;
    private final CatalogWriter catalog;
    private final Encoders encoders;
    private final Function<String, Path> indexes;

    /** @param indexes the folder of a collection's index */
    EncoderChoice(String tenant, CatalogWriter catalog, Encoders encoders, Function<String, Path> indexes) {
        this.tenant = tenant;
        this.catalog = catalog;
        this.encoders = encoders;
        this.indexes = indexes;
    }

    /**
     * The collection's live encoder, written down from now on.
     *
     * @throws Failure CONFLICT where the index has vectors, and those of no encoder that could be thought of
     */
    CollectionEncoder live(String collection) {
        Optional<CollectionEncoder> known = catalog.encoders().live(collection);
        boolean isNew = catalog.lastSequence(collection) == 0;
        EncoderSource wanted = encoders.wanted(collection);
        if (known.isPresent()
                && known.get().source().reference().equals(wanted.reference())
                && !known.get().source().equals(wanted)) {
            // Another key, price or number of languages of the same encoder.
            return made(collection, wanted, known.get().encoder());
        }
        if (known.isPresent() && (!isNew || known.get().source().equals(wanted))) {
            return known.get();
        }
        if (isNew) {
            catalog.encoders().clear(collection);
        } else {
            // A home from before encoders were written down.
            for (EncoderSource source : encoders.likely(collection)) {
                Encoder encoder = met(collection, source);
                if (CollectionIndex.hasVectorsOf(indexes.apply(collection), encoder)) {
                    return made(collection, source, encoder);
                }
            }
        }
        Encoder encoder = met(collection, wanted);
        if (!isNew) {
            CollectionIndex.requireSameEncoder(indexes.apply(collection), encoder);
        }
        return made(collection, wanted, encoder);
    }

    /** What it is; a server may have to be asked for that. */
    private Encoder met(String collection, EncoderSource source) {
        return catalog.localOnly()
                .guard(encoders.open(tenant, source, null), collection)
                .encoder();
    }

    private CollectionEncoder made(String collection, EncoderSource source, Encoder encoder) {
        Encoder knowing = encoder.knowing(Encoder.languages(source.languages()));
        catalog.encoders().setLive(collection, source, knowing);
        return new CollectionEncoder(source, knowing, CollectionEncoder.Use.LIVE);
    }

    /** What the settings say the collection should have, opened as what it is known to be where it answers already. */
    Wanted wanted(String collection) {
        EncoderSource source = encoders.wanted(collection);
        Encoder known = catalog.encoders().all(collection).stream()
                .filter(each -> each.source().reference().equals(source.reference()))
                .map(CollectionEncoder::encoder)
                .findFirst()
                .orElse(null);
        return new Wanted(source, catalog.localOnly().guard(known(source, known), collection));
    }

    private Embedder known(EncoderSource source, @Nullable Encoder known) {
        try {
            return encoders.open(tenant, source, known);
        } catch (Failure e) {
            if (known == null || e.kind() != Failure.Kind.CONFLICT) {
                throw e;
            }
            // Another model stands at the same place by now.
            return encoders.open(tenant, source, null);
        }
    }

    record Wanted(EncoderSource source, Embedder embedder) {
        Encoder encoder() {
            return embedder.encoder().knowing(Encoder.languages(source.languages()));
        }
    }

    /** @throws Failure where it is not there any more; CONFLICT where it is another one by now */
    Embedder open(CollectionEncoder each) {
        return encoders.open(tenant, each.source(), each.encoder());
    }
}
