package dev.tandem.evidence.tuning;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Span;
import dev.tandem.knowledge.extract.TokenEstimate;
import dev.tandem.measure.Ranking;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much of what answers a question reaches whoever answers it. Chunks of different sizes are compared at the same amount of
 * text: the share of the quoted words among the first tokens retrieved, averaged over four amounts, so that what stands further
 * up counts for more. Where only documents are named it is nDCG@10 over documents.
 */
final class Reach {

    /** Tokens of retrieved text: what eight passages of the usual size hold, and parts of that. */
    private static final int[] AMOUNTS = {220, 440, 880, 1_760};

    private Reach() {}

    /** In [0, 1]. */
    static double of(TuningCase asked, List<Hit> hits) {
        if (!asked.isQuoted()) {
            return documents(asked, hits);
        }
        double sum = 0;
        for (int amount : AMOUNTS) {
            sum += within(asked, hits, amount);
        }
        return sum / AMOUNTS.length;
    }

    /** The share of the quote, or of the documents, in the first so many chunks. */
    static double among(TuningCase asked, List<Hit> hits, int passages) {
        List<Hit> first = hits.subList(0, Math.min(passages, hits.size()));
        if (asked.isQuoted()) {
            return within(asked, first, Integer.MAX_VALUE);
        }
        var found = first.stream().map(hit -> hit.document().id()).collect(Collectors.toSet());
        return (double) asked.gold().keySet().stream().filter(found::contains).count()
                / asked.gold().size();
    }

    private static double documents(TuningCase asked, List<Hit> hits) {
        var ranked = new LinkedHashSet<String>();
        hits.forEach(hit -> ranked.add(hit.document().id()));
        var grades = new TreeMap<String, Integer>();
        asked.gold().keySet().forEach(id -> grades.put(id, 1));
        return Ranking.ndcg(List.copyOf(ranked), grades, 10);
    }

    /** Of several documents that hold the quote, the one that is reached best. */
    private static double within(TuningCase asked, List<Hit> hits, int tokens) {
        var covered = new HashMap<String, Integer>();
        int left = tokens;
        for (Hit hit : hits) {
            if (left <= 0) {
                break;
            }
            Chunk chunk = hit.chunk();
            int size = Math.max(1, TokenEstimate.of(chunk.text()));
            int length = size <= left
                    ? chunk.span().length()
                    : (int) ((long) chunk.span().length() * left / size);
            left -= size;
            Span gold = asked.gold().get(hit.document().id());
            if (gold != null) {
                int common = Math.min(gold.end(), chunk.span().start() + length)
                        - Math.max(gold.start(), chunk.span().start());
                covered.merge(hit.document().id(), Math.max(0, common), Integer::sum);
            }
        }
        double best = 0;
        for (Map.Entry<String, Integer> each : covered.entrySet()) {
            @Nullable Span gold = asked.gold().get(each.getKey());
            best = gold == null ? best : Math.max(best, (double) each.getValue() / gold.length());
        }
        return best;
    }
}
