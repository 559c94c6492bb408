package dev.tandem.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens encoders. A collection's questions use the one that made its vectors, whatever the settings say meanwhile; what
 * the settings say is for new collections, and for those that are embedded anew.
 */
public interface Encoders {

    /** What a collection of that name gets. */
    EncoderSource wanted(String collection);

    /** What may have made vectors that nobody wrote down the encoder of, likeliest first. */
    default List<EncoderSource> likely(String collection) {
        return List.of(wanted(collection));
    }

    /**
     * The encoder, paid for by that tenant where it costs anything; opened once and closed with what this belongs to.
     *
     * @param as what it was when its vectors were made; null where that is to be found out
     * @throws Failure where it is not there any more; CONFLICT where it is another one by now
     */
    Embedder open(String tenant, EncoderSource source, @Nullable Encoder as);

    /** There is this one, and no other. */
    static Encoders only(Embedder embedder) {
        var own = new EncoderSource(
                embedder.encoder().name(), "", "", embedder.encoder().languageCodes());
        return new Encoders() {
            @Override
            public EncoderSource wanted(String collection) {
                return own;
            }

            @Override
            public Embedder open(String tenant, EncoderSource source, @Nullable Encoder as) {
                return same(embedder, own, as);
            }
        };
    }

    /** The embedder itself, if its vectors can be compared with those that are there. */
    static Embedder same(Embedder embedder, EncoderSource source, @Nullable Encoder as) {
        if (as != null && !as.hash().equals(embedder.encoder().hash())) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The collection was embedded with another encoder: with " + Printable.of(as.name()) + ", which "
                            + source + " is not, or not any more.",
                    "Bring back the encoder it was embedded with, or give the collection vectors of the configured one:"
                            + " tandem reembed.");
        }
        return embedder;
    }
}
