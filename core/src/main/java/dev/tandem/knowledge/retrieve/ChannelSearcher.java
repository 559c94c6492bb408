package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.Authority;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Printable;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.Candidate;
import dev.tandem.knowledge.index.Candidates;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.index.Scope;
import dev.tandem.knowledge.index.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Candidates from the index, scores, authorisation, and again with more candidates where too much dropped out. */
final class ChannelSearcher implements Searcher {

    enum Channels {
        LEXICAL,
        DENSE,
        BOTH
    }

    /** Both channels rank well below where they agree; fewer lose what only the other channel's score lifts up. */
    private static final int FEWEST_CANDIDATES = 100;

    private static final int MORE_AT_EACH_REFILL = 4;

    private final Channels channels;
    private final Indexes indexes;
    private final @Nullable Function<Encoder, Embedder> encoders;
    private final Authority authority;
    private final @Nullable Fusion fusion;

    /**
     * @param encoders opens the encoder of an index; null where meaning is not asked for
     * @param fusion null for what was tuned for the collection, or is usual
     */
    ChannelSearcher(
            Channels channels,
            Indexes indexes,
            @Nullable Function<Encoder, Embedder> encoders,
            Authority authority,
            @Nullable Fusion fusion) {
        this.channels = channels;
        this.indexes = indexes;
        this.encoders = encoders;
        this.authority = authority;
        this.fusion = fusion;
    }

    @Override
    public List<Hit> search(Query query) {
        var index = indexes.of(query.asker(), query.collection()).orElseThrow(() -> withoutIndex(query));
        try {
            return search(query, index);
        } catch (Failure e) {
            // The encoder may have been changed since, and the vectors of the one before let go.
            var now = e.kind() == Failure.Kind.BROKEN
                    ? indexes.of(query.asker(), query.collection()).orElse(index)
                    : index;
            if (now == index) {
                throw e;
            }
            return search(query, now);
        }
    }

    private List<Hit> search(Query query, CollectionIndex index) {
        Fusion by = fusion != null
                ? fusion
                : authority
                        .retrieval(query.collection())
                        .map(tuned -> Fusion.standard().weighing(tuned.lexicalWeight()))
                        .orElse(Fusion.standard());
        var scope = new Scope(authority.readableAccessSets(query.asker()), query.filter());
        try (Snapshot snapshot = index.snapshot()) {
            String words = channels == Channels.DENSE ? null : query.text();
            Supplier<float[]> meaning = meaning(query, index.encoder(), snapshot);
            List<Hit> hits = List.of();
            boolean complete = false;
            for (int most = Math.max(FEWEST_CANDIDATES, 2 * query.limit());
                    hits.size() < query.limit() && !complete;
                    most *= MORE_AT_EACH_REFILL) {
                Candidates candidates = snapshot.candidates(words, meaning, scope, most);
                complete = candidates.complete();
                hits = authorised(query, snapshot, ranked(candidates, index.encoder(), by));
            }
            if (hits.isEmpty() && !readsAnything(query, scope, snapshot)) {
                throw missing(query);
            }
            return hits;
        }
    }

    /**
     * The question as a vector by the index's own encoder, where this searcher and the index have a use for one. It is made
     * while the words are looked up, for it takes longer than everything else.
     */
    private @Nullable Supplier<float[]> meaning(Query query, Encoder of, Snapshot snapshot) {
        var opening = encoders;
        if (opening == null || snapshot.vectors() == 0) {
            return null;
        }
        return Ahead.of(() -> authority
                .guard(opening.apply(of), query.collection())
                .embed(List.of(query.text()), Embedder.Role.QUERY)
                .getFirst());
    }

    private record Ranked(Candidate candidate, double score, Hit.Channel lexical, Hit.Channel dense) {}

    private List<Ranked> ranked(Candidates candidates, Encoder encoder, Fusion by) {
        // Where the encoder cannot read the question, it cannot tell which English passage is near it either.
        boolean reads = channels == Channels.DENSE || encoder.knows(candidates.question());
        return candidates.all().stream()
                .map(candidate -> ranked(candidate, reads && encoder.knows(candidate.language()), by))
                .filter(each -> channels != Channels.DENSE || !each.dense().equals(Hit.Channel.NONE))
                .sorted(Comparator.comparingDouble((Ranked each) -> -order(each))
                        .thenComparingDouble(each ->
                                channels == Channels.LEXICAL ? -each.candidate().bm25() : 0)
                        .thenComparing(each -> each.candidate().chunkId()))
                .toList();
    }

    /** @param known whether the encoder knows the chunk's language; where it does not, the words have all the weight */
    private Ranked ranked(Candidate candidate, boolean known, Fusion by) {
        double lexical = by.lexical(candidate.bm25(), candidate.attainable());
        double dense = known ? by.dense(candidate.cosine()) : 0;
        double score = switch (channels) {
            case LEXICAL -> lexical;
            case DENSE -> dense;
            case BOTH -> known ? by.fused(lexical, dense) : lexical;
        };
        return new Ranked(
                candidate,
                score,
                new Hit.Channel(candidate.bm25(), lexical, candidate.lexicalRank()),
                known ? new Hit.Channel(candidate.cosine(), dense, candidate.denseRank()) : Hit.Channel.NONE);
    }

    /** One channel alone ranks by its raw score, of words over what their language could attain: normalising cuts off its ends. */
    private double order(Ranked each) {
        return switch (channels) {
            case LEXICAL -> each.candidate().bm25() / each.candidate().attainable();
            case DENSE -> each.candidate().cosine();
            case BOTH -> each.score();
        };
    }

    /** The best that are live and readable now; asks the catalog about no more documents than it takes. */
    private List<Hit> authorised(Query query, Snapshot snapshot, List<Ranked> ranked) {
        var hits = new ArrayList<Hit>();
        var asked = new HashSet<String>();
        var known = new HashMap<String, DocumentRef>();
        int next = 0;
        while (hits.size() < query.limit() && next < ranked.size()) {
            List<Ranked> batch = ranked.subList(next, Math.min(ranked.size(), next + query.limit() - hits.size()));
            next += batch.size();
            known.putAll(readable(query, batch, asked));
            for (Ranked each : batch) {
                DocumentRef document = known.get(each.candidate().documentId());
                if (document != null && document.version() == each.candidate().version()) {
                    hits.add(new Hit(
                            document,
                            snapshot.chunk(each.candidate()),
                            hits.size() + 1,
                            each.score(),
                            each.lexical(),
                            each.dense()));
                }
            }
        }
        return hits;
    }

    private Map<String, DocumentRef> readable(Query query, List<Ranked> batch, Set<String> asked) {
        Set<String> ids = new LinkedHashSet<>();
        for (Ranked each : batch) {
            if (asked.add(each.candidate().documentId())) {
                ids.add(each.candidate().documentId());
            }
        }
        return ids.isEmpty() ? Map.of() : authority.readable(query.asker(), ids);
    }

    private boolean readsAnything(Query query, Scope scope, Snapshot snapshot) {
        return snapshot.anyDocument(
                scope.accessSets(),
                ids -> !authority.readable(query.asker(), ids).isEmpty());
    }

    /** An index is a view, and its folder may have been deleted. */
    private Failure withoutIndex(Query query) {
        return authority.readsAny(query.asker(), query.collection())
                ? new Failure(
                        Failure.Kind.BROKEN,
                        "The index of the collection '" + Printable.of(query.collection()) + "' is missing.",
                        "Build it again from the catalog, which embeds nothing anew: tandem repair.")
                : missing(query);
    }

    private static Failure missing(Query query) {
        return new Failure(
                Failure.Kind.MISSING,
                "There is no collection '" + Printable.of(query.collection()) + "' that you may read anything of.",
                "See what you may read with tandem status, or add documents with tandem ingest PATH --collection "
                        + Printable.of(query.collection()) + ".");
    }
}
