package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.Authority;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.Indexes;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The three searchers. All answer the same way: filtered by access inside the index, authorised again against the catalog
 * as it is when the query comes, best first, equal scores by chunk id. A collection that the asker may read nothing of
 * and one that does not exist are the same {@link dev.tandem.domain.Failure} MISSING.
 */
public final class Retriever {

    private Retriever() {}

    /** By words alone: BM25, its score over what the query could attain. */
    public static Searcher lexical(Indexes indexes, Authority authority) {
        return new ChannelSearcher(ChannelSearcher.Channels.LEXICAL, indexes, null, authority, Fusion.standard());
    }

    /** By meaning alone: cosine, its score over the span that the encoder uses. */
    public static Searcher dense(Indexes indexes, Embedder embedder, Authority authority) {
        return dense(indexes, only(embedder), authority);
    }

    /** The same, each index asked with the encoder that made its vectors. */
    public static Searcher dense(Indexes indexes, Function<Encoder, Embedder> encoders, Authority authority) {
        return new ChannelSearcher(ChannelSearcher.Channels.DENSE, indexes, encoders, authority, Fusion.standard());
    }

    /** By both, which is the default everywhere, weighed as was tuned for the collection. */
    public static Searcher fused(Indexes indexes, Embedder embedder, Authority authority) {
        return fused(indexes, only(embedder), authority);
    }

    /** By both, fused another way; for studies. */
    public static Searcher fused(Indexes indexes, Embedder embedder, Authority authority, Fusion fusion) {
        return new ChannelSearcher(ChannelSearcher.Channels.BOTH, indexes, only(embedder), authority, fusion);
    }

    /** As {@link #fused(Indexes, Embedder, Authority)}, each index asked with the encoder that made its vectors. */
    public static Searcher fused(Indexes indexes, Function<Encoder, Embedder> encoders, Authority authority) {
        return new ChannelSearcher(ChannelSearcher.Channels.BOTH, indexes, encoders, authority, null);
    }

    /**
     * The first, and where the server of its encoder is away the second, which asks none.
     *
     * @param told why, each time that it is the second
     */
    public static Searcher orByWords(Searcher fused, Searcher lexical, Consumer<Failure> told) {
        return query -> {
            try {
                return fused.search(query);
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.UPSTREAM) {
                    throw e;
                }
                told.accept(e);
                return lexical.search(query);
            }
        };
    }

    private static Function<Encoder, Embedder> only(Embedder embedder) {
        return of -> Encoders.same(embedder, EncoderSource.of(embedder.encoder().name()), of);
    }
}
