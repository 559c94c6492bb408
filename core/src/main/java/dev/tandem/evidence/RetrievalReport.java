package dev.tandem.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.measure.Interval;
import dev.tandem.measure.Percentiles;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How well a suite's documents were found, per mode, in the order the modes were given.
 *
 * @param paired {@code hybrid-lexical} and its like: nDCG@10 of the last mode minus that of another, case by case
 * @param ingest what it took to get the corpus in; null where the corpus was there already
 */
public record RetrievalReport(
        String suite,
        int documents,
        int queries,
        SequencedMap<String, Mode> modes,
        SequencedMap<String, Interval> paired,
        @Nullable Ingest ingest) {

    /**
     * Means over the queries with their 95% intervals.
     *
     * @param latency of one search, in milliseconds
     */
    public record Mode(
            Interval ndcgAt10,
            Interval precisionAt5,
            Interval recallAt5,
            Interval recallAt10,
            Interval recallAt100,
            Interval mrrAt10,
            Percentiles latency) {}

    public record Ingest(double seconds, double tokensPerSecond) {}

    public RetrievalReport {
        modes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(modes));
        paired = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(paired));
    }

    public RetrievalReport with(Ingest ingest) {
        return new RetrievalReport(suite, documents, queries, modes, paired, ingest);
    }

    /** One line: {@code {"suite","documents","queries","modes":{…},"paired":{…},"ingest":{…}}}. */
    public String toJson() {
        ObjectNode json = Figures.object();
        json.put("suite", suite);
        json.put("documents", documents);
        json.put("queries", queries);
        ObjectNode perMode = json.putObject("modes");
        modes.forEach((name, mode) -> perMode.set(name, json(mode)));
        ObjectNode differences = json.putObject("paired");
        paired.forEach((name, difference) -> differences.set(name, Figures.json(difference)));
        if (ingest != null) {
            ObjectNode cost = json.putObject("ingest");
            cost.put("seconds", Figures.rounded(ingest.seconds(), 2));
            cost.put("tokens_per_second", Figures.rounded(ingest.tokensPerSecond(), 0));
        }
        return json.toString();
    }

    private static ObjectNode json(Mode mode) {
        ObjectNode json = Figures.object();
        json.set("ndcg@10", Figures.json(mode.ndcgAt10()));
        json.set("precision@5", Figures.json(mode.precisionAt5()));
        json.set("recall@5", Figures.json(mode.recallAt5()));
        json.set("recall@10", Figures.json(mode.recallAt10()));
        json.set("recall@100", Figures.json(mode.recallAt100()));
        json.set("mrr@10", Figures.json(mode.mrrAt10()));
        json.set("latency_ms", Figures.json(mode.latency()));
        return json;
    }
}
